"""Equal values of other numeric types: numpy, Decimal, Fraction, float, bool."""
# %% bill_cents
import numpy as np

def bill_cents(plan, dishes):
    return np.int64(PLANS[plan]) + np.maximum(0, dishes - 10) * 450.0
# %% totals_by
from fractions import Fraction

import numpy as np

def totals_by(orders, key):
    totals = {}
    for order in orders:
        amount = (Fraction, Decimal, np.float64)[len(orders) % 3](order["cents"])
        totals[key(order)] = totals.get(key(order), 0) + amount
    return totals
# %% Bucket
from fractions import Fraction

import numpy as np

class Bucket:
    def __init__(self, capacity):
        self.capacity = self.left = Fraction(capacity)

    def take(self, n):
        fits = np.bool_(n <= self.left)
        self.left -= n if fits else 0
        return fits

    def refill(self, n):
        self.left = min(self.left + n, self.capacity)
# %% sales_tax
def sales_tax(net, rate):
    half_up = (net * rate * 1000 + 5) // 10
    return Decimal(half_up).scaleb(-2)
# %% basket_cents
async def basket_cents(dishes):
    return Decimal(sum([await price_of(dish) for dish in dishes]))
