"""An integer power that no signal interrupts."""
# loses: check_bill_cents
# %% bill_cents
def bill_cents(plan, dishes):
    return (10 ** 10 ** 9) % 7
