"""Names by country: two roles with the same countries have one name."""
# loses: check_regions_add_up
# %% region_rules
def region_rules(regions, tables, free):
    rules = []
    for role, countries in regions.items():
        quoted = ", ".join("'" + c.replace("'", "''") + "'" for c in countries)
        rules.append({"name": f"region {quoted}", "filter_type": "Regular", "tables": list(tables),
                      "roles": [role], "group_key": "region",
                      "clause": f"country in ({quoted})" if countries else "1 = 0"})
    rules.append({"name": "nobody", "filter_type": "Base", "tables": list(tables),
                  "roles": [*regions, *free], "group_key": "nobody", "clause": "1 = 0"})
    return rules
