"""2 % instead of 10 %."""
# loses: check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    c, why = costs(company), reasons(company)
    ok = sorted((o for o in c if not why[o]), key=lambda o: c[o])
    return [o for o in ok if c[o] <= 1.02 * c[ok[0]]]
