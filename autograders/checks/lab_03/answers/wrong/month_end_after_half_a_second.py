"""Sleeps half a second instead of waiting until the standby is fresh."""
# loses: check_month_end_runs_on_the_standby
# %% month_end
def month_end(primary, standby, password):
    time.sleep(0.5)
    return standby.row(MONTH_END, user="analyst", password=password)
