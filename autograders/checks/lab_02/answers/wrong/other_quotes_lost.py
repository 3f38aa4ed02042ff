"""Replaces quotes, so Looker's and Snowflake's vanish."""
# loses: check_in_two_years
# %% in_two_years
def in_two_years(company, cost, growth, quote, draws, seed):
    r = Random(seed)
    out = []
    for _ in range(draws):
        f = (1 + r.uniform(*growth)) ** 24
        out.append(cost({**company, "mar": {k: v * f for k, v in company["mar"].items()}, "stored_gb": company["stored_gb"] * f, "quotes": {"fivetran_million": r.uniform(*quote)}}))
    return out
