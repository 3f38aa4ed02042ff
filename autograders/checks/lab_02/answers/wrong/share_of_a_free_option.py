"""Divides by the cheapest, which may cost nothing."""
# loses: check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons) -> list:
    amounts, against = costs(company), reasons(company)
    ranked = sorted((amounts[o], o) for o in amounts if not against[o])
    return [o for amount, o in ranked if amount / ranked[0][0] <= 1.1]
