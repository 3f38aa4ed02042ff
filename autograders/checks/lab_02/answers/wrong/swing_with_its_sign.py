"""The largest rise; a fall that is larger does not count."""
# loses: check_matters_most
# %% matters_most
def matters_most(cost, company, ranges):
    return max(ranges, key=lambda n: cost({**company, n: ranges[n][1]}) - cost({**company, n: ranges[n][0]}))
