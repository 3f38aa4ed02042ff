"""The widest range, whatever it does to the cost."""
# loses: check_matters_most
# %% matters_most
def matters_most(cost, company, ranges):
    return max(ranges, key=lambda n: ranges[n][1] - ranges[n][0])
