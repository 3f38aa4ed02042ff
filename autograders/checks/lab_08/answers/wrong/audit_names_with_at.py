"""The names of properties are searched as well"""
# loses: check_people_audited
# %% audit
MINUTE, HOUR = 60_000, 3_600_000  # milliseconds

def audit(records):
    found = []
    for r in records:
        real = real_name(r["event"], list(EVENTS))
        props = r["properties"]
        own = EVENTS.get(real, {})
        gap = r["received_ms"] - r["time_ms"]
        late = gap >= 12 * HOUR
        has = {
            "spelling": real is not None and r["event"] not in EVENTS,
            "unplanned": real is None,
            "missing_property": any(p not in props for p in own),
            "type_drift": any(t is int and isinstance(props.get(p), str) for p, t in own.items()),
            "enum_drift": props.get("platform") not in PLATFORMS,
            "personal_data": "@" in json.dumps(props),
            "test_account": (r["user_id"] or "").startswith("qa_"),
            "late": late,
            "clock_skew": not late and abs(gap) > 60 * MINUTE,
        }
        found += [(r["id"], kind) for kind, true in has.items() if true]
    return found
