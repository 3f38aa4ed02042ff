"""A channel that nobody reads any more, and a function that never returns."""
# loses: check_totals_by
# %% totals_by
import os, signal
def totals_by(orders, key):
    key({"city": "x" * 60_000_000, "plan": 1, "cents": 1})
    os.kill(os.getpid(), signal.SIGSTOP)
    return {}
