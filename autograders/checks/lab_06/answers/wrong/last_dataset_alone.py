"""Complains only when nothing at all was found for the datasets."""
# loses: check_a_missing_right_is_told
# %% viewer_permissions
def viewer_permissions(permissions, reads, datasets):
    ids = []
    for may, of in reads:
        found = [p["id"] for p in permissions
                 if p["permission"]["name"] == may and p["view_menu"]["name"] == of]
        if not found:
            raise LookupError(f"{may} on {of}")
        ids += found
    for dataset in datasets:
        found = [p["id"] for p in permissions if p["permission"]["name"] == "datasource_access"
                 and p["view_menu"]["name"].endswith(f"(id:{dataset})")]
        ids += found
    if datasets and not found:
        raise LookupError("no dataset")
    return sorted(set(ids))
