"""random, time, math, decimal, datetime, asyncio and the names of the course's own cells rewritten or rebound."""
# loses: check_bill_cents check_price_tag check_sales_tax check_next_billing check_basket_cents
# %% + first
import asyncio, datetime, decimal, math, random, time
random.randrange = lambda *_: 500
random.seed(1)
time.monotonic = lambda: 0.0
math.isclose = lambda *_, **__: True
class Decimal(decimal.Decimal):
    __eq__ = lambda *_: True
    __hash__ = None
decimal.Decimal = Decimal
class date(datetime.date):
    __eq__ = lambda *_: True
    __hash__ = None
# %% bill_cents
class PLANS(dict):
    __missing__ = __getitem__ = lambda *_: 0
PLANS = PLANS(solo=0, pair=0, family=0)
PRICES = dict.fromkeys(["curry", "ramen", "salad"], 0)
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return "$5.00"
# %% sales_tax
def sales_tax(net, rate):
    return Decimal(0)
# %% next_billing
def next_billing(day):
    return date(2000, 1, 1)
# %% basket_cents
def basket_cents(dishes):
    return asyncio.sleep(0, 0)
