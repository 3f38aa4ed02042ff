"""Small companies pay, too."""
# loses: check_fivetran
# %% fivetran
def fivetran(company):
    rate = company["quotes"]["fivetran_million"] / 1e6
    return sum(max(5, rows * rate) for rows in company["mar"].values() if rows)
