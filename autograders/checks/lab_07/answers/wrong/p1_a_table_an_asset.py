"""Makes an asset of each table of a source, as dagster-dbt does by itself."""
# loses: check_sources_are_loads
# %% asset_key
def asset_key(node) -> str:
    return node["source_name"] + "/" + node["name"] if node["resource_type"] == "source" else node["name"]
