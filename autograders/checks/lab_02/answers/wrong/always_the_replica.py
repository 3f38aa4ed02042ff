"""The same recommendation for everybody."""
# loses: check_recommend check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    return ["A"]
