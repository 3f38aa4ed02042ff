"""What a cell gave forged into something that is no list and no pair."""
# loses: check_bill_cents check_price_tag
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
import itertools
answers = itertools.cycle([None, 5, (), ([], True, 1), {"outputs": []}, object(), ("x", True), ({}, "yes"), ([[]], 1)])
type(get_ipython()).runs = lambda self, source: next(answers)
def price_tag(cents):
    return ""
