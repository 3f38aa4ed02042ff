"""The end at which today's choice wins most."""
# loses: check_worth_knowing
# %% worth_knowing
def worth_knowing(first, second, company, ranges):
    a, b = (first, second) if first(company) <= second(company) else (second, first)
    gain = {n: max(b({**company, n: e}) - a({**company, n: e}) for e in ends) for n, ends in ranges.items()}
    return max(gain, key=gain.get)
