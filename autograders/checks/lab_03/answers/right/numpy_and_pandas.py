"""numpy and pandas types come back, positions are subtracted in Python, and the analyst's rights come from a group."""
# %% p95
import numpy as np
import pandas as pd

def p95(milliseconds) -> float:
    return np.percentile(milliseconds, 95)
# %% create_replicator
def create_replicator(primary, password) -> None:
    roles = pd.DataFrame(primary.rows("select rolname from pg_roles"), columns=["name"])
    verb = "alter" if (roles.name == "replicator").any() else "create"
    primary.execute(f"{verb} user replicator login replication nosuperuser nocreatedb nocreaterole nobypassrls encrypted password $pw${password}$pw$")
# %% is_replicating
def is_replicating(primary, standby) -> bool:
    senders = pd.DataFrame(primary.rows("select pid, state from pg_stat_replication"), columns=["pid", "state"])
    receivers = pd.DataFrame(standby.rows("select pid, status from pg_stat_wal_receiver"), columns=["pid", "status"])
    return np.bool_((senders.state == "streaming").any() and (receivers.status == "streaming").any())
# %% lag_bytes
def lsn(text):
    high, low = text.split("/")
    return np.int64(int(high, 16) << 32) + np.int64(int(low, 16))

def lag_bytes(primary, standby) -> int:
    behind = standby.wal_position()
    return max(lsn(primary.wal_position()) - lsn(behind), np.int64(0))
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    with primary.connect() as p, standby.connect() as s:
        replayed, at = s.execute("select pg_last_wal_replay_lsn()::text, pg_last_xact_replay_timestamp()").fetchone()
        written, = p.execute("select pg_current_wal_lsn()::text").fetchone()
    number = lambda text: int("".join(part.rjust(8, "0") for part in text.split("/")), 16)
    if number(replayed) >= number(written):
        return 0
    return np.float64((pd.Timestamp.now(tz="UTC") - pd.Timestamp(at)).total_seconds())
# %% create_analyst
def create_analyst(primary, password) -> None:
    columns = {"plans": "*", "recipes": "*", "subscriptions": "*", "orders": "*", "order_items": "*",
               "households": "id, city, postcode_area, country, channel, signed_up_at", "people": "id, household_id, is_owner, created_at"}
    there = [name for name, in primary.rows("select rolname from pg_roles")]
    if "readers" not in there:
        primary.execute("create role readers nologin")
    for table, names in columns.items():
        primary.execute(f"grant select {'' if names == '*' else f'({names})'} on {table} to readers")
    if "analyst" not in there:
        primary.execute("create role analyst")
    primary.execute("alter role analyst nosuperuser nocreatedb nocreaterole noreplication nobypassrls")
    primary.execute(f"alter role analyst login connection limit 3 password $pw${password}$pw$")
    primary.execute("revoke all on all tables in schema public from analyst")
    primary.execute("grant readers to analyst")
    primary.execute("alter role analyst set statement_timeout to '120 s'")
    primary.execute("alter role analyst set idle_in_transaction_session_timeout to 60000")
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes) -> list:
    slots = pd.DataFrame(primary.rows("select slot_name, coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0) "
                                      "from pg_replication_slots order by 1"), columns=["name", "kept"])
    return slots[slots.kept.astype(float) > warn_bytes].name
# %% month_end
def month_end(primary, standby, password) -> tuple:
    standby.catch_up(within=10)
    return pd.DataFrame(standby.rows(MONTH_END, user="analyst", password=password)).iloc[0]
# %% back_up
def back_up(primary, table) -> str:
    return primary.run("pg_dump", "--inserts", f"--table={table}", "--dbname=" + primary.conninfo("postgres", "teaspoon"),
                       password=primary.password)

def restore(primary, dump) -> None:
    lines = [line for line in dump.splitlines() if not line.startswith("\\")]
    primary.execute("\n".join(lines))
