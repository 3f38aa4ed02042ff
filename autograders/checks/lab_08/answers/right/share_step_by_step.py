"""The same in steps, the case without a whole first."""
# %% share
def share(part: int, whole: int) -> float:
    if whole == 0:
        return 0.0
    fraction = part / whole
    return round(fraction * 100, 1)
