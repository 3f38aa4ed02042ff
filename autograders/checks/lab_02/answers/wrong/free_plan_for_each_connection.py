"""Each connection has half a million rows free, not all of them together."""
# loses: check_fivetran
# %% fivetran
def fivetran(company):
    rate = company["quotes"]["fivetran_million"] / 1e6
    return sum(max(5, rows * rate) for rows in company["mar"].values() if rows > 500_000)
