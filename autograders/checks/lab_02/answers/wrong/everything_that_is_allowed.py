"""All that is allowed, whatever it costs."""
# loses: check_recommend check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    why, priced = reasons(company), costs(company)
    return sorted((o for o in priced if not why[o]), key=priced.get)
