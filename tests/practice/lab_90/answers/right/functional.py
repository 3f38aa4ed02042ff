"""Lambdas, partial, caches, wraps and generators."""
# %% bill_cents
from functools import lru_cache

@lru_cache(maxsize=None)
def bill_cents(plan, dishes):
    return PLANS[plan] + sum(450 for _ in range(10, dishes))
# %% price_tag
from functools import partial

price_tag = partial(lambda symbol, cents: "-" * (cents < 0) + symbol + "{:,.2f}".format(abs(cents) / 100), "$")
# %% sales_tax
sales_tax = lambda net, rate: (net * rate).quantize(Decimal(".01"), "ROUND_HALF_UP")
# %% next_billing
from datetime import timedelta
from functools import lru_cache, wraps

def announced(function):
    @wraps(function)
    def call(*args):
        print("next billing of", *args)
        return function(*args)
    return call

@announced
@lru_cache
def next_billing(day):
    last = (day.replace(day=1) + timedelta(days=62)).replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))
# %% mark_paid
def mark_paid(orders, order_id):
    yield from (order | {"status": "paid"} if order["id"] == order_id else order for order in orders)
# %% totals_by
from collections import Counter

def totals_by(orders, key):
    totals = Counter()
    for order in orders:
        totals[key(order)] += order["cents"]
    return totals
# %% charges
from itertools import chain

def pages(fetch):
    rows, cursor = fetch(None)
    yield rows
    while cursor is not None:
        rows, cursor = fetch(cursor)
        yield rows

charges = lambda fetch: chain.from_iterable(pages(fetch))
# %% Bucket
from types import SimpleNamespace

def Bucket(capacity):
    bucket = SimpleNamespace(left=capacity)
    def put(left):
        bucket.left = left
        return True
    bucket.take = lambda n: n <= bucket.left and put(bucket.left - n)
    bucket.refill = lambda n: put(min(capacity, bucket.left + n))
    return bucket
# %% retry
from functools import wraps

def retry(times):
    def decorate(function):
        @wraps(function)
        def call(*args, **kwargs):
            try:
                return function(*args, **kwargs)
            except ConnectionError:
                if times <= 1:
                    raise
            return retry(times - 1)(function)(*args, **kwargs)
        return call
    return decorate
# %% basket_cents
async def total_of(dishes):
    return sum(await asyncio.gather(*map(price_of, dishes)))

basket_cents = lambda dishes: total_of(dishes)
