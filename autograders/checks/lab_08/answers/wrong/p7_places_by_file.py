"""Places are sorted by the file."""
# loses: check_ticket
# %% ticket
def ticket(plan, name):
    event = plan["events"][name]
    every = {**(plan.get("common") or {}), **(event.get("properties") or {})}
    current = {key: prop for key, prop in every.items() if not prop.get("deprecated")}
    trigger = event["trigger"]
    return {
        "title": "Track " + name,
        "owner": event.get("owner") or plan["owner"],
        "when": trigger["when"],
        "once_per": trigger["once_per"],
        "places": [f"{source}: {site}" for source, site in sorted(trigger["where"].items(), key=lambda item: item[1])],
        "example": {key: prop["example"] for key, prop in current.items() if prop.get("required")},
        "careful": sorted(key for key, prop in current.items()
                          if prop.get("personal_data") in ("personal", "sensitive")),
    }
