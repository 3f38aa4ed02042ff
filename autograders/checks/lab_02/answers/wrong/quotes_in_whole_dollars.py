"""The quote drawn in whole dollars."""
# loses: check_in_two_years
# %% in_two_years
def in_two_years(company, cost, growth, quote, draws, seed):
    random = Random(seed)
    out = []
    for _ in range(draws):
        factor = (1 + random.uniform(*growth)) ** 24
        out.append(cost({**company, "stored_gb": company["stored_gb"] * factor,
                         "mar": {k: v * factor for k, v in company["mar"].items()},
                         "quotes": {**company["quotes"],
                                    "fivetran_million": random.randint(int(quote[0]), int(quote[1]))}}))
    return out
