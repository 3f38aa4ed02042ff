"""The free rows are taken off a larger bill, as a tier would be."""
# loses: check_fivetran
# %% fivetran
def fivetran(company):
    rate = company["quotes"]["fivetran_million"] / 1e6
    bill = sum(max(5, rows * rate) for rows in company["mar"].values() if rows)
    return max(0, bill - 500_000 * rate)
