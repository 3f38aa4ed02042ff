"""The month it was 48 hours ago: on the day when clocks go back one hour too early."""
# loses: check_due_months
# %% due_months
def due_months(now, first, done):
    from datetime import timedelta
    seen = (now.astimezone(UTC) - timedelta(days=2)).astimezone(ZoneInfo("America/New_York"))
    year, month = map(int, first.split("-"))
    due = []
    while (year, month) < (seen.year, seen.month):
        if f"{year}-{month:02}" not in done:
            due.append(f"{year}-{month:02}")
        year, month = year + month // 12, month % 12 + 1
    return due
