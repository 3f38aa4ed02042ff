"""The 95th percentile of the different values: a latency that many customers had counts once."""
# loses: check_p95
# %% p95
def p95(milliseconds) -> float:
    ordered = sorted(set(milliseconds))
    return float(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))])
