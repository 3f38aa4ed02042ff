"""The minimum is due although nothing was used."""
# loses: check_monthly_bill
# %% monthly_bill
def monthly_bill(price, quantity):
    period = max(price["base"] + max(quantity - price["included"], 0) * price["amount"], price["minimum"])
    return period / 12 if price["billed"] == "annual" else period
