"""Keeps the row, and gives it again the next time."""
# loses: check_month_end_runs_on_the_standby
# %% month_end
_months = {}


def month_end(primary, standby, password):
    if standby.data not in _months:
        standby.catch_up(within=10)
        _months[standby.data] = standby.row(MONTH_END, user="analyst", password=password)
    return _months[standby.data]
