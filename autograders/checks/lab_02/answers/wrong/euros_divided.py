"""The exchange rate the wrong way round."""
# loses: check_people
# %% people
def people(company, option):
    hours = company["hours"][option] + company["hours_per_source"][option] * len(company["mar"])
    return hours * company["rate"] / (company["usd_per_eur"] if company["rate_currency"] == "EUR" else 1)
