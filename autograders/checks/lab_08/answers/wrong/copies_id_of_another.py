"""The id was at any record before"""
# loses: check_copies_found
# %% copies
def copies(records):
    seen, out, ids = {}, [], set()
    for r in records:
        key = (r["event"], r["user_id"], r["device_id"], r["time_ms"], json.dumps(r["properties"], sort_keys=True))
        if key in seen:
            out.append((r["id"], "duplicate" if r["id"] in ids else "duplicate_without_id"))
        seen.setdefault(key, set()); ids.add(r["id"])
    return out
