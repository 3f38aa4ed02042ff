"""Drops records of events that the plan does not know, silently."""
# loses: check_monthly_audit
# %% monthly_audit
def monthly_audit(records, month, plan) -> dict:
    once = {record["id"]: record for record in records if record["event"] in plan["events"]
            and f"{datetime.fromtimestamp(record['time_ms'] / 1000, UTC):%Y-%m}" == month}.values()
    events = {name: {"accepted": 0, "quarantined": 0} for name in plan["events"]}
    reasons = Counter()
    for record in once:
        events[record["event"]]["quarantined" if record["reasons"] else "accepted"] += 1
        reasons.update(set(record["reasons"]))
    silent = sorted(name for name, event in plan["events"].items()
                    if event.get("status") == "live" and not events[name]["accepted"])
    return {"month": month, "events": events, "unplanned": {}, "reasons": dict(reasons), "silent": silent}
