"""Warns, prints to stderr and logs, in its functions and beside them."""
# %% bill_cents
import sys
import warnings

warnings.warn("prices may change")
print("plans:", len(PLANS), file=sys.stderr)

def bill_cents(plan, dishes):
    warnings.warn("money ahead")
    print("billing", plan, file=sys.stderr)
    return PLANS[plan] + max(dishes - 10, 0) * 450
# %% price_tag
import logging

logging.warning("about to format")

def price_tag(cents):
    logging.getLogger("billing").error("formatting %s", cents)
    return f"-{price_tag(-cents)}" if cents < 0 else f"${cents / 100:,.2f}"
# %% totals_by
import sys
import warnings

def totals_by(orders, key):
    totals = {}
    for order in orders:
        warnings.warn("one more", UserWarning, stacklevel=2)
        totals.setdefault(key(order), []).append(order["cents"])
    print(totals, file=sys.stderr)
    return {group: sum(cents) for group, cents in totals.items()}
# %% basket_cents
import sys

async def basket_cents(dishes):
    left = price_of("salad")  # never awaited: Python warns of it
    del left
    total = 0
    for dish in dishes:
        total += await price_of(dish)
    print("total", total, file=sys.stderr)
    return total
