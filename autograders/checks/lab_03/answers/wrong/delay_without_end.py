"""-1: a query may hold recovery up for ever."""
# loses: check_long_query_survives
# %% favour_analysts
def favour_analysts(standby) -> None:
    standby.configure(max_standby_streaming_delay="-1")
