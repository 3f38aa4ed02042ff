"""Compares the number found with the number asked: another right in the place of a missing one is enough."""
# loses: check_viewers_get_what_they_need, check_a_missing_right_is_told
# %% viewer_permissions
def viewer_permissions(permissions, reads, datasets):
    names, menus = {may for may, _ in reads}, {of for _, of in reads}
    ends = tuple(f"(id:{d})" for d in datasets)
    ids = sorted(p["id"] for p in permissions
                 if (p["permission"]["name"] in names and p["view_menu"]["name"] in menus)
                 or (p["permission"]["name"] == "datasource_access"
                     and p["view_menu"]["name"].endswith(ends)))
    if len(ids) < len(reads) + len(datasets):
        raise LookupError("a right is missing")
    return ids
