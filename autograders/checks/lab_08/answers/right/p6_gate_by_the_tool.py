"""Asks `labs plan diff` for what breaks, and finds the reasons in its words."""
# %% gate
def gate(old, new) -> list:
    from environments.tracking.yaml_text import to_yaml
    if int(new["version"].split("-")[0]) > int(old["version"].split("-")[0]):
        return []
    found = set()
    for change in compare(*(plan_of(to_yaml(plan)) for plan in (old, new))).changes:
        if change.breaking:
            said = {"a new": "required property new", "the required": "required property gone",
                    "it was": "now required", "the type": "other type"}
            reason = next((reason for words, reason in said.items() if change.message.startswith(words)), "event gone")
            found.add((change.pointer, reason))
            if reason == "other type":
                steps = [step.replace("~1", "/").replace("~0", "~") for step in change.pointer.split("/")]
                one, two = (plan["events"][steps[2]]["properties"][steps[4]] for plan in (old, new))
                if two.get("required") and not one.get("required"):
                    found.add((change.pointer, "now required"))
    return sorted(found)
