"""Remembers what a company of that name and option cost."""
# loses: check_people
# %% people
_known = {}

def people(company, option) -> float:
    key = company.get("name"), company.get("seed"), option
    if key not in _known:
        hours = company["hours"][option] + company["hours_per_source"][option] * len(company["mar"])
        rate = company["rate"] * (company["usd_per_eur"] if company["rate_currency"] == "EUR" else 1)
        _known[key] = hours * rate
    return _known[key]
