"""Units that are included are billed."""
# loses: check_monthly_bill
# %% monthly_bill
def monthly_bill(price, quantity):
    period = price["base"] + quantity * price["amount"]
    period = max(period, price["minimum"]) if quantity else period
    return period / 12 if price["billed"] == "annual" else period
