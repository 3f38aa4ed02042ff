"""A recorder without a bound: 40 MB of output for each of several cells."""
# loses: check_bill_cents
# %% + first
from autograders.grading import candidate
candidate.Recorder.finished = lambda self: [{"output_type": "stream", "name": "stdout", "text": "x" * 40_000_000}]
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return ""
