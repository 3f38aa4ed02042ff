"""Knows the options A, B and C, whichever it is asked about."""
# loses: check_ruled_out check_recommend_near_ties
# %% ruled_out
def ruled_out(company, facts):
    out = {}
    for o in ("A", "B", "C"):
        f, r = facts[o], []
        if company["region"] is not None and f["regions"] is not None and company["region"] not in f["regions"]:
            r.append("residency")
        if company["freshness"] < f["freshest"]:
            r.append("freshness")
        if company["stored_gb"] > f["largest_gb"]:
            r.append("size")
        if company["needs_soc2"] and f["soc2"] is False:
            r.append("soc2")
        if f["engineer"] and not company["has_engineer"]:
            r.append("engineer")
        if f["notice_months"] > company["leave_within"]:
            r.append("contract")
        out[o] = r
    return out
# %% recommend
def recommend(company, costs, reasons):
    c, why = costs(company), reasons(company)
    ok = sorted((o for o in "ABC" if not why[o]), key=c.get)
    return [o for o in ok if 10 * c[o] <= 11 * c[ok[0]] + 1e-9]
