"""Fresh and on the standby, but as postgres."""
# loses: check_month_end_runs_on_the_standby
# %% month_end
def month_end(primary, standby, password) -> tuple:
    standby.catch_up(within=10)
    return standby.row(MONTH_END)
