"""An empty list of regions is taken for None: anywhere."""
# loses: check_ruled_out
# %% ruled_out
def ruled_out(company, facts):
    found = {}
    for name, fact in facts.items():
        found[name] = [reason for reason, bad in {
            "residency": company["region"] and fact["regions"] and company["region"] not in fact["regions"],
            "freshness": company["freshness"] < fact["freshest"], "size": company["stored_gb"] > fact["largest_gb"],
            "soc2": company["needs_soc2"] and fact["soc2"] is False, "engineer": fact["engineer"] and not company["has_engineer"],
            "contract": fact["notice_months"] > company["leave_within"]}.items() if bad]
    return found
