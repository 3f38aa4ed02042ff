"""The day on the wall of the machine that runs it."""
# loses: check_a_day_has_a_zone
# %% day_of
def day_of(seconds, zone) -> str:
    return datetime.fromtimestamp(seconds).date().isoformat()
