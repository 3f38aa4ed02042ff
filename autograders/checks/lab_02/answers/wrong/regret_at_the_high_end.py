"""Only the high end."""
# loses: check_worth_knowing
# %% worth_knowing
def worth_knowing(first, second, company, ranges):
    mine, other = sorted((first, second), key=lambda f: f(company))
    best, name = 0, None
    for n, (lo, hi) in ranges.items():
        r = mine({**company, n: hi}) - other({**company, n: hi})
        if r > best:
            best, name = r, n
    return name
