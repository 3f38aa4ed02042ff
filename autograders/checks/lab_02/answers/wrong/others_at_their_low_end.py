"""Moves one input while all others are at their low end."""
# loses: check_matters_most
# %% matters_most
def matters_most(cost, company, ranges):
    there = {n: low for n, (low, high) in ranges.items()}
    base = {**company, **there}
    return max(ranges, key=lambda n: abs(cost({**base, n: ranges[n][1]}) - cost(base)))
