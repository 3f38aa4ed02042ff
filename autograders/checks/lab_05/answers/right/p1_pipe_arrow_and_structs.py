"""A pipe between two threads, Arrow between two files, JSON for YAML, structs and maxima."""
# %% copy_table
import threading

def copy_table(server, warehouse, name, types) -> int:
    listed = lambda kind: kind.endswith("[]")
    picked = ", ".join(f'to_json("{c}")' if listed(t) else f'"{c}"' for c, t in types.items())
    with tempfile.TemporaryDirectory() as folder:
        pipe = os.path.join(folder, "pipe.csv")
        os.mkfifo(pipe)

        def pump():
            with open(pipe, "wb", buffering=0) as out, server.connect() as source:
                asked = f'copy (select {picked} from "{name}") to stdout (format csv)'
                with source.cursor().copy(asked) as rows:
                    for chunk in rows:
                        out.write(chunk)

        writer = threading.Thread(target=pump)
        writer.start()
        with duckdb.connect(str(warehouse)) as con:
            con.execute("begin")
            con.execute(f'drop table if exists raw."production_{name}"')
            columns = ", ".join(f'"{c}" {t}' for c, t in types.items())
            con.execute(f'create table raw."production_{name}" ({columns})')
            texts = {c: "varchar" for c in types}
            casts = ", ".join(f'"{c}"::json::{t}' if listed(t) else f'"{c}"::{t}' for c, t in types.items())
            (rows,), = con.execute(
                f'insert into raw."production_{name}" select {casts} from read_csv(?, header = false, '
                f"columns = {texts}, nullstr = '', allow_quoted_nulls = false, auto_detect = false, parallel = false, "
                "quote = '\"', escape = '\"', delim = ',')", [pipe]).fetchall()
            con.execute("commit")
        writer.join()
    return rows

# %% publish
def publish(warehouse, public) -> None:
    public = os.path.abspath(os.fspath(public))
    folder = tempfile.mkdtemp(prefix=".publish-", dir=os.path.dirname(public))
    try:
        fresh = os.path.join(folder, "fresh.duckdb")
        source = duckdb.connect(os.fspath(warehouse), read_only=True)
        target = duckdb.connect(fresh)
        try:
            target.execute("create schema marts")
            found = source.execute("select table_name from information_schema.tables where table_schema = 'marts' "
                                   "and table_catalog = current_catalog()")
            for name in [row[0] for row in found.fetchall()]:
                quoted = 'marts."' + name.replace('"', '""') + '"'
                types = source.execute(f"describe {quoted}").fetchall()
                columns = ", ".join('"' + c[0].replace('"', '""') + '" ' + c[1] for c in types)
                target.execute(f"create table {quoted} ({columns})")
                rows = source.sql(f"from {quoted}").arrow()
                target.register("rows", rows)
                target.execute(f"insert into {quoted} from rows")
                target.unregister("rows")
        finally:
            source.close()
            target.close()
        os.replace(fresh, public)
    finally:
        shutil.rmtree(folder)

# %% production_sources
def production_sources() -> str:
    minutes = lambda count: {"count": count, "period": "minute"}
    day = {"warn_after": minutes(26 * 60), "error_after": minutes(3000)}
    week = {"warn_after": {"count": 192, "period": "hour"}}
    ages = dict.fromkeys(["households", "people", "subscriptions", "orders", "order_items"], day)
    ages |= dict.fromkeys(["plans", "recipes"], week)
    field = "timezone('UTC', _loaded_at)"
    tables = [{"name": name, "identifier": "production_" + name,
               "config": {"loaded_at_field": field, "freshness": age}} for name, age in ages.items()]
    return json.dumps({"version": 2, "sources": [{"name": "production", "schema": "raw", "tables": tables}]})

# %% stg_stripe__charges
def stg_stripe__charges() -> str:
    return """
{%- set order_id = json_text('last._payload', ['metadata', 'order_id']) -%}
select last.id as charge_id, last.customer as customer_id, last.status, last.currency,
    nullif({{ order_id }}, '')::bigint as order_id, last.paid as is_paid, last.amount,
    (last.amount / 100.0)::decimal(12, 2) as amount_major,
    timezone('UTC', last.created) as created_at,
    strftime(timezone('{{ var("company_time_zone") }}', timezone('UTC', last.created)),
        '%Y-%m-%d')::date as created_on
from (
    select arg_max(c, struct_pack(v := c._version, l := c._loaded_at)) as last
    from {{ source('stripe', 'charges') }} as c
    group by c.id
) where last._deleted is not true
"""

# %% stg_mixpanel__recipe_events
def stg_mixpanel__recipe_events() -> str:
    return """
select
    _key as event_id,
    said.event as event_name,
    said.properties['$user_id'] as user_id,
    cast(said.properties.recipe_id as bigint) as recipe_id,
    lower(said.properties.platform) as platform,
    timestamptz '1970-01-01 00:00:00+00' + to_seconds(said.properties.time) as occurred_at,
    timestamptz '1970-01-01 00:00:00+00' + to_milliseconds(said.properties.mp_processing_time_ms) as
        received_at,
    (timestamp '1970-01-01' + to_seconds(said.properties.time) +
        to_minutes(said.properties.utc_offset_minutes::bigint))::date as local_date
from (
    select _key, json_transform(_payload, '{"event": "VARCHAR", "properties": {"$user_id": "VARCHAR",
        "recipe_id": "VARCHAR",
        "platform": "VARCHAR", "time": "BIGINT", "mp_processing_time_ms": "BIGINT",
            "utc_offset_minutes": "BIGINT"}}') as said
    from {{ source('mixpanel', 'export') }}
)
where regexp_matches(said.properties.recipe_id, '^-?[0-9]+$')
"""
