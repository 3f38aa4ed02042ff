"""Rounds the fraction: the per cent have no decimal left."""
# loses: check_share
# %% share
def share(part: int, whole: int) -> float:
    return 100 * round(part / whole, 2) if whole else 0.0
