"""extract(second) of an interval starts again at 0 every minute."""
# loses: check_lag_in_seconds
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    replayed, age = standby.row("select pg_last_wal_replay_lsn()::text, "
                                "extract(second from now() - pg_last_xact_replay_timestamp())")
    behind = primary.value("select pg_wal_lsn_diff(pg_current_wal_lsn(), %s::pg_lsn)", [replayed])
    return float(age) if behind > 0 else 0.0
