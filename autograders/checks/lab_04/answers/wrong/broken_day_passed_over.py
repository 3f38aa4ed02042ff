"""A day that cannot be read is left out, and the next ones move the position past it."""
# loses: check_a_broken_day_ends_the_run
# %% load_days
def load_days(position, first, last, look_back, read, load) -> None:
    day = first
    if position is not None:
        day = max(first, position - timedelta(days=look_back))
    while day <= last:
        try:
            load(read(day), day if position is None else max(day, position))
        except ConnectionError:
            pass
        day += timedelta(days=1)
