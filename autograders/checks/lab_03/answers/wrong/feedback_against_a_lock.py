"""Feedback alone, which does nothing against the lock of a release."""
# loses: check_long_query_survives
# %% favour_analysts
def favour_analysts(standby) -> None:
    standby.configure(hot_standby_feedback="on")
