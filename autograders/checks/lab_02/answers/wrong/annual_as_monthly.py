"""A year's price taken for a month's."""
# loses: check_monthly_bill
# %% monthly_bill
def monthly_bill(price, quantity):
    period = price["base"] + max(quantity - price["included"], 0) * price["amount"]
    return max(period, price["minimum"]) if quantity else period
