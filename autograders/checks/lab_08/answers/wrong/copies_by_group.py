"""By group, not in the order of the records"""
# loses: check_copies_found
# %% copies
def copies(records):
    groups, out = {}, []
    for r in records: groups.setdefault((r["event"], r["user_id"], r["device_id"], r["time_ms"], json.dumps(r["properties"], sort_keys=True)), []).append(r)
    for group in groups.values():
        ids = set()
        for n, r in enumerate(group):
            if n: out.append((r["id"], "duplicate" if r["id"] in ids else "duplicate_without_id"))
            ids.add(r["id"])
    return out
