"""Exactly 500,000 rows are billed."""
# loses: check_fivetran
# %% fivetran
def fivetran(company):
    if sum(company["mar"].values()) < 500_000:
        return 0
    rate = company["quotes"]["fivetran_million"] / 1e6
    return sum(max(5, rows * rate) for rows in company["mar"].values() if rows)
