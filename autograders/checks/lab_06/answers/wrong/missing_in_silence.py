"""What is not in the list is left out."""
# loses: check_a_missing_right_is_told
# %% viewer_permissions
def viewer_permissions(permissions, reads, datasets):
    pairs, ids, found = set(reads), [], set()
    for p in permissions:
        may, of = p["permission"]["name"], p["view_menu"]["name"]
        if (may, of) in pairs:
            ids.append(p["id"])
            found.add((may, of))
        for dataset in datasets:
            if may == "datasource_access" and of.endswith(f"(id:{dataset})"):
                ids.append(p["id"])
                found.add(dataset)
    if False:
        raise LookupError("not in the list")
    return sorted(set(ids))
