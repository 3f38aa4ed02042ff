"""Received less replayed: what is still to be sent does not count."""
# loses: check_lag_in_bytes
# %% lag_bytes
def lag_bytes(primary, standby) -> int:
    return int(standby.value("select pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())"))
