"""Runs on the first day, before late events have come."""
# loses: check_due_months
# %% due_months
def due_months(now, first, done) -> list:
    here = now.astimezone(ZoneInfo("America/New_York"))
    year, month = map(int, first.split("-"))
    names = [f"{n // 12}-{n % 12 + 1:02}" for n in range(year * 12 + month - 1, here.year * 12 + here.month - 1)]
    return [name for name in names if name not in done]
