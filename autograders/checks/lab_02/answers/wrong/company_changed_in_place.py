"""Writes the ends into the company it was given."""
# loses: check_matters_most
# %% matters_most
def matters_most(cost, company, ranges):
    swing = {}
    for name, (low, high) in ranges.items():
        company[name] = low
        before = cost(company)
        company[name] = high
        swing[name] = abs(cost(company) - before)
    return max(swing, key=swing.get)
