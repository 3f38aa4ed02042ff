"""Lays each version over the older ones: a field that is gone comes back."""
# loses: check_newest_version_wins
# %% newest_versions
def newest_versions(events, kind) -> dict:
    found = {}
    for event in events:
        obj = event["data"]["object"]
        if obj["object"] == kind:
            found[obj["id"]] = obj | found.get(obj["id"], {})
    return found
