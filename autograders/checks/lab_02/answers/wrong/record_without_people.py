"""The record's totals leave out people."""
# loses: check_decision
# %% decision
def decision(company):
    monthly = {o: sum(v for k, v in cost(company).items() if k != "people") for o, cost in zip("ABC", (cost_a, cost_b, cost_c))}
    rejected = {o: why for o, why in ruled_out(company, companies.FACTS).items() if why}
    allowed = [o for o in monthly if o not in rejected]
    return {"option": min(allowed, key=monthly.get, default=None), "monthly": monthly, "rejected": rejected}
