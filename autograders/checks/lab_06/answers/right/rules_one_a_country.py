"""A rule for each country and role."""
# %% region_rules
def region_rules(regions, tables, free):
    made = [(f"{role} {country}", "Regular", [role], "country = '" + country.replace("'", "''") + "'")
            for role in regions for country in regions[role]]
    made += [("nobody", "Base", free, "false")]
    return [dict(name=n, filter_type=f, tables=tables, roles=r, clause=c, group_key="by country") for n, f, r, c in made]
