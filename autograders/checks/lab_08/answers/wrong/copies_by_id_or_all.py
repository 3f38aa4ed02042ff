"""A copy is what has an id that was there"""
# loses: check_copies_found
# %% copies
def copies(records):
    ids, keys, out = set(), set(), []
    for r in records:
        key = (r["event"], r["user_id"], r["device_id"], r["time_ms"], json.dumps(r["properties"], sort_keys=True))
        if r["id"] in ids: out.append((r["id"], "duplicate"))
        elif key in keys: out.append((r["id"], "duplicate_without_id"))
        ids.add(r["id"]); keys.add(key)
    return out
