"""Prints the bill and returns nothing."""
# loses: check_bill_cents
# %% bill_cents
def bill_cents(plan, dishes):
    print(PLANS[plan] + 450 * max(0, dishes - 10))
