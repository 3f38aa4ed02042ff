"""Takes equal records for one."""
# loses: check_everything_is_kept
# %% door
def door(schemas, records) -> tuple:
    checks = {name: jsonschema_rs.validator_for(schema) for name, schema in schemas.items()}
    accepted, quarantined = [], []
    for record in [each for n, each in enumerate(records) if each not in records[:n]]:
        name, own = record.get("event"), record.get("properties")
        if "event" not in record:
            reasons = ["there is no event"]
        elif name not in checks:
            reasons = [f"{name} is not planned"]
        elif not isinstance(own, dict):
            reasons = ["properties are no dict"]
        else:
            reasons = [f"{'.'.join(map(str, error.instance_path))}: {error.message}"
                       for error in checks[name].iter_errors(own)]
        if reasons:
            quarantined.append((record, "; ".join(reasons)))
        else:
            accepted.append(record)
    return accepted, quarantined
