"""The cheapest of all, ruled out or not."""
# loses: check_decision
# %% decision
def decision(company):
    monthly = {o: sum(cost(company).values()) for o, cost in zip("ABC", (cost_a, cost_b, cost_c))}
    rejected = {o: why for o, why in ruled_out(company, companies.FACTS).items() if why}
    allowed = list(monthly)
    return {"option": min(allowed, key=monthly.get, default=None), "monthly": monthly, "rejected": rejected}
