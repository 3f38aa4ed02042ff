"""Euros and dollars are added as they come."""
# loses: check_people
# %% people
def people(company, option):
    return (company["hours"][option] + company["hours_per_source"][option] * len(company["mar"])) * company["rate"]
