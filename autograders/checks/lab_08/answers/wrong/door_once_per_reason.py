"""Keeps a record once for each reason."""
# loses: check_everything_is_kept check_reasons_name_the_place
# %% door
def door(schemas, records) -> tuple:
    checks = {name: jsonschema_rs.validator_for(schema) for name, schema in schemas.items()}
    accepted, quarantined = [], []
    for record in records:
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
            quarantined += [(record, reason) for reason in reasons]
        else:
            accepted.append(record)
    return accepted, quarantined
