"""Writing, too, on what may be read."""
# loses: check_viewers_get_what_they_need
# %% viewer_permissions
def viewer_permissions(permissions, reads, datasets):
    pairs, ids, found = set(reads), [], set()
    for p in permissions:
        may, of = p["permission"]["name"], p["view_menu"]["name"]
        if of in {name for _, name in pairs}:
            ids.append(p["id"])
            found.add((may, of))
        for dataset in datasets:
            if may == "datasource_access" and of.endswith(f"(id:{dataset})"):
                ids.append(p["id"])
                found.add(dataset)
    if not found >= pairs | set(datasets):
        raise LookupError("not in the list")
    return sorted(set(ids))
