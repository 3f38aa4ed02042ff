"""What a run scans grows as the data does."""
# loses: check_in_two_years
# %% in_two_years
def in_two_years(company, cost, growth, quote, draws, seed):
    random = Random(seed)
    res = []
    for _ in range(draws):
        factor = (1 + random.uniform(*growth)) ** 24
        later = {"scan_gb": company["scan_gb"] * factor, "mar": {k: v * factor for k, v in company["mar"].items()},
                 "stored_gb": company["stored_gb"] * factor,
                 "quotes": company["quotes"] | {"fivetran_million": random.uniform(*quote)}}
        res.append(cost(company | later))
    return res
