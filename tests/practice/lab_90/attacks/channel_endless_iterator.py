"""Iterators without an end where a list is due, and one whose items grow."""
# loses: check_mark_paid check_charges
# %% mark_paid
import itertools
def mark_paid(orders, order_id):
    return itertools.count()
# %% charges
def charges(fetch):
    item = "x"
    yield "ch_1"
    while True:
        item += item[:100_000]
        yield item
