"""Goes on from where the input before was left."""
# loses: check_matters_most check_worth_knowing
# %% matters_most
def matters_most(cost, company, ranges):
    there, best, most = dict(company), None, -1
    for name, (low, high) in ranges.items():
        there[name] = low
        a = cost(there)
        there[name] = high
        b = cost(there)
        if abs(a - b) > most:
            best, most = name, abs(a - b)
    return best
# %% worth_knowing
def worth_knowing(first, second, company, ranges):
    chosen, other = (first, second) if first(company) <= second(company) else (second, first)
    best, most = None, 0
    there = dict(company)
    for name, ends in ranges.items():
        for e in ends:
            there[name] = e
            r = chosen(there) - other(there)
            if r > most:
                best, most = name, r
    return best
