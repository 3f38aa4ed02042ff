"""The Base rule holds for free roles, too."""
# loses: check_nobody_sees_by_default
# %% region_rules
def region_rules(regions, tables, free):
    def named(countries):
        return ", ".join("'" + country.replace("'", "''") + "'" for country in countries)

    made = [("no row", "Base", [], "1 = 0"),
            *((f"role {role}", "Regular", [role], f"country in ({named(countries)})")
              for role, countries in regions.items())]
    return [{"name": name, "filter_type": kind, "tables": tables, "roles": roles, "group_key": "region", "clause": clause}
            for name, kind, roles, clause in made]
