"""90, meant as seconds: PostgreSQL counts milliseconds."""
# loses: check_long_query_survives
# %% favour_analysts
def favour_analysts(standby) -> None:
    standby.configure(max_standby_streaming_delay=90, hot_standby_feedback="on")
