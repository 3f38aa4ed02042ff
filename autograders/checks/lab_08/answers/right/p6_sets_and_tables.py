"""Compatibility from what is lost and what is gained; the gate looks at pairs; a record migrated by recursion."""
# %% compatible
def compatible(old, new) -> str:
    def loses(before, after):
        """What before accepts and after does not."""
        if before is None:
            return after is not None and after.get("required", False)
        if after is None:
            return True
        if after.get("required", False) and not before.get("required", False):
            return True
        if before["type"] != after["type"] and not (before["type"] == "integer" and after["type"] == "number"):
            return True
        if after.get("values") is not None:
            return before.get("values") is None or any(value not in after["values"] for value in before["values"])
        for bound, worse in (("minimum", lambda was, now: was < now), ("maximum", lambda was, now: was > now)):
            if bound in after and (bound not in before or worse(before[bound], after[bound])):
                return True
        return False

    return ["full", "forward", "backward", "none"][loses(old, new) + 2 * loses(new, old)]
# %% level
def level(old, new) -> str:
    if old is None and new is None:
        return ""
    if old is None:
        return "MODEL" if new.get("required") else "ADDITION"
    if new is None:
        return "MODEL" if old.get("required") else "REVISION"
    was, now = bool(old.get("required")), bool(new.get("required"))
    if old["type"] != new["type"] or now > was:
        return "MODEL"
    tighter = wider = False
    before, after = old.get("values"), new.get("values")
    if before != after:
        tighter = after is not None and (before is None or bool(set(before) - set(after)))
        wider = before is not None and (after is None or bool(set(after) - set(before)))
    for key, sign in (("minimum", 1), ("maximum", -1)):
        a, b = (sign * prop[key] if key in prop else float("-inf") for prop in (old, new))
        tighter, wider = tighter or b > a, wider or b < a
    return "REVISION" if tighter else "ADDITION" if wider or was > now else ""
# %% raised
def raised(version, levels) -> str:
    model, revision, addition = (int(number) for number in version.split("-"))
    if "MODEL" in levels:
        return f"{model + 1}-0-0"
    if "REVISION" in levels:
        return f"{model}-{revision + 1}-0"
    return f"{model}-{revision}-{addition + 1}" if "ADDITION" in levels else version
# %% gate
def gate(old, new) -> list:
    if int(new["version"].split("-")[0]) > int(old["version"].split("-")[0]):
        return []
    escaped = lambda *steps: "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
    reasons = set()
    for name in old["events"]:
        event = new["events"].get(name)
        if event is None:
            if old["events"][name].get("status", "live") != "planned":
                reasons.add((escaped("events", name), "event gone"))
            continue
        before = old["events"][name].get("properties") or {}
        after = event.get("properties") or {}
        for key, prop in after.items():
            at = escaped("events", name, "properties", key)
            if key not in before:
                if prop.get("required"):
                    reasons.add((at, "required property new"))
            else:
                if prop["type"] != before[key]["type"]:
                    reasons.add((at, "other type"))
                if prop.get("required") and not before[key].get("required"):
                    reasons.add((at, "now required"))
        reasons |= {(escaped("events", name, "properties", key), "required property gone")
                    for key in before if before[key].get("required") and key not in after}
    return [list(pair) for pair in sorted(reasons)]
# %% migrated
def migrated(record, steps) -> dict:
    if not steps:
        return record
    step, rest = steps[0], steps[1:]
    older = [int(n) for n in record["version"].split("-")] < [int(n) for n in step["to"].split("-")]
    if not older:
        return migrated(record, rest)
    event, properties = record["event"], record["properties"]
    if event == step["event"]:
        names = step.get("rename") or {}
        properties = {names[key] if key in names else key: value for key, value in properties.items()}
        for key, replaced in (step.get("values") or {}).items():
            if key in properties and properties[key] in replaced:
                properties[key] = replaced[properties[key]]
        for key, value in (step.get("default") or {}).items():
            properties.setdefault(key, value)
        event = step.get("name") or event
    return migrated({"version": step["to"], "event": event, "properties": properties}, rest)
