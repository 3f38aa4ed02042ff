"""Empty properties are missing ones"""
# loses: check_everything_is_kept check_reasons_name_the_place
# %% door
def door(schemas, records) -> tuple:
    accepted, kept = [], []
    for record in records:
        reasons = []
        for key in ("event", "properties"):
            if not record.get(key): reasons.append(f"{key} is missing")
        if record.get("event") and (not isinstance(record["event"], str) or record["event"] not in schemas):
            reasons.append(f"{record['event']} is not planned")
        if "properties" in record and not isinstance(record["properties"], dict):
            reasons.append("properties is no dict")
        if not reasons:
            for e in jsonschema_rs.validator_for(schemas[record["event"]]).iter_errors(record["properties"]):
                reasons.append(f"{'.'.join(map(str, e.instance_path))}: {e.message}")
        if reasons: kept.append((record, "; ".join(reasons)))
        else: accepted.append(record)
    return accepted, kept
