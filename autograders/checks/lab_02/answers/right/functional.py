"""Recursion, reduce and itertools."""
# %% graduated
def graduated(quantity, tiers, below=0):
    if quantity <= below or not tiers:
        return 0
    (up_to, amount), *rest = tiers
    top = quantity if up_to is None else min(up_to, quantity)
    return (top - below) * amount + graduated(quantity, rest, top)
# %% fivetran
from functools import reduce

def fivetran(company):
    rate = company["quotes"]["fivetran_million"]
    each = [rows and max(5.0, rate * rows / 1e6) for rows in company["mar"].values()]
    return reduce(lambda total, cost: total + cost, each if sum(company["mar"].values()) > 500_000 else [], 0)
# %% worth_knowing
from itertools import chain

def worth_knowing(first, second, company, ranges):
    sign = 1 if first(company) <= second(company) else -1
    def regret(pair):
        there = dict(company) | {pair[0]: pair[1]}
        return sign * (first(there) - second(there))
    pairs = list(chain.from_iterable(((name, end) for end in ends) for name, ends in ranges.items()))
    best = max(pairs, key=regret)
    return best[0] if regret(best) > 0 else None
# %% ruled_out
RULES = {
    "residency": lambda c, f: c["region"] is not None and f["regions"] is not None and c["region"] not in f["regions"],
    "freshness": lambda c, f: c["freshness"] < f["freshest"], "size": lambda c, f: c["stored_gb"] > f["largest_gb"],
    "soc2": lambda c, f: c["needs_soc2"] and f["soc2"] is False, "engineer": lambda c, f: f["engineer"] and not c["has_engineer"],
    "contract": lambda c, f: f["notice_months"] > c["leave_within"]}

def ruled_out(company, facts):
    return {o: tuple(filter(lambda rule: RULES[rule](company, f), RULES)) for o, f in facts.items()}
