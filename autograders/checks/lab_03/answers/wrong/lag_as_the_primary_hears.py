"""What the primary hears of the standby's replay, or 0 where no standby is connected."""
# loses: check_lag_in_bytes
# %% lag_bytes
def lag_bytes(primary, standby):
    return int(primary.value("select pg_current_wal_lsn() - replay_lsn from pg_stat_replication") or 0)
