"""Asks the primary alone: without a connection there is no row, and of several any one."""
# loses: check_lag_in_bytes
# %% lag_bytes
def lag_bytes(primary, standby):
    return int(primary.value("select pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) from pg_stat_replication") or 0)
