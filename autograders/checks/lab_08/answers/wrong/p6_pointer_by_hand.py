"""The pointer by hand: a slash in a name is not escaped."""
# loses: check_gate
# %% gate
def gate(old, new):
    if int(new["version"].split("-")[0]) > int(old["version"].split("-")[0]):
        return []
    found = []
    for name, event in old["events"].items():
        if name not in new["events"]:
            if event.get("status") != "planned":
                found.append((pointer("events", name), "event gone"))
            continue
        before = event.get("properties") or {}
        after = new["events"][name].get("properties") or {}
        for key in before.keys() | after.keys():
            at = f"/events/{name}/properties/{key}"
            if key not in before:
                if after[key].get("required"):
                    found.append((at, "required property new"))
            elif key not in after:
                if before[key].get("required"):
                    found.append((at, "required property gone"))
            else:
                if after[key].get("required") and not before[key].get("required"):
                    found.append((at, "now required"))
                if after[key]["type"] != before[key]["type"]:
                    found.append((at, "other type"))
    return sorted(found)
