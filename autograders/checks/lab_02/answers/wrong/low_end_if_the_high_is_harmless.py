"""Looks at the low end only where the high one costs nothing."""
# loses: check_worth_knowing
# %% worth_knowing
def worth_knowing(first, second, company, ranges):
    chosen, other = (first, second) if first(company) <= second(company) else (second, first)
    best, most = None, 0
    for name, (low, high) in ranges.items():
        r = chosen({**company, name: high}) - other({**company, name: high})
        if r <= 0:
            r = chosen({**company, name: low}) - other({**company, name: low})
        if r > most:
            best, most = name, r
    return best
