"""Lag from the last position received, not replayed."""
# loses: check_lag_in_bytes
# %% lag_bytes
def lag_bytes(primary, standby) -> int:
    received = standby.value("select pg_last_wal_receive_lsn()")
    return int(primary.value("select pg_wal_lsn_diff(pg_current_wal_lsn(), %s::pg_lsn)", [received]))
