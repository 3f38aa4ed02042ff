"""Runs the last month alone: a laptop that was shut never catches up."""
# loses: check_due_months
# %% due_months
def due_months(now, first, done) -> list:
    here = now.astimezone(ZoneInfo("America/New_York"))
    n = here.year * 12 + here.month - 2 - (here.day < 3)
    name = f"{n // 12}-{n % 12 + 1:02}"
    return [name] if name >= first and name not in done else []
