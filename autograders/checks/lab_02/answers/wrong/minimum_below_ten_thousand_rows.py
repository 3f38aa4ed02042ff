"""The minimum for connections below 10,000 rows, whatever the quote is."""
# loses: check_fivetran
# %% fivetran
def fivetran(company):
    rate = company["quotes"]["fivetran_million"] / 1e6
    if sum(company["mar"].values()) <= 500_000:
        return 0
    return sum(5 if 0 < rows < 10_000 else rows * rate for rows in company["mar"].values())
