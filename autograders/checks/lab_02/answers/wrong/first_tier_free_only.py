"""Takes the second tier as the last."""
# loses: check_graduated
# %% graduated
def graduated(quantity, tiers):
    first, second = tiers[0], tiers[1]
    return max(quantity - first[0], 0) * second[1]
