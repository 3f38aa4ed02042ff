"""Compares high end with today."""
# loses: check_matters_most
# %% matters_most
def matters_most(cost, company, ranges):
    now = cost(company)
    return max(ranges, key=lambda n: abs(cost({**company, n: ranges[n][1]}) - now))
