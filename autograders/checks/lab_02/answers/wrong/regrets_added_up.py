"""The regrets at both ends of an unknown, added up."""
# loses: check_worth_knowing
# %% worth_knowing
def worth_knowing(first, second, company, ranges):
    a, b = (first, second) if first(company) <= second(company) else (second, first)
    regret = {n: sum(max(0, a({**company, n: e}) - b({**company, n: e})) for e in ends)
              for n, ends in ranges.items()}
    best = max(regret, key=regret.get, default=None)
    return best if best and regret[best] > 0 else None
