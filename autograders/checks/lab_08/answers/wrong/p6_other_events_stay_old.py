"""Leaves the version of events that no step names."""
# loses: check_migrated
# %% migrated
def migrated(record, steps) -> dict:
    def numbers(version):
        return tuple(map(int, version.split("-")))
    made = record | {"properties": dict(record["properties"])}
    for step in steps:
        if numbers(record["version"]) >= numbers(step["to"]) or made["event"] != step["event"]:
            continue
        renamed = step.get("rename", {})
        had = {renamed.get(key, key): value for key, value in made["properties"].items()}
        for key, mapped in step.get("values", {}).items():
            if key in had:
                had[key] = mapped.get(had[key], had[key])
        made |= {"version": step["to"], "properties": step.get("default", {}) | had,
                 "event": step.get("name", step["event"])}
    return made
