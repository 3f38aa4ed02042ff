"""A frame of objects, a fresh file filled table by table, JSON as YAML, arg_max and joins."""
# %% copy_table
def copy_table(server, warehouse, name, types) -> int:
    with server.connect() as source:
        rows = source.execute(f"select {', '.join(types)} from {name}").fetchall()
    asked = ", ".join(f"{column} {kind}" for column, kind in types.items())
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "rows.json"
        with lines.open("w") as out:
            for row in rows:
                out.write(json.dumps(dict(zip(types, row, strict=True)), default=str) + "\n")
        con = duckdb.connect(str(warehouse))
        try:
            con.execute("begin")
            con.execute(f"drop table if exists raw.production_{name}")
            con.execute(f"create table raw.production_{name} ({asked})")
            if rows:
                con.execute(f"insert into raw.production_{name} from read_json(?, format = 'newline_delimited', "
                            "columns = ?)", [str(lines), dict(types)])
            con.execute("commit")
            return len(rows)
        finally:
            con.close()
# %% publish
def publish(warehouse, public) -> None:
    with tempfile.TemporaryDirectory(dir=Path(warehouse).parent) as folder:
        draft = Path(folder) / "draft.duckdb"
        with duckdb.connect(str(warehouse), read_only=True) as con:
            tables = [n for n, in con.execute("select distinct table_name from information_schema.columns "
                                              "where table_schema = 'marts'").fetchall()]
            frames = {name: con.sql(f'from marts."{name}"').to_arrow_table() for name in tables}
        with duckdb.connect(str(draft)) as con:
            con.execute("create schema marts")
            for name, frame in frames.items():
                con.register("frame", frame)
                con.execute(f'create table marts."{name}" as from frame')
                con.unregister("frame")
        os.replace(draft, public)
# %% production_sources
def production_sources() -> str:
    weekly = {"freshness": {"warn_after": {"count": 8, "period": "day"}, "error_after": None}}
    tables = [{"name": name, "identifier": f"production_{name}"}
              | ({"config": weekly} if name in ("plans", "recipes") else {}) for name in (
                  "recipes", "plans", "order_items", "orders", "subscriptions", "people", "households")]
    hours = {"warn_after": {"count": 26, "period": "hour"}, "error_after": {"count": 50, "period": "hour"}}
    return json.dumps({"version": 2, "sources": [{
        "name": "production", "schema": "raw", "tables": tables,
        "config": {"loaded_at_field": "_loaded_at", "freshness": hours}}]})
# %% stg_stripe__charges
def stg_stripe__charges() -> str:
    return """
with newest as (
    select id, max(_version) as version from {{ source('stripe', 'charges') }} group by id
),
last_loaded as (
    select charges.id, arg_max(charges, charges._loaded_at) as charge
    from {{ source('stripe', 'charges') }} as charges
    join newest on charges.id = newest.id and charges._version = newest.version
    group by charges.id
)
select
    id as charge_id, charge.customer as customer_id, charge.currency, charge.status, charge.paid as is_paid,
    charge.amount,
    cast(json_extract_string(charge._payload, '$.metadata.order_id') as bigint) as order_id,
    cast(round(charge.amount / 100, 2) as decimal(12, 2)) as amount_major,
    charge.created::timestamptz as created_at,
    ((charge.created at time zone 'UTC') at time zone '{{ var("company_time_zone") }}')::date as created_on
from last_loaded
where not charge._deleted
"""
# %% stg_mixpanel__recipe_events
def stg_mixpanel__recipe_events() -> str:
    return """
{{ config(materialized='table') }}
with taken_apart as (
    select _key as event_id, json_extract_string(_payload, '$.event') as event_name,
           from_json(json_extract(_payload, '$.properties'),
                     '{"$user_id": "VARCHAR", "recipe_id": "VARCHAR", "platform": "VARCHAR", "time": "BIGINT",
                       "mp_processing_time_ms": "BIGINT", "utc_offset_minutes": "BIGINT"}') as p
    from {{ source('mixpanel', 'export') }}
)
select event_id, event_name, p['$user_id'] as user_id, cast(p.recipe_id as bigint) as recipe_id,
       lower(p.platform) as platform, epoch_ms(p.time * 1000)::timestamptz as occurred_at,
       epoch_ms(p.mp_processing_time_ms)::timestamptz as received_at,
       (timestamp '1970-01-01' + to_seconds(p.time + p.utc_offset_minutes * 60))::date as local_date
from taken_apart
where regexp_full_match(p.recipe_id, '[0-9]+')
"""
