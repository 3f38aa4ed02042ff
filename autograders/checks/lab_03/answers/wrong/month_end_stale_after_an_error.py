"""If the standby does not catch up in time, reads what it has."""
# loses: check_month_end_runs_on_the_standby
# %% month_end
def month_end(primary, standby, password):
    try:
        standby.catch_up(within=5)
    except Exception as error:
        print("not quite fresh:", error)
    return standby.row(MONTH_END, user="analyst", password=password)
