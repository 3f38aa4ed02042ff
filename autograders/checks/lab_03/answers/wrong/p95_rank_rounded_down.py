"""Cuts the rank down to a whole one: of two numbers, the smaller."""
# loses: check_p95
# %% p95
def p95(milliseconds):
    ordered = sorted(milliseconds)
    return float(ordered[max(int(len(ordered) * 0.95) - 1, 0)])
