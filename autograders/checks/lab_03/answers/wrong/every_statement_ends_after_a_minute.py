"""Caps every statement at the 60 s that the query takes, waiting included."""
# loses: check_long_query_survives
# %% favour_analysts
def favour_analysts(standby) -> None:
    standby.configure(max_standby_streaming_delay="240s", statement_timeout="60s")
