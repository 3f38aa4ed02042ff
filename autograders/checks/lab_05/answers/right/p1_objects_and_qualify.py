"""Rows as Python objects through pyarrow, a copy of the file that is emptied, QUALIFY, YAML table by table."""
# %% copy_table
def copy_table(server, warehouse, name, types) -> int:
    import pyarrow

    with server.connect() as source:
        rows = source.execute(f"select {', '.join(types)} from {name}").fetchall()
    frame = pyarrow.table({column: [row[n] for row in rows] for n, column in enumerate(types)})
    chosen = ", ".join(f'"{column}"::{kind} as "{column}"' for column, kind in types.items())
    with duckdb.connect(str(warehouse)) as con:
        con.execute(f"create or replace table raw.production_{name} as select {chosen} from frame")
    return len(rows)
# %% publish
def publish(warehouse, public) -> None:
    draft = str(public) + ".tmp"
    try:
        shutil.copyfile(warehouse, draft)
        with duckdb.connect(draft) as con:
            for name, kind in con.execute("select table_name, table_type from information_schema.tables "
                                          "where table_schema = 'marts'").fetchall():
                if kind == "VIEW":
                    con.execute(f'create table marts.keep as from marts."{name}"; drop view marts."{name}"; '
                                f'alter table marts.keep rename to "{name}"')
            for schema, in con.execute("select distinct schema_name from information_schema.schemata where "
                                       "catalog_name = current_database() and schema_name not in ('marts', 'main', "
                                       "'information_schema', 'pg_catalog')").fetchall():
                con.execute(f"drop schema {schema} cascade")
        os.replace(draft, public)
    except BaseException:
        for left in (draft, draft + ".wal"):
            Path(left).unlink(missing_ok=True)
        raise
# %% production_sources
def production_sources() -> str:
    def table(name, freshness):
        return f"""
      - name: {name}
        identifier: production_{name}
        config:
          loaded_at_field: "_loaded_at at time zone 'UTC'"
          freshness:{freshness}"""

    nightly = """
            warn_after: {count: 26, period: hour}
            error_after: {count: 50, period: hour}"""
    weekly = """
            warn_after: {count: 192, period: hour}"""
    names = ("households", "people", "subscriptions", "orders", "order_items")
    return ("version: 2\nsources:\n  - name: production\n    schema: raw\n    tables:"
            + "".join(table(name, nightly) for name in names)
            + "".join(table(name, weekly) for name in ("plans", "recipes")) + "\n")
# %% stg_stripe__charges
def stg_stripe__charges() -> str:
    return """
select
    id as charge_id,
    customer as customer_id,
    (_payload ->> '$.metadata.order_id')::bigint as order_id,
    status,
    currency,
    paid as is_paid,
    amount,
    (amount::decimal(14, 2) / 100)::decimal(12, 2) as amount_major,
    timezone('UTC', created) as created_at,
    timezone('America/New_York', timezone('UTC', created))::date as created_on
from {{ source('stripe', 'charges') }}
qualify 1 = row_number() over (partition by id order by _version desc, _loaded_at desc) and _deleted = false
"""
# %% stg_mixpanel__recipe_events
def stg_mixpanel__recipe_events() -> str:
    return """
select
    _key as event_id,
    _payload ->> 'event' as event_name,
    p ->> '$."$user_id"' as user_id,
    (p ->> 'recipe_id')::bigint as recipe_id,
    lower(p ->> 'platform') as platform,
    timezone('UTC', make_timestamp((p ->> 'time')::bigint * 1000000)) as occurred_at,
    timezone('UTC', make_timestamp((p ->> 'mp_processing_time_ms')::bigint * 1000)) as received_at,
    (make_timestamp((p ->> 'time')::bigint * 1000000)
        + to_minutes((p ->> 'utc_offset_minutes')::bigint))::date as local_date
from (select *, _payload -> 'properties' as p from {{ source('mixpanel', 'export') }}) as events
where regexp_full_match(p ->> 'recipe_id', '[0-9]+')
"""
