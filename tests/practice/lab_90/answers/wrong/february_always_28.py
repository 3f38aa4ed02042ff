"""Forgets the leap year."""
# loses: check_next_billing
# %% next_billing
DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

def next_billing(day):
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, DAYS[month - 1]))
