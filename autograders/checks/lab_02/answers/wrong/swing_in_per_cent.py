"""Relative move."""
# loses: check_matters_most
# %% matters_most
def matters_most(cost, company, ranges):
    def move(n):
        a, b = (cost({**company, n: v}) for v in ranges[n])
        return abs(b / a - 1)
    return max(ranges, key=move)
