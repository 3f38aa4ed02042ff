"""Exceptions with hostile __str__, args, __reduce__, __cause__ and names."""
# loses: check_bill_cents check_price_tag check_sales_tax check_next_billing check_mark_paid
# %% + first
import os
class Hostile(Exception):
    def __str__(self):
        raise Hostile
    __repr__ = __reduce__ = __str__
    @property
    def args(self):
        raise SystemExit
    @property
    def __traceback__(self):
        os._exit(0)
class Endless(Exception):
    def __str__(self):
        return str(self.args) + "x" * 10**9
# %% bill_cents
def bill_cents(plan, dishes):
    raise Hostile
# %% price_tag
def price_tag(cents):
    raise Endless
# %% sales_tax
def sales_tax(net, rate):
    error = ValueError(*range(10**6))
    error.__cause__ = error.__context__ = error
    raise error
# %% next_billing
def next_billing(day):
    raise ExceptionGroup("many", [ValueError(n) for n in range(10_000)])
# %% mark_paid
def mark_paid(orders, order_id):
    raise UnicodeDecodeError("utf-8", b"\xff" * 10**6, 0, 1, "\ud800")
