"""Names one option where two are as good."""
# loses: check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    why, priced = reasons(company), costs(company)
    allowed = [o for o in priced if not why[o]]
    return [min(allowed, key=priced.get)] if allowed else []
