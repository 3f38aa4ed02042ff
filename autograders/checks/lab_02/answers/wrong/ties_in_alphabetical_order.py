"""Near-ties by letter, not by cost."""
# loses: check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    why, priced = reasons(company), costs(company)
    allowed = [o for o in priced if not why[o]]
    best = min((priced[o] for o in allowed), default=0)
    return sorted(o for o in allowed if priced[o] <= 1.1 * best)
