"""Compares versions as text: 1-10-0 comes before 1-9-0."""
# loses: check_migrated
# %% migrated
def migrated(record, steps) -> dict:
    made = record | {"properties": dict(record["properties"])}
    for step in steps:
        if record["version"] >= step["to"]:
            continue
        made["version"] = step["to"]
        if made["event"] == step["event"]:
            renamed = step.get("rename", {})
            had = {renamed.get(key, key): value for key, value in made["properties"].items()}
            for key, mapped in step.get("values", {}).items():
                if key in had:
                    had[key] = mapped.get(had[key], had[key])
            made |= {"properties": step.get("default", {}) | had, "event": step.get("name", step["event"])}
    return made
