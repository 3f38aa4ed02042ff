"""Stops before the last day."""
# loses: check_every_day_is_loaded
# %% load_days
def load_days(position, first, last, look_back, read, load) -> None:
    day = first
    if position is not None:
        day = max(first, position - timedelta(days=look_back))
    while day < last:
        load(read(day), day if position is None else max(day, position))
        day += timedelta(days=1)
