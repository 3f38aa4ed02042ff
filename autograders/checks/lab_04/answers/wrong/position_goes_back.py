"""Keeps the day that was read again, which lies before the position."""
# loses: check_every_day_is_loaded
# %% load_days
def load_days(position, first, last, look_back, read, load) -> None:
    day = first
    if position is not None:
        day = max(first, position - timedelta(days=look_back))
    while day <= last:
        load(read(day), day)
        day += timedelta(days=1)
