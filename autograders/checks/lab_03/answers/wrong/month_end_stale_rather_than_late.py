"""Waits a second for fresh data, then reads what there is."""
# loses: check_month_end_runs_on_the_standby
# %% month_end
def month_end(primary, standby, password):
    try:
        standby.catch_up(within=1)
    except TimeoutError:
        pass
    return standby.row(MONTH_END, user="analyst", password=password)
