"""A plain function: there is nothing to await."""
# loses: check_basket_cents
# %% basket_cents
def basket_cents(dishes):
    return sum(PRICES[dish] for dish in dishes)
