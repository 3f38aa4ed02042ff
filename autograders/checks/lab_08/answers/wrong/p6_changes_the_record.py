"""Writes into the record that was sent: history is gone."""
# loses: check_migrated
# %% migrated
def migrated(record, steps) -> dict:
    def numbers(version):
        return tuple(map(int, version.split("-")))
    for step in steps:
        if numbers(record["version"]) >= numbers(step["to"]):
            continue
        record["version"] = step["to"]
        if record["event"] == step["event"]:
            renamed = step.get("rename", {})
            had = {renamed.get(key, key): value for key, value in record["properties"].items()}
            for key, mapped in step.get("values", {}).items():
                if key in had:
                    had[key] = mapped.get(had[key], had[key])
            record["properties"] = step.get("default", {}) | had
            record["event"] = step.get("name", step["event"])
    return record
