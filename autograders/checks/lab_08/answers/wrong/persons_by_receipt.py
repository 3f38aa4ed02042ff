"""By received_ms"""
# loses: check_people_told_apart
# %% persons
def persons(records) -> list:
    nxt, who = {}, {}
    for n in sorted(range(len(records)), key=lambda n: -records[n]["received_ms"]):
        r = records[n]
        if r["user_id"]: nxt[r["device_id"]] = r["user_id"]
        who[n] = r["user_id"] or nxt.get(r["device_id"], r["device_id"])
    return [who[n] for n in range(len(records))]
