"""Does not compare properties."""
# loses: check_copies_found
# %% copies
def copies(records):
    seen, found = {}, []
    for record in records:
        same = json.dumps([record["event"], record["user_id"], record["device_id"],
                           record["time_ms"]], sort_keys=True)
        ids = seen.setdefault(same, set())
        if ids:
            kind = "duplicate" if record["id"] in ids else "duplicate_without_id"
            found.append((record["id"], kind))
        ids.add(record["id"])
    return found
