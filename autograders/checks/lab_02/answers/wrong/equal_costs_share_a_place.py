"""A dict by cost: of two options that cost the same, one is lost."""
# loses: check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    by = {amount: o for o, amount in costs(company).items() if not reasons(company)[o]}
    return [by[a] for a in sorted(by) if a <= 1.1 * min(by) + 1e-9]
