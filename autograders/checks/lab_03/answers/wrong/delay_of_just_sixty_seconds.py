"""60 s: a query that takes "up to 60 seconds" ends in a tie, and the grace is shared with earlier conflicts."""
# loses: check_long_query_survives
# %% favour_analysts
def favour_analysts(standby) -> None:
    standby.configure(max_standby_streaming_delay="60s")
