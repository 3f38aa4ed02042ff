"""The parameters of Teaspoon's world, in one table, and its clock.

Moments are whole seconds since 1970 in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

HOUR, DAY, WEEK = 3600, 86_400, 604_800
MONDAY = 4 * DAY  # 1970-01-05, the first Monday of the clock
NEVER = 2**40     # "has not happened", as seconds: later than any moment of the world


def _seconds(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Shape:
    """What Teaspoon looks like. Money is US cents; chances and mixes are per thousand."""

    launch: int = _seconds(2024, 7, 1)
    now: int = _seconds(2026, 7, 1)     # the world's clock stands here; nothing is later
    daily_growth: int = 1002            # each day's signups, per thousand of the day before
    channels: tuple = (("web", 420), ("ios", 220), ("android", 150), ("referral", 130),
                       ("gift", 80))
    joins: int = 930                    # households, gifts aside, that take a subscription
    people: tuple = (380, 430, 130, 60)  # households of 1, 2, 3, 4 members with a login
    own_surname: int = 200              # members not named like their household
    has_phone: int = 850
    # Plan: monthly fee, servings per recipe, share of subscribers.
    plans: tuple = (("solo", 699, 1, 300), ("duo", 999, 2, 450), ("family", 1499, 4, 250))
    early_weeks: int = 5                # while a subscription is this young ...
    early_churn: int = 20               # ... this many end each week,
    late_churn: int = 5                 # and later this many
    returns: int = 150                  # ended subscriptions that start again ...
    return_weeks: int = 26              # ... within this time
    gift_weeks: int = 6                 # how long a gift household may order
    habit: tuple = (800, 1000)          # a household's chance to order in a week, least and most
    recipes: int = 120
    recipes_at_launch: int = 60
    minutes: tuple = (15, 60)           # to cook, in steps of five
    recipe_cents: tuple = (599, 1299)   # per serving, today
    price_rise_at: int = _seconds(2026, 1, 1)
    price_rise_cents: int = 50          # what every serving cost less before that day
    lines: tuple = (60, 200, 330, 240, 120, 50)  # orders of 1 to 6 recipes
    double: int = 80                    # lines with twice the servings: lunch tomorrow
    first_order_percent: int = 25       # discount on a household's first order
    voucher: int = 60                   # later orders with a voucher ...
    voucher_cents: int = 500            # ... worth this, never more than the order
    weekdays: tuple = (130, 110, 100, 140, 170, 160, 190)  # Monday to Sunday
    # UTC hours: nobody shops at night in New York, most do from 16 to 20 o'clock there.
    hours: tuple = (25, 12, 6, 3, 2, 1, 1, 1, 1, 2, 5, 12,
                    22, 30, 35, 38, 45, 48, 45, 55, 90, 130, 120, 70)
    # What becomes of an order: share, and the hours after which it is known, least and most.
    fates: tuple = (("delivered", 950, 24, 72), ("cancelled", 30, 0, 24),
                    ("refunded", 20, 72, 240))


SHAPE = Shape()
