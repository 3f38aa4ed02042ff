"""Cells that end as a script does: quit(), exit(), sys.exit(), raise SystemExit."""
# %% bill_cents
def bill_cents(plan, dishes):
    return PLANS[plan] if dishes <= 10 else PLANS[plan] + (dishes - 10) * 450

quit()
# %% price_tag
import sys

def price_tag(cents):
    whole, rest = divmod(abs(cents), 100)
    return "-" * (cents < 0) + "$" + format(whole, ",") + "." + str(rest).zfill(2)

sys.exit(0)
# %% next_billing
import calendar

def next_billing(day):
    months = 12 * day.year + day.month
    year, month = months // 12, months % 12 + 1
    return day.replace(day=1).replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))

exit()
# %% Bucket
class Bucket:
    def __init__(self, capacity):
        self.capacity, self.used = capacity, 0

    @property
    def left(self):
        return self.capacity - self.used

    def take(self, n):
        fits = n <= self.left
        self.used += n * fits
        return fits

    def refill(self, n):
        self.used = max(0, self.used - n)

raise SystemExit
