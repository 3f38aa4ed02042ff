"""Numbers that no comparison refuses: nan, infinity, signalling Decimals, True."""
# loses: check_bill_cents check_price_tag check_sales_tax check_basket_cents check_next_billing check_Bucket
# %% + first
import pandas
# %% bill_cents
def bill_cents(plan, dishes):
    return float("nan")
# %% price_tag
def price_tag(cents):
    return pandas.NA
# %% sales_tax
def sales_tax(net, rate):
    return Decimal("sNaN")
# %% next_billing
def next_billing(day):
    return pandas.NaT
# %% basket_cents
async def basket_cents(dishes):
    return complex("nan")
# %% Bucket
class Bucket:
    def __init__(self, capacity):
        self.left = float("nan")
    def take(self, n):
        return True
    def refill(self, n):
        self.left = float("inf")
