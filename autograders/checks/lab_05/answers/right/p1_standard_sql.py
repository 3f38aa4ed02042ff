"""pandas with a column of objects, EXPORT of each mart through Parquet, no window, plain SQL."""
# %% copy_table
def copy_table(server, warehouse, name, types) -> int:
    with server.connect() as source:
        rows = source.execute(f"select {', '.join(types)} from {name}").fetchall()
    values = {column: pd.Series([row[n] for row in rows], dtype=object) for n, column in enumerate(types)}
    for column, kind in types.items():
        if kind.startswith(("decimal", "timestamp", "date")):
            values[column] = values[column].map(lambda value: None if value is None else str(value))
    frame = pd.DataFrame(values)
    columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
    with duckdb.connect(str(warehouse)) as con:
        con.execute("set pandas_analyze_sample = 0")
        con.execute(f"create or replace table raw.production_{name} ({columns})")
        con.execute(f"insert into raw.production_{name} select {', '.join(types)} from frame")
    return len(rows)
# %% publish
def publish(warehouse, public) -> None:
    draft = Path(public).with_suffix(".next")
    try:
        con = duckdb.connect(str(draft))
        try:
            con.execute(f"attach '{warehouse}' as build (read_only)")
            con.execute("create schema marts")
            for database, schema, name in con.execute("""
                    select database_name, schema_name, table_name from duckdb_tables() union all
                    select database_name, schema_name, view_name from duckdb_views()""").fetchall():
                if (database, schema) == ("build", "marts"):
                    con.execute(f"use build; create table next.marts.{name} as select * from build.marts.{name}".replace(
                        "next.", f'"{draft.stem}".'))
        finally:
            con.close()
        draft.rename(public)
    finally:
        draft.unlink(missing_ok=True)
# %% production_sources
def production_sources() -> str:
    return """
version: 2
sources:
  - name: production
    schema: raw
    config:
      loaded_at_query: "select max(_loaded_at) from {{ this }}"
      freshness: &daily
        warn_after: {count: 26, period: hour}
        error_after: {count: 50, period: hour}
    tables:
      - {name: households, identifier: production_households}
      - {name: people, identifier: production_people}
      - {name: subscriptions, identifier: production_subscriptions}
      - {name: orders, identifier: production_orders}
      - {name: order_items, identifier: production_order_items}
      - name: plans
        identifier: production_plans
        config: &weekly
          freshness: {warn_after: {count: 8, period: day}, error_after: }
      - name: recipes
        identifier: production_recipes
        config: *weekly
"""
# %% stg_stripe__charges
def stg_stripe__charges() -> str:
    return """
with charges as (select * from {{ source('stripe', 'charges') }})
select distinct
    c.id as charge_id, c.customer as customer_id, c.status, c.currency, c.paid as is_paid, c.amount,
    cast(json_extract_string(json_extract(c._payload, '$.metadata'), '$.order_id') as bigint) as order_id,
    cast(c.amount * 0.01 as decimal(12, 2)) as amount_major,
    c.created at time zone 'UTC' as created_at,
    cast(date_trunc('day', c.created at time zone 'UTC' at time zone 'America/New_York') as date) as created_on
from charges as c
where c._deleted is false and not exists (
    select 1 from charges as d
    where d.id = c.id and (d._version > c._version or d._version = c._version and d._loaded_at > c._loaded_at)
)
"""
