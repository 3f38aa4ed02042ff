"""groupby without sorting keeps the last run of a key."""
# loses: check_totals_by
# %% totals_by
from itertools import groupby

def totals_by(orders, key):
    return {group: sum(order["cents"] for order in run) for group, run in groupby(orders, key)}
