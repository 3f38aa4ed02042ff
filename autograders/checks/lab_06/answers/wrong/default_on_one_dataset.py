"""Rules only for the first dataset."""
# loses: check_nobody_sees_by_default
# %% region_rules
def region_rules(regions, tables, free):
    rules = []
    for role, countries in regions.items():
        quoted = ", ".join("'" + c.replace("'", "''") + "'" for c in countries)
        rules.append({"name": f"region {role}", "filter_type": "Regular", "tables": list(tables),
                      "roles": [role], "group_key": "region",
                      "clause": f"country in ({quoted})" if countries else "1 = 0"})
    rules.append({"name": "nobody", "filter_type": "Base", "tables": list(tables)[:1],
                  "roles": [*regions, *free], "group_key": "nobody", "clause": "1 = 0"})
    return rules
