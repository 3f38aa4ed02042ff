"""A quote in a name ends the text."""
# loses: check_regions_add_up
# %% region_rules
def region_rules(regions, tables, free):
    def named(countries):
        return ", ".join("'" + country + "'" for country in countries)

    made = [("no row", "Base", list(free), "1 = 0"),
            *((f"role {role}", "Regular", [role], f"country in ({named(countries)})")
              for role, countries in regions.items())]
    return [{"name": name, "filter_type": kind, "tables": tables, "roles": roles, "group_key": "region", "clause": clause}
            for name, kind, roles, clause in made]
