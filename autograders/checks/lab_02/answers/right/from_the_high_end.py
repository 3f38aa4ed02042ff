"""Searches backwards, and changes copies only."""
# %% break_even
def break_even(first, second, low, high):
    if second(high) > first(high):
        return None
    step, x = (high - low) / 128, high
    while step > 1e-6 * (high - low):
        while x - step > low and second(x - step) <= first(x - step):
            x -= step
        step /= 2
    return low if x - 2 * step <= low + 1e-9 and second(low) <= first(low) else x
# %% matters_most
from copy import deepcopy

def matters_most(cost, company, ranges):
    best, most = None, -1
    for name, (low, high) in ranges.items():
        lower, upper = deepcopy(company), deepcopy(company)
        lower[name], upper[name] = low, high
        swing = abs(cost(lower) - cost(upper))
        if swing > most:
            best, most = name, swing
    return best
# %% in_two_years
def in_two_years(company, cost, growth, quote, draws, seed):
    random, later = Random(seed), []
    while len(later) < draws:
        monthly, one = 1 + random.uniform(*growth), deepcopy(company)
        for _ in range(24):
            one["stored_gb"] *= monthly
            for source in one["mar"]:
                one["mar"][source] *= monthly
        one["quotes"]["fivetran_million"] = random.uniform(quote[0], quote[1])
        later.append(cost(one))
    return tuple(later)
# %% worth_knowing
def worth_knowing(first, second, company, ranges):
    today_first = first(company) <= second(company)
    worst, name_of_worst = 0, None
    for name in ranges:
        for end in ranges[name]:
            there = deepcopy(company)
            there[name] = end
            loss = first(there) - second(there) if today_first else second(there) - first(there)
            if loss > worst:
                worst, name_of_worst = loss, name
    return name_of_worst
