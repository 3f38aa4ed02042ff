"""Reads all days first: an error on the last loses them all."""
# loses: check_a_broken_day_ends_the_run
# %% load_days
def load_days(position, first, last, look_back, read, load) -> None:
    day = first
    if position is not None:
        day = max(first, position - timedelta(days=look_back))
    days = [day + timedelta(days=n) for n in range((last - day).days + 1)]
    for day, rows in [(day, read(day)) for day in days]:
        load(rows, day if position is None else max(day, position))
