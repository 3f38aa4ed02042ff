"""The minimum is added instead of being a floor."""
# loses: check_monthly_bill
# %% monthly_bill
def monthly_bill(price, quantity):
    period = price["base"] + max(quantity - price["included"], 0) * price["amount"] + (price["minimum"] if quantity else 0)
    return period / 12 if price["billed"] == "annual" else period
