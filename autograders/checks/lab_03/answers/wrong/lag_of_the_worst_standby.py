"""The worst standby of those the primary sends to; asks this one only if there is none."""
# loses: check_lag_in_bytes
# %% lag_bytes
def lag_bytes(primary, standby) -> int:
    worst = primary.value("select max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) from pg_stat_replication")
    if worst is None:
        replayed = standby.value("select pg_last_wal_replay_lsn()")
        worst = primary.value("select pg_wal_lsn_diff(pg_current_wal_lsn(), %s)", [replayed])
    return int(worst)
