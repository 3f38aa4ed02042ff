"""Lets a renamed event pass, since one with the same properties is there."""
# loses: check_gate
# %% gate
def gate(old, new) -> list:
    if int(new["version"].split("-")[0]) > int(old["version"].split("-")[0]):
        return []
    found, come = [], [event for name, event in new["events"].items() if name not in old["events"]]
    for name, was in old["events"].items():
        if name not in new["events"]:
            if was.get("status") != "planned" and was not in come:
                found.append((pointer("events", name), "event gone"))
            continue
        before, after = was.get("properties", {}), new["events"][name].get("properties", {})
        for key in before.keys() | after.keys():
            one, two = before.get(key), after.get(key)
            at = pointer("events", name, "properties", key)
            if one is None:
                found += [(at, "required property new")] if two.get("required") else []
            elif two is None:
                found += [(at, "required property gone")] if one.get("required") else []
            else:
                found += [(at, "now required")] if two.get("required") and not one.get("required") else []
                found += [(at, "other type")] if one["type"] != two["type"] else []
    return sorted(found)
