"""Fewer dishes than included lower the bill."""
# loses: check_bill_cents
# %% bill_cents
def bill_cents(plan, dishes):
    return PLANS[plan] + 450 * (dishes - 10)
