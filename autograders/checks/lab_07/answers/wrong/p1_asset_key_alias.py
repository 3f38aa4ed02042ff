'''The name of the table in the database, which a node may give as its alias, in place of its name.'''
# loses: check_sources_are_loads
# %% asset_key
def asset_key(node) -> str:
    if node["resource_type"] == "source":
        return node["source_name"]
    return node.get("alias") or node["name"]
