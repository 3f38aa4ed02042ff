"""Rules for each dataset; countries joined by OR."""
# %% region_rules
def region_rules(regions, tables, free):
    rules = []
    for table in tables:
        for role, countries in regions.items():
            ways = ["country = '{}'".format(c.replace("'", "''")) for c in countries] or ["1 = 2"]
            rules.append({"name": f"{role} on {table}", "description": "", "filter_type": "Regular",
                          "tables": [table], "roles": [role], "group_key": "regions",
                          "clause": " OR ".join(ways)})
        rules.append({"name": f"others on {table}", "description": "", "filter_type": "Base",
                      "tables": [table], "roles": [*free, *regions], "group_key": None,
                      "clause": "country IS NULL AND country IS NOT NULL"})
    return rules
