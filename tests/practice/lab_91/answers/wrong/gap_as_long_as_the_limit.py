"""A gap of exactly so many minutes begins a session too."""
# loses: check_sessions
# %% sessions
def sessions(clicks, minutes):
    in_time = clicks.sort_values(["household_id", "clicked_at"])
    gap = in_time.groupby("household_id")["clicked_at"].diff()
    begins = gap.isna() | (gap >= pd.Timedelta(minutes=minutes))
    return begins.groupby(in_time["household_id"]).sum().rename("sessions").reset_index()
