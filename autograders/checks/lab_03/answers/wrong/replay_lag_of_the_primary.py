"""replay_lag of pg_stat_replication, which stands still while replay does."""
# loses: check_lag_in_seconds
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    return float(primary.value("select coalesce(extract(epoch from max(replay_lag)), 0) from pg_stat_replication"))
