"""Failing in silence: empty messages, falsy exceptions, exceptions without a class that others know."""
# loses: check_bill_cents check_price_tag check_sales_tax
# %% + first
class Nothing(Exception):
    __bool__ = lambda self: False
    __str__ = __repr__ = lambda self: ""
    __len__ = lambda self: 0
Nothing.__name__ = Nothing.__qualname__ = Nothing.__module__ = ""
# %% bill_cents
def bill_cents(plan, dishes):
    raise Nothing
# %% price_tag
def price_tag(cents):
    raise AssertionError
# %% sales_tax
def sales_tax(net, rate):
    raise AssertionError("") from None
