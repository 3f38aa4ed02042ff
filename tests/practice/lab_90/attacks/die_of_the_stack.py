"""The stack overflown: in Python, in C, and with the recursion limit lifted."""
# loses: check_bill_cents check_price_tag check_sales_tax
# %% bill_cents
import sys
def bill_cents(plan, dishes):
    return bill_cents(plan, dishes) + 1
# %% price_tag
def price_tag(cents):
    sys.setrecursionlimit(10**9)
    value = None
    for _ in range(10**6):
        value = [value]
    return repr(value)
# %% sales_tax
class Deep:
    __eq__ = __getattr__ = __hash__ = lambda self, *a: self == self
def sales_tax(net, rate):
    sys.setrecursionlimit(10**9)
    return Deep() == 1
