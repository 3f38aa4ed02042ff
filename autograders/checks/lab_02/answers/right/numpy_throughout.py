"""Arrays in place of loops."""
# %% graduated
import numpy as np

def graduated(quantity, tiers):
    ends = np.array([np.inf if end is None else end for end, _ in tiers])
    starts = np.concatenate([[0], ends[:-1]])
    return np.dot(np.clip(quantity - starts, 0, ends - starts), [amount for _, amount in tiers])
# %% fivetran
def fivetran(company):
    rows = np.array(list(company["mar"].values()), dtype=float)
    cost = np.maximum(rows * company["quotes"]["fivetran_million"] / 1e6, 5)
    return np.where(rows > 0, cost, 0).sum() * (rows.sum() > 500_000)
# %% break_even
def break_even(first, second, low, high):
    for zoom in range(4):
        xs = np.linspace(low, high, 201)
        dearer = np.array([second(float(x)) > first(float(x)) for x in xs])
        if not dearer.any():
            return low
        last = int(np.flatnonzero(dearer)[-1])
        if last == len(xs) - 1:
            return None
        low, high = xs[last], xs[last + 1]
    return high
# %% matters_most
def matters_most(cost, company, ranges):
    names = list(ranges)
    ends = np.array([[cost(dict(company, **{n: end})) for end in ranges[n]] for n in names])
    return names[int(np.abs(np.diff(ends, axis=1)).argmax())]
# %% in_two_years
def in_two_years(company, cost, growth, quote, draws, seed):
    rng = np.random.default_rng(seed)
    factors, quotes = (1 + rng.uniform(*growth, draws)) ** 24, rng.uniform(*quote, draws)
    def one(factor, quote):
        return dict(company, mar={k: v * factor for k, v in company["mar"].items()}, stored_gb=company["stored_gb"] * factor,
                    quotes=dict(company["quotes"], fivetran_million=quote))
    return np.array([cost(one(float(f), float(q))) for f, q in zip(factors, quotes)])
# %% move_when
def move_when(stay, move, moving_cost, horizon):
    ahead = np.concatenate([[0], np.cumsum(np.array(stay) - np.array(move))])
    saved = ahead[horizon:] - ahead[:-horizon]
    pays = np.flatnonzero(saved >= moving_cost)
    return pays[0] if len(pays) else None
