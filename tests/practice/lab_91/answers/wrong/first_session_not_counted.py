"""Counts the gaps, one less than the sessions."""
# loses: check_sessions
# %% sessions
def sessions(clicks, minutes):
    in_time = clicks.sort_values(["household_id", "clicked_at"])
    gap = in_time.groupby("household_id")["clicked_at"].diff()
    return (gap > pd.Timedelta(minutes=minutes)).groupby(in_time["household_id"]).sum().rename("sessions").reset_index()
