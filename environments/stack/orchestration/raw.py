"""From where ingestion lands its rows, a schema for each source, to the raw tables that dbt reads.

A raw table keeps what its source forgets: Stripe's events older than 30 days stay. Repeating it changes nothing.
"""

import duckdb

from environments.stack.landing import STRIPE, SUBSCRIPTION_EVENTS

STREAMS = {"stripe": (*STRIPE, "events"), "mixpanel": ("export",), "amplitude": ("export",)}
ONLY = {("stripe", "events"): f"starts_with(type, '{SUBSCRIPTION_EVENTS}')"}


def carry_over(con: duckdb.DuckDBPyConnection, source: str) -> None:
    """Put what is new or changed of a source into its raw tables, all of it or nothing."""
    there = {name for name, in con.execute(
        "select table_name from information_schema.tables where table_schema = ?", [source]).fetchall()}
    con.execute("begin")
    try:
        for name in STREAMS[source]:
            if name in there:
                _carry(con, f'{source}."{name}"', f"raw.{source}_{name}", ONLY.get((source, name), "true"))
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def _carry(con: duckdb.DuckDBPyConnection, landed: str, raw: str, only: str) -> None:
    con.execute(f"create table if not exists {raw} as from {landed} limit 0")
    con.execute(f"create or replace temp table changed as select l.* from {landed} l left join {raw} r using (_key) "
                f"where ({only.replace('type', 'l.type')}) and (r._key is null or l._payload <> r._payload "
                "or l._deleted <> r._deleted)")
    con.execute(f"delete from {raw} where _key in (select _key from changed)")
    con.execute(f"insert into {raw} by name from changed")
