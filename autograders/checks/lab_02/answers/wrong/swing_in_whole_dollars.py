"""Rounds costs to dollars before it compares them."""
# loses: check_matters_most
# %% matters_most
def matters_most(cost, company, ranges):
    return max(ranges, key=lambda n: abs(round(cost({**company, n: ranges[n][1]})) - round(cost({**company, n: ranges[n][0]}))))
