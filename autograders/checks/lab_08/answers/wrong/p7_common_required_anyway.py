"""A common property that is required is asked for, though the event's own is optional."""
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
        "places": sorted(f"{source}: {site}" for source, site in trigger["where"].items()),
        "example": {key: prop["example"] for key, prop in current.items()
                    if prop.get("required") or (plan.get("common") or {}).get(key, {}).get("required")},
        "careful": sorted(key for key, prop in current.items()
                          if prop.get("personal_data") in ("personal", "sensitive")),
    }
