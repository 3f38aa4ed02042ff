"""Each within 10 % of the one before."""
# loses: check_recommend_near_ties
# %% recommend
def recommend(company, costs, reasons):
    c, why = costs(company), reasons(company)
    ok = sorted((o for o in c if not why[o]), key=lambda o: c[o])
    out = ok[:1]
    for o in ok[1:]:
        if c[o] <= 1.1 * c[out[-1]]:
            out.append(o)
    return out
