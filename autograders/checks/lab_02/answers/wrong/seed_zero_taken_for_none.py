"""Seed 0 is taken for no seed."""
# loses: check_in_two_years
# %% in_two_years
def in_two_years(company, cost, growth, quote, draws, seed) -> list:
    random = Random(seed) if seed else Random()
    results = []
    for _ in range(draws):
        factor = (1 + random.uniform(*growth)) ** 24
        later = dict(company, mar={name: rows * factor for name, rows in company["mar"].items()},
                     stored_gb=company["stored_gb"] * factor,
                     quotes=dict(company["quotes"], fivetran_million=random.uniform(*quote)))
        results.append(cost(later))
    return results
