"""Loops, a regular expression for the number at the end, a count at the end."""
# %% viewer_permissions
import re

def viewer_permissions(permissions, reads, datasets):
    chosen = set()
    for permission in permissions:
        may, of = permission["permission"]["name"], permission["view_menu"]["name"]
        number = re.search(r"\(id:(\d+)\)$", of)
        if (may, of) in {tuple(pair) for pair in reads}:
            chosen.add(permission["id"])
        if may == "datasource_access" and number and int(number[1]) in datasets:
            chosen.add(permission["id"])
    if len(chosen) < len(reads) + len(datasets):
        raise KeyError("some rights are not in this list: is it the first page only?")
    return sorted(chosen)
