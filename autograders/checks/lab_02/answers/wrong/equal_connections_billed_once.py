"""Two connections with as many rows are one in a set."""
# loses: check_fivetran
# %% fivetran
def fivetran(company):
    rows = set(company["mar"].values())
    if sum(company["mar"].values()) <= 500_000: return 0
    return sum(max(5, n / 1e6 * company["quotes"]["fivetran_million"]) for n in rows if n)
