"""Answers as large as they may be, again and again, and one larger than that."""
# loses: check_bill_cents check_price_tag check_mark_paid
# %% bill_cents
def bill_cents(plan, dishes):
    return b"x" * 60_000_000
# %% price_tag
def price_tag(cents):
    return "y" * 200_000_000
# %% mark_paid
def mark_paid(orders, order_id):
    return [None] * 30_000_000
