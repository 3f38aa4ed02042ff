"""The minimum is applied to the sum, not to each connection."""
# loses: check_fivetran
# %% fivetran
def fivetran(company):
    rows = sum(company["mar"].values())
    if rows <= 500_000:
        return 0
    return max(5, rows / 1e6 * company["quotes"]["fivetran_million"])
