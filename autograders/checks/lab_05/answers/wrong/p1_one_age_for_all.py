"""The price list is as old as any other table at once."""
# loses: check_sources_say_when_they_are_stale
# %% production_sources
def production_sources() -> str:
    table = "      - {{name: {0}, identifier: production_{0}}}\n"
    nightly = ("households", "people", "subscriptions", "orders", "order_items")
    weekly = "config: {freshness: {warn_after: {count: 8, period: day}, error_after: null}}"
    return f"""
sources:
  - name: production
    schema: raw
    config:
      loaded_at_field: _loaded_at
      freshness:
        warn_after: {{count: 26, period: hour}}
        error_after: {{count: 50, period: hour}}
    tables:
{"".join(map(table.format, nightly))}
      - {{name: plans, identifier: production_plans}}
      - {{name: recipes, identifier: production_recipes}}
"""
