"""The unknown that moves the cost most, though both options move with it."""
# loses: check_worth_knowing
# %% worth_knowing
def worth_knowing(first, second, company, ranges):
    return max(ranges, key=lambda n: abs(first({**company, n: ranges[n][1]}) - first({**company, n: ranges[n][0]})))
