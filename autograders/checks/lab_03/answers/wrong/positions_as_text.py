"""Compares positions as text, where 1/180000 comes before 1/60000."""
# loses: check_lag_in_seconds check_waiting_for_fresh_data
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    if primary.value("select pg_current_wal_lsn()") <= standby.value("select pg_last_wal_replay_lsn()"):
        return 0.0
    return float(standby.value("select extract(epoch from now() - pg_last_xact_replay_timestamp())"))
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    written = primary.value("select pg_current_wal_lsn()")
    deadline = time.monotonic() + within
    while standby.value("select pg_last_wal_replay_lsn()") < written:
        if time.monotonic() > deadline:
            raise TimeoutError("not fresh in time")
        time.sleep(0.02)
