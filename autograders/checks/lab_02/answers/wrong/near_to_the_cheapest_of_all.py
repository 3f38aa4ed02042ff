"""Near-ties measured from the cheapest option of all, even one that is ruled out."""
# loses: check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    c, r = costs(company), reasons(company)
    allowed = sorted((o for o in c if not r[o]), key=c.get)
    least = min(c.values())
    return allowed[:1] + [o for o in allowed[1:] if c[o] <= 1.1 * least]
