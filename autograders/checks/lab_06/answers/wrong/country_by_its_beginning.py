"""Countries that begin alike."""
# loses: check_regions_add_up
# %% region_rules
def region_rules(regions, tables, free):
    def named(countries):
        return ", ".join("'" + country.replace("'", "''") + "'" for country in countries)

    made = [("no row", "Base", list(free), "1 = 0"),
            *((f"role {role}", "Regular", [role], " or ".join(f"country like {named([c])[:-1]}%'" for c in countries))
              for role, countries in regions.items())]
    return [{"name": name, "filter_type": kind, "tables": tables, "roles": roles, "group_key": "region", "clause": clause}
            for name, kind, roles, clause in made]
