"""Holds all replay back, always, instead."""
# loses: check_long_query_survives
# %% favour_analysts
def favour_analysts(standby) -> None:
    standby.configure(max_standby_streaming_delay="5min", recovery_min_apply_delay="5min")
