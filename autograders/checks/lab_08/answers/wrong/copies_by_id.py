"""Goes by the id."""
# loses: check_copies_found
# %% copies
def copies(records):
    seen, found = {}, []
    for record in records:
        same = record["id"]
        ids = seen.setdefault(same, set())
        if ids:
            kind = "duplicate" if record["id"] in ids else "duplicate_without_id"
            found.append((record["id"], kind))
        ids.add(record["id"])
    return found
