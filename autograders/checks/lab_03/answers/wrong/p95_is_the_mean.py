"""The mean, raised by 95 percent."""
# loses: check_p95
# %% p95
def p95(milliseconds) -> float:
    return sum(milliseconds) / len(milliseconds) * 1.95
