"""A set counts a dish once."""
# loses: check_basket_cents
# %% basket_cents
async def basket_cents(dishes):
    prices = {await price_of(dish) for dish in dishes}
    return sum(prices)
