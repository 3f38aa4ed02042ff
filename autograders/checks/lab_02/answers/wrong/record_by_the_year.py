"""The record's totals are of a year."""
# loses: check_decision
# %% decision
def decision(company):
    monthly = {o: 12 * sum(cost(company).values()) for o, cost in zip("ABC", (cost_a, cost_b, cost_c))}
    rejected = {o: why for o, why in ruled_out(company, companies.FACTS).items() if why}
    allowed = [o for o in monthly if o not in rejected]
    return {"option": min(allowed, key=monthly.get, default=None), "monthly": monthly, "rejected": rejected}
