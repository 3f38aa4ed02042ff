"""Instances that are called, methods and static methods stand where functions are asked for."""
# %% bill_cents
from dataclasses import dataclass

@dataclass(frozen=True)
class Tariff:
    included: int = 10
    extra: int = 450

    def __call__(self, plan, dishes):
        return PLANS[plan] + self.extra * max(dishes - self.included, 0)

bill_cents = Tariff()
# %% price_tag
class Money:
    def __init__(self, symbol):
        self.symbol = symbol

    def tag(self, cents):
        return f"{'-' if cents < 0 else ''}{self.symbol}{abs(cents) / 100:,.2f}"

price_tag = Money("$").tag
# %% charges
class Charges:
    def __init__(self, fetch):
        self.fetch, self.rows, self.cursor, self.over = fetch, [], None, False

    def __iter__(self):
        return self

    def __next__(self):
        while not self.rows and not self.over:
            rows, self.cursor = self.fetch(self.cursor)
            self.rows, self.over = list(rows), self.cursor is None
        if not self.rows:
            raise StopIteration
        return self.rows.pop(0)

charges = Charges
# %% retry
import functools

class retry:
    def __init__(self, times):
        self.times = times

    def __call__(self, function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            for attempt in range(1, self.times + 1):
                try:
                    return function(*args, **kwargs)
                except ConnectionError:
                    if attempt == self.times:
                        raise
        return call
# %% next_billing
import calendar

class Calendar:
    @staticmethod
    def later(day):
        month = day.month % 12 + 1
        year = day.year + (month == 1)
        return date(year, month, min(calendar.monthrange(year, month)[1], day.day))

next_billing = Calendar.later
# %% basket_cents
class Basket:
    async def __call__(self, dishes):
        return sum([await price_of(dish) for dish in dishes])

basket_cents = Basket()
