"""The two positions the wrong way round."""
# loses: check_lag_in_bytes
# %% lag_bytes
def lag_bytes(primary, standby) -> int:
    replayed = standby.value("select pg_last_wal_replay_lsn()")
    return int(primary.value("select pg_wal_lsn_diff(%s::pg_lsn, pg_current_wal_lsn())", [replayed]))
