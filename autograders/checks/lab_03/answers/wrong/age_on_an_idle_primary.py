"""The age of the last commit replayed, also when nothing is missing."""
# loses: check_lag_in_seconds
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    return float(standby.value("select extract(epoch from now() - pg_last_xact_replay_timestamp())"))
