"""The unit at `up_to` is billed in the next tier."""
# loses: check_graduated
# %% graduated
def graduated(quantity, tiers):
    total, start = 0, 0
    for up_to, amount in tiers:
        end = quantity if up_to is None else min(quantity, up_to - 1)
        total += max(end - start, 0) * amount
        start = max(start, end)
    return total
