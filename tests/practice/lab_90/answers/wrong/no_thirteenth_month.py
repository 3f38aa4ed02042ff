"""December has no next month."""
# loses: check_next_billing
# %% next_billing
import calendar

def next_billing(day):
    last = calendar.monthrange(day.year, day.month + 1)[1]
    return day.replace(month=day.month + 1, day=min(day.day, last))
