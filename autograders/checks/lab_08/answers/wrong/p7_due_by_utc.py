"""Takes the day of UTC, as the server's clock says it."""
# loses: check_due_months
# %% due_months
def due_months(now, first, done) -> list:
    here = now.astimezone(UTC)
    begun = here.year * 12 + here.month - 1
    year, month = map(int, first.split("-"))
    over = range(year * 12 + month - 1, begun if here.day >= 3 else begun - 1)
    names = [f"{n // 12}-{n % 12 + 1:02}" for n in over]
    return [name for name in names if name not in done]
