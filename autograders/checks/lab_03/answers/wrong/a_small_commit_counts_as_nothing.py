"""A small order not replayed counts as nothing."""
# loses: check_lag_in_seconds
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    if lag_bytes(primary, standby) < 1000:
        return 0.0
    return float(standby.value("select extract(epoch from now() - pg_last_xact_replay_timestamp())"))
