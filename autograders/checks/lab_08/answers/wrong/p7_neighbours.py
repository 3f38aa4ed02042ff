"""Only copies that follow each other are one."""
# loses: check_accepted_trigger
# %% accepted_trigger
def accepted_trigger(happened, received):
    by_id = {at: each["key"] for at, each in enumerate(received) if not at or received[at - 1]["id"] != each["id"]}
    many = Counter(by_id.values())
    return {"missing": sorted(key for key in happened if not many[key]),
            "twice": sorted(key for key in happened if many[key] > 1),
            "untrue": sorted(key for key in many if many[key] and key not in set(happened))}
