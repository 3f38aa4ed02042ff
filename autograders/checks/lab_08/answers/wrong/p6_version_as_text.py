"""Compares versions as text: 10 comes before 9, and any higher version will do."""
# loses: check_gate
# %% gate
def gate(old, new) -> list:
    found = []
    for name, was in old["events"].items() if new["version"] <= old["version"] else ():
        if name not in new["events"]:
            if was.get("status") != "planned":
                found.append((pointer("events", name), "event gone"))
            continue
        gone, come = was.get("properties", {}), new["events"][name].get("properties", {})
        for key in gone.keys() | come.keys():
            one, two = gone.get(key), come.get(key)
            needed = [bool(prop and prop.get("required")) for prop in (one, two)]
            reasons = {"required property new": one is None and needed[1],
                       "required property gone": two is None and needed[0],
                       "now required": one is not None and needed == [False, True],
                       "other type": one and two and one["type"] != two["type"]}
            at = pointer("events", name, "properties", key)
            found += [(at, reason) for reason, holds in reasons.items() if holds]
    return sorted(found)
