"""A finalizer that never ends, for whatever the examiner gives back."""
# loses: check_bill_cents
# %% bill_cents
class Sticky:
    def __del__(self):
        while True:
            pass
def bill_cents(plan, dishes):
    Sticky()
    return 0
