"""A broken constraint is priced at 500 dollars instead of ruling out."""
# loses: check_recommend, check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    priced = {o: c + 500 * len(reasons(company)[o]) for o, c in costs(company).items()}
    best = min(priced.values())
    return sorted((o for o in priced if priced[o] <= 1.1 * best), key=priced.get)
