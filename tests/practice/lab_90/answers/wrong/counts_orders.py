"""Counts orders, does not add up cents."""
# loses: check_totals_by
# %% totals_by
def totals_by(orders, key):
    totals = {}
    for order in orders:
        totals[key(order)] = totals.get(key(order), 0) + 1
    return totals
