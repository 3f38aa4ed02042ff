"""An object that answers differently each time it is asked: every length, every item, every bool in turn."""
# loses: check_Bucket check_charges check_mark_paid check_bill_cents
# %% + first
import itertools
class Moody:
    count = itertools.count()
    def __len__(self):
        return next(self.count) % 3
    def __bool__(self):
        return next(self.count) % 2 == 0
    def __getitem__(self, key):
        return next(self.count)
    def __int__(self):
        return next(self.count)
    def __float__(self):
        return float(next(self.count))
    def __str__(self):
        return f"${next(self.count)}.00"
    __index__ = __round__ = __abs__ = __int__
# %% bill_cents
def bill_cents(plan, dishes):
    return Moody()
# %% mark_paid
def mark_paid(orders, order_id):
    return Moody()
# %% charges
def charges(fetch):
    return Moody()
# %% Bucket
class Bucket:
    def __init__(self, capacity):
        self.capacity = capacity
    left = property(lambda self: Moody())
    def take(self, n):
        return Moody()
    refill = take
