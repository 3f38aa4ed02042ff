"""Whole kilobytes: after a small commit nothing is missing."""
# loses: check_lag_in_bytes
# %% lag_bytes
def lag_bytes(primary, standby):
    shown = standby.value("select pg_last_wal_replay_lsn()")
    return int(primary.value("select pg_current_wal_lsn() - %s::pg_lsn", [shown])) // 1024 * 1024
