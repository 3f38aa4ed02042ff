"""Distance from today's cost instead of end to end (the docstring's "whose range moves cost(company) most, up or down" reads like that too)."""
# loses: check_matters_most
# %% matters_most
def matters_most(cost, company, ranges):
    now = cost(company)
    return max(ranges, key=lambda n: max(abs(cost({**company, n: v}) - now) for v in ranges[n]))
