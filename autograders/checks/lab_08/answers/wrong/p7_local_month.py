"""Takes the month of the company's clock."""
# loses: check_monthly_audit
# %% monthly_audit
def monthly_audit(records, month, plan) -> dict:
    here = ZoneInfo("America/New_York")
    once = {record["id"]: record for record in records
            if f"{datetime.fromtimestamp(record['time_ms'] / 1000, here):%Y-%m}" == month}.values()
    events = {name: {"accepted": 0, "quarantined": 0} for name in plan["events"]}
    unplanned, reasons = Counter(), Counter()
    for record in once:
        if record["event"] in events:
            events[record["event"]]["quarantined" if record["reasons"] else "accepted"] += 1
        else:
            unplanned[record["event"]] += 1
        reasons.update(set(record["reasons"]))
    silent = sorted(name for name, event in plan["events"].items()
                    if event.get("status") == "live" and not events[name]["accepted"])
    return {"month": month, "events": events, "unplanned": dict(unplanned),
            "reasons": dict(reasons), "silent": silent}
