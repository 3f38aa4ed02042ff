"""Numbers of a billion digits, and small texts that stand for them."""
# loses: check_bill_cents check_price_tag check_sales_tax check_basket_cents check_next_billing
# %% bill_cents
def bill_cents(plan, dishes):
    return 1 << 400_000_000
# %% price_tag
def price_tag(cents):
    return 7 ** 100_000
# %% sales_tax
def sales_tax(net, rate):
    return Decimal("1e999999999")
# %% next_billing
from fractions import Fraction
def next_billing(day):
    return Fraction(1, 1 << 50_000_000)
# %% basket_cents
async def basket_cents(dishes):
    return range(10**18)
