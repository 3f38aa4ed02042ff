"""Right, but sorts the list it was given."""
# loses: check_p95
# %% p95
def p95(milliseconds) -> float:
    milliseconds.sort()
    return milliseconds[int(0.95 * (len(milliseconds) - 1))]
