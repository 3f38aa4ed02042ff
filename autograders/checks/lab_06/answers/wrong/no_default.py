"""Who has no region sees all."""
# loses: check_nobody_sees_by_default
# %% region_rules
def region_rules(regions, tables, free):
    def named(countries):
        return ", ".join("'" + country.replace("'", "''") + "'" for country in countries)

    made = [
            *((f"role {role}", "Regular", [role], f"country in ({named(countries)})")
              for role, countries in regions.items())]
    return [{"name": name, "filter_type": kind, "tables": tables, "roles": roles, "group_key": "region", "clause": clause}
            for name, kind, roles, clause in made]
