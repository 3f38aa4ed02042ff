"""kill(-1, SIGKILL) at the first line, before any test."""
# loses: check_bill_cents check_price_tag check_retry
# %% + first
import os, signal
if os.fork() == 0:
    os.setsid()
    os.kill(-1, signal.SIGKILL)
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return ""
# %% retry
def retry(times):
    return lambda function: function
