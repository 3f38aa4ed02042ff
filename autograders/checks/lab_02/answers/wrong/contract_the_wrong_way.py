"""Ruled out where it could be left in time."""
# loses: check_ruled_out
# %% ruled_out
def ruled_out(company, facts):
    out = {}
    for option, fact in facts.items():
        why = []
        if company["region"] and fact["regions"] is not None and company["region"] not in fact["regions"]:
            why.append("residency")
        if company["freshness"] < fact["freshest"]:
            why.append("freshness")
        if company["stored_gb"] > fact["largest_gb"]:
            why.append("size")
        if company["needs_soc2"] and fact["soc2"] is False:
            why.append("soc2")
        if fact["engineer"] and not company["has_engineer"]:
            why.append("engineer")
        if fact["notice_months"] < company["leave_within"]:
            why.append("contract")
        out[option] = why
    return out
