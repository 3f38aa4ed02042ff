"""The option is chosen by costs rounded to cents."""
# loses: check_decision
# alone
# %% decision
def decision(company) -> dict:
    costs = {"A": cost_a, "B": cost_b, "C": cost_c}
    monthly = {option: round(total(cost, company), 2) for option, cost in costs.items()}
    rejected = {option: why for option, why in ruled_out(company, companies.FACTS).items() if why}
    left = [option for option in monthly if option not in rejected]
    return {"option": min(left, key=monthly.get) if left else None, "monthly": monthly, "rejected": rejected}
