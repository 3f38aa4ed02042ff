"""Late only above 12 hours."""
# loses: check_times_audited
# %% audit
MINUTE, HOUR = 60_000, 3_600_000  # milliseconds

def audit(records):
    found, names = [], list(EVENTS)
    for record in records:
        name, own = real_name(record["event"], names), record["properties"]
        meant, gap = EVENTS.get(name, {}), record["received_ms"] - record["time_ms"]
        kinds = {
            "spelling": name and name != record["event"], "unplanned": not name,
            "missing_property": any(each not in own for each in meant),
            "type_drift": any(meant[each] is int and isinstance(own.get(each), str)
                              for each in meant),
            "enum_drift": own.get("platform") not in PLATFORMS,
            "personal_data": any(isinstance(text, str) and "@" in text for text in own.values()),
            "test_account": (record["user_id"] or "").startswith("qa_"),
            "late": gap > 12 * HOUR, "clock_skew": gap <= 12 * HOUR and abs(gap) > 60 * MINUTE}
        found += [(record["id"], kind) for kind, holds in kinds.items() if holds]
    return found
