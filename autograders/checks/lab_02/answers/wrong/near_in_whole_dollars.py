"""Rounds costs to dollars before it asks what is near."""
# loses: check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    c, why = costs(company), reasons(company)
    c = {o: round(a) for o, a in c.items()}
    ok = sorted((o for o in c if not why[o]), key=c.get)
    return [o for o in ok if 10 * c[o] <= 11 * c[ok[0]]]
