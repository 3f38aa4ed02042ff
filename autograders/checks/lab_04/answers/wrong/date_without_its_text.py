"""Returns the date itself, and not its text."""
# loses: check_a_day_has_a_zone
# %% day_of
def day_of(seconds, zone):
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).date()
