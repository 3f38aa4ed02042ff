"""What is deprecated is left out first, so the common one of that name comes back."""
# loses: check_ticket
# %% ticket
def ticket(plan, name):
    event = plan["events"][name]
    current = {key: prop for part in (plan.get("common"), event.get("properties"))
               for key, prop in (part or {}).items() if not prop.get("deprecated")}
    trigger = event["trigger"]
    return {
        "title": "Track " + name,
        "owner": event.get("owner") or plan["owner"],
        "when": trigger["when"],
        "once_per": trigger["once_per"],
        "places": sorted(f"{source}: {site}" for source, site in trigger["where"].items()),
        "example": {key: prop["example"] for key, prop in current.items() if prop.get("required")},
        "careful": sorted(key for key, prop in current.items()
                          if prop.get("personal_data") in ("personal", "sensitive")),
    }
