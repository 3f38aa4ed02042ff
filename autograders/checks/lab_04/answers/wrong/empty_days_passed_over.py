"""A day without events is not loaded."""
# loses: check_every_day_is_loaded, check_a_broken_day_ends_the_run
# %% load_days
def load_days(position, first, last, look_back, read, load) -> None:
    day = first
    if position is not None:
        day = max(first, position - timedelta(days=look_back))
    while day <= last:
        if rows := read(day):
            load(rows, day if position is None else max(day, position))
        day += timedelta(days=1)
