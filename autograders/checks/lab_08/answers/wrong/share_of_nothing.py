"""Divides by a whole of 0."""
# loses: check_share
# %% share
def share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1)
