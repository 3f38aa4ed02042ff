"""Regions are exempt from the Base rule, which has no key; conditions by OR."""
# %% region_rules
def region_rules(regions, tables, free):
    rules = [{"name": "closed", "filter_type": "Base", "tables": list(tables), "roles": [*free, *regions],
              "clause": "1 = 0", "group_key": None}]
    for number, (role, countries) in enumerate(regions.items()):
        clause = " OR ".join("country = '%s'" % country.replace("'", "''") for country in countries)
        rules.append({"name": "r%d" % number, "filter_type": "Regular", "tables": list(tables), "roles": [role],
                      "clause": clause, "group_key": "countries"})
    return rules
