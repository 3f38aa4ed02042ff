"""Visitors without a user are left out"""
# loses: check_copies_found
# %% copies
def copies(records):
    seen, out = {}, []
    for r in records:
        if not r["user_id"]: continue
        key = (r["event"], r["user_id"], r["device_id"], r["time_ms"], json.dumps(r["properties"], sort_keys=True))
        if key in seen:
            out.append((r["id"], "duplicate" if r["id"] in seen[key] else "duplicate_without_id"))
        seen.setdefault(key, set()).add(r["id"])
    return out
