"""Compares what stands behind the slash of a position: every 4 GB of WAL it starts again at 0."""
# loses: check_lag_in_bytes check_lag_in_seconds check_waiting_for_fresh_data check_slots_at_risk
# %% lag_bytes
def lag_bytes(primary, standby) -> int:
    replayed = standby.value("select pg_last_wal_replay_lsn()::text").split("/")[1]
    written = primary.value("select pg_current_wal_lsn()::text").split("/")[1]
    return max(int(written, 16) - int(replayed, 16), 0)
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    replayed = standby.value("select pg_last_wal_replay_lsn()::text").split("/")[1]
    written = primary.value("select pg_current_wal_lsn()::text").split("/")[1]
    if int(written, 16) <= int(replayed, 16):
        return 0.0
    return float(standby.value("select extract(epoch from now() - pg_last_xact_replay_timestamp())"))
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    behind_the_slash = lambda position: int(position.split("/")[1], 16)
    written = behind_the_slash(primary.value("select pg_current_wal_lsn()::text"))
    deadline = time.monotonic() + within
    while behind_the_slash(standby.value("select pg_last_wal_replay_lsn()::text")) < written:
        if time.monotonic() > deadline:
            raise TimeoutError("not fresh in time")
        time.sleep(0.02)
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes) -> list:
    behind_the_slash = lambda position: int(position.split("/")[1], 16)
    written = behind_the_slash(primary.value("select pg_current_wal_lsn()::text"))
    slots = primary.rows("select slot_name, restart_lsn::text from pg_replication_slots where restart_lsn is not null")
    return [name for name, kept in slots if written - behind_the_slash(kept) > warn_bytes]
