"""An unknown (None) soc2 counted as missing."""
# loses: check_ruled_out
# %% ruled_out
def ruled_out(company, facts):
    out = {}
    for o, f in facts.items():
        r = []
        if company["region"] is not None and f["regions"] is not None and company["region"] not in f["regions"]: r.append("residency")
        if company["freshness"] < f["freshest"]: r.append("freshness")
        if company["stored_gb"] > f["largest_gb"]: r.append("size")
        if company["needs_soc2"] and f["soc2"] is not True: r.append("soc2")
        if f["engineer"] and not company["has_engineer"]: r.append("engineer")
        if f["notice_months"] > company["leave_within"]: r.append("contract")
        out[o] = r
    return out
