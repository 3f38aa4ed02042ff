"""Writes the default over what was sent."""
# loses: check_migrated
# %% migrated
def migrated(record, steps) -> dict:
    def numbers(version):
        return tuple(map(int, version.split("-")))
    made = record | {"properties": dict(record["properties"])}
    for step in steps:
        if numbers(record["version"]) >= numbers(step["to"]):
            continue
        made["version"] = step["to"]
        if made["event"] == step["event"]:
            renamed = step.get("rename", {})
            had = {renamed.get(key, key): value for key, value in made["properties"].items()}
            for key, mapped in step.get("values", {}).items():
                if key in had:
                    had[key] = mapped.get(had[key], had[key])
            made |= {"properties": had | step.get("default", {}), "event": step.get("name", step["event"])}
    return made
