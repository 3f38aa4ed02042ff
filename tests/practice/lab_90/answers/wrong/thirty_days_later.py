"""A month taken for 30 days."""
# loses: check_next_billing
# %% next_billing
from datetime import timedelta

def next_billing(day):
    return day + timedelta(days=30)
