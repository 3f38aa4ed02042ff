"""10 dollars... 100 dollars instead of per cent."""
# loses: check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    c, why = costs(company), reasons(company)
    ok = sorted((o for o in c if not why[o]), key=lambda o: c[o])
    return [o for o in ok if c[o] <= 100 + c[ok[0]]]
