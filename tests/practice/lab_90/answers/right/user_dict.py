"""A UserDict is equal to the dict it shows; so is a ChainMap."""
# %% totals_by
from collections import UserDict
def totals_by(orders, key):
    c = UserDict()
    for o in orders:
        c[key(o)] = c.get(key(o), 0) + o["cents"]
    return c
