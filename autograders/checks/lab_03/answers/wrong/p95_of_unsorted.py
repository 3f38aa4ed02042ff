"""The value at 95 percent of the way, of a list nobody sorted."""
# loses: check_p95
# %% p95
def p95(milliseconds) -> float:
    return milliseconds[int(len(milliseconds) * 0.95)]
