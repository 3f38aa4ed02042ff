"""Exceptions named, and made, like the engine's own: CheckFailed, StillRunning, Ended."""
# loses: check_bill_cents check_price_tag check_sales_tax check_next_billing check_totals_by check_basket_cents
# %% + first
from autograders.expect import CheckFailed, StillRunning
from autograders.grading.peer import PeerGone
# %% bill_cents
def bill_cents(plan, dishes):
    raise StillRunning
# %% price_tag
def price_tag(cents):
    raise StillRunning
# %% sales_tax
def sales_tax(net, rate):
    raise PeerGone("bye")
# %% next_billing
def next_billing(day):
    raise CheckFailed("next_billing(day)", "passed", "nothing", "here")
# %% totals_by
class CheckFailed(AssertionError):
    def __init__(self):
        super().__init__("")
    def __bool__(self):
        return False
    __str__ = __repr__ = lambda self: ""
def totals_by(orders, key):
    raise CheckFailed
# %% basket_cents
class PeerGone(BaseException):
    pass
async def basket_cents(dishes):
    raise PeerGone
