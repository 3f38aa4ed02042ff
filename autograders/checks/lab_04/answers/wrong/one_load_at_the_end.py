"""One load with everything."""
# loses: check_every_day_is_loaded, check_a_broken_day_ends_the_run
# %% load_days
def load_days(position, first, last, look_back, read, load) -> None:
    day = first
    if position is not None:
        day = max(first, position - timedelta(days=look_back))
    rows = []
    while day <= last:
        rows += read(day)
        day += timedelta(days=1)
    load(rows, last)
