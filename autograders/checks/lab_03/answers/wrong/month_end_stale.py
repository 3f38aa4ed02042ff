"""On the standby, without waiting for what was just committed."""
# loses: check_month_end_runs_on_the_standby
# %% month_end
def month_end(primary, standby, password) -> tuple:
    return standby.row(MONTH_END, user="analyst", password=password)
