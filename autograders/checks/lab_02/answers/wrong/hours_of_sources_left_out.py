"""Hours that grow with the connections are left out."""
# loses: check_people
# %% people
def people(company, option):
    return company["hours"][option] * company["rate"] * (company["usd_per_eur"] if company["rate_currency"] == "EUR" else 1)
