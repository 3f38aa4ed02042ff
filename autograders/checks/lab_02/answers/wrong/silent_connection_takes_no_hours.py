"""A connection without rows takes no hours."""
# loses: check_people
# %% people
def people(company, option):
    hours = company["hours"][option] + company["hours_per_source"][option] * sum(1 for n in company["mar"].values() if n)
    rate = company["rate"] * (company["usd_per_eur"] if company["rate_currency"] == "EUR" else 1)
    return hours * rate
