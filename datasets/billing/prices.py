"""What Teaspoon asks for, in three currencies, and what the provider asks of Teaspoon.

Rates of exchange are made up.
"""

from functools import lru_cache

from datasets.billing.facts import Facts
from datasets.billing.months import month, start_of
from datasets.shape import SHAPE

FEES_ROSE_AT = start_of("2025-10-01")  # by a unit of every currency; running subscriptions follow at their next period
RISE = 100
CURRENCIES = {"usd": 100, "cad": 135, "eur": 93}  # a price, in percent of the one in US dollars, before it ends in 9
# US cents for 100 cents of a currency, in hundredths: base, and how far a month may lie from it in steps.
RATES = {"usd": (10_000, 0), "cad": (7_310, 45), "eur": (10_850, 60)}
# 2.90 % and 30 cents a charge, 15 dollars a dispute: https://stripe.com/pricing as transcribed on 2026-09-20 by
# https://github.com/api-evangelist/stripe (plans/stripe-plans-pricing.yml). Teaspoon's contract waives what is charged
# there on top for foreign cards and for exchange.
PERCENT, FIXED, DISPUTE_FEE = 290, 30, 1500


def rounded(amount: int, times: int, over: int) -> int:
    """amount * times / over to the nearest whole number, halves away from zero."""
    product = abs(amount) * times
    nearest = (2 * product + over) // (2 * over)
    return nearest if amount >= 0 else -nearest


def rate(currency: str, at: int) -> int:
    """US cents for 10,000 hundredths of a currency: one rate a calendar month (UTC)."""
    return rate_in(currency, month(at))


@lru_cache(maxsize=1000)
def rate_in(currency: str, month: str) -> int:
    """The rate of a month such as "2026-06"; it goes up and down, and is always the same."""
    base, step = RATES[currency]
    nth = int(month[:4]) * 12 + int(month[5:])
    return base + step * (nth * 7 % 5 - 2)


def settled(amount: int, currency: str, at: int) -> int:
    """US cents that an amount in hundredths of a currency is worth at a moment."""
    return rounded(amount, rate(currency, at), 10_000)


def in_currency(us_cents: int, currency: str, at: int) -> int:
    """Hundredths of a currency that are worth so many US cents at a moment."""
    return rounded(us_cents, 10_000, rate(currency, at))


def fee(settled: int) -> int:
    """What the provider keeps of a charge, in US cents."""
    return rounded(settled, PERCENT, 10_000) + FIXED


class Catalogue:
    """Products and prices: a product a plan, a price a plan and currency, and another since fees rose."""

    def __init__(self, facts: Facts, plans):
        self.facts = facts
        self.amounts: dict[tuple[int, str, bool], int] = {}  # by plan, currency, and whether fees had risen
        for plan in plans.itertuples():
            self._publish(plan.id, plan.name, int(plan.monthly_price_cents))
            self._raise(plan.id)

    def price(self, plan: int, currency: str, at: int) -> tuple[str, int]:
        """The price's id and amount a month that a subscription of this plan is sold at a moment."""
        risen = at >= FEES_ROSE_AT
        return self.facts.id("price", plan, currency, risen), self.amounts[plan, currency, risen]

    def _publish(self, plan: int, name: str, today: int) -> None:
        product, launch = self.facts.id("product", plan), SHAPE.launch
        first = self.facts.id("price", plan, "usd", False)
        self.facts.tell(
            launch,
            "product",
            product,
            "product.created",
            created=launch,
            updated=launch,
            active=True,
            default_price=first,
            name=f"Teaspoon {name}",
            metadata={"plan_id": str(plan)},
        )
        for currency, percent in CURRENCIES.items():
            self.amounts[plan, currency, True] = rounded(today, percent, 1000) * 10 - 1 if currency != "usd" else today
            self.amounts[plan, currency, False] = self.amounts[plan, currency, True] - RISE
            self._sell(launch, plan, currency, False)

    def _raise(self, plan: int) -> None:
        for currency in CURRENCIES:
            self._sell(FEES_ROSE_AT, plan, currency, True)
            self.facts.tell(
                FEES_ROSE_AT, "price", self.facts.id("price", plan, currency, False), "price.updated", active=False
            )
        self.facts.tell(
            FEES_ROSE_AT,
            "product",
            self.facts.id("product", plan),
            "product.updated",
            updated=FEES_ROSE_AT,
            default_price=self.facts.id("price", plan, "usd", True),
        )

    def _sell(self, at: int, plan: int, currency: str, risen: bool) -> None:
        self.facts.tell(
            at,
            "price",
            self.facts.id("price", plan, currency, risen),
            "price.created",
            created=at,
            active=True,
            currency=currency,
            product=self.facts.id("product", plan),
            unit_amount=self.amounts[plan, currency, risen],
            nickname=f"{currency} a month",
            metadata={"plan_id": str(plan)},
        )
