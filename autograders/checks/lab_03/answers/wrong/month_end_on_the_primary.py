"""Fresh, and on the server that was to be spared."""
# loses: check_month_end_runs_on_the_standby
# %% month_end
def month_end(primary, standby, password) -> tuple:
    return primary.row(MONTH_END, user="analyst", password=password)
