"""Forgets to await the prices."""
# loses: check_basket_cents
# %% basket_cents
async def basket_cents(dishes):
    return sum(price_of(dish) for dish in dishes)
