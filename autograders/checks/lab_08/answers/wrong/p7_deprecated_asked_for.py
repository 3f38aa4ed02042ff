"""Asks developers for what is deprecated."""
# loses: check_ticket
# %% ticket
def ticket(plan, name) -> dict:
    event = plan["events"][name]
    props = plan.get("common", {}) | event.get("properties", {})
    trigger = event["trigger"]
    return {
        "title": f"Track {name}", "owner": event.get("owner") or plan["owner"],
        "when": trigger["when"], "once_per": trigger["once_per"],
        "places": sorted(f"{source}: {file}" for source, file in trigger["where"].items()),
        "example": {key: prop["example"] for key, prop in props.items() if prop.get("required")},
        "careful": sorted(key for key, prop in props.items()
                          if prop.get("personal_data") in ("personal", "sensitive"))}
