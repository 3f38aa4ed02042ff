"""Only properties that are true are renamed."""
# loses: check_migrated
# %% migrated
def migrated(record, steps):
    def numbers(version):
        return tuple(int(part) for part in version.split("-"))
    sent = numbers(record["version"])
    event, properties = record["event"], dict(record["properties"])
    for step in steps:
        if not sent < numbers(step["to"]) or step["event"] != event:
            continue
        properties = {step.get("rename", {}).get(key, key) if value else key: value for key, value in properties.items()}
        for key, mapping in step.get("values", {}).items():
            if key in properties:
                value = properties[key]
                for each in mapping:
                    if each == value:
                        properties[key] = mapping[each]
                        break
        for key, value in step.get("default", {}).items():
            if key not in properties:
                properties[key] = value
        event = step.get("name", event)
    version = record["version"]
    if steps and sent < numbers(steps[-1]["to"]):
        version = steps[-1]["to"]
    return record | {"version": version, "event": event, "properties": properties}
