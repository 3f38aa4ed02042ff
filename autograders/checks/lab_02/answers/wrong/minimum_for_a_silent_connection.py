"""A connection without rows pays the minimum."""
# loses: check_fivetran
# %% fivetran
def fivetran(company):
    if sum(company["mar"].values()) <= 500_000:
        return 0
    return sum(max(5, rows / 1e6 * company["quotes"]["fivetran_million"]) for rows in company["mar"].values())
