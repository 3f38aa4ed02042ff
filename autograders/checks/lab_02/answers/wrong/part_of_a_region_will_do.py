"""Regions compared as text: US is found in US-GOV."""
# loses: check_ruled_out
# %% ruled_out
def ruled_out(company, facts):
    found = {}
    for name, fact in facts.items():
        found[name] = [reason for reason, bad in {
            "residency": company["region"] is not None and fact["regions"] is not None and company["region"] not in ",".join(fact["regions"]),
            "freshness": company["freshness"] < fact["freshest"], "size": company["stored_gb"] > fact["largest_gb"],
            "soc2": company["needs_soc2"] and fact["soc2"] is False, "engineer": fact["engineer"] and not company["has_engineer"],
            "contract": fact["notice_months"] > company["leave_within"]}.items() if bad]
    return found
