"""Growth of a month is applied twice."""
# loses: check_in_two_years
# %% in_two_years
def in_two_years(company, cost, growth, quote, draws, seed):
    random = Random(seed)
    costs = []
    for _ in range(draws):
        factor = (1 + random.uniform(*growth)) ** 2
        costs.append(cost({**company, "mar": {s: r * factor for s, r in company["mar"].items()},
                           "stored_gb": company["stored_gb"] * factor, "quotes": {**company["quotes"], "fivetran_million": random.uniform(*quote)}}))
    return costs
