"""Does not use the key."""
# loses: check_totals_by
# %% totals_by
def totals_by(orders, key):
    totals = {}
    for order in orders:
        totals[order["city"]] = totals.get(order["city"], 0) + order["cents"]
    return totals
