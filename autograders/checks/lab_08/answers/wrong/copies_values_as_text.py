"""Values are compared as text: 3 is \'3\'"""
# loses: check_copies_found
# %% copies
def copies(records):
    seen, out = {}, []
    for r in records:
        key = (r["event"], r["user_id"], r["device_id"], r["time_ms"], tuple(sorted((k, str(v)) for k, v in r["properties"].items())))
        if key in seen:
            out.append((r["id"], "duplicate" if r["id"] in seen[key] else "duplicate_without_id"))
        seen.setdefault(key, set()).add(r["id"])
    return out
