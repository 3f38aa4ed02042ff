"""The largest value, taken for the 95th percentile."""
# loses: check_p95
# %% p95
def p95(milliseconds) -> float:
    return max(milliseconds)
