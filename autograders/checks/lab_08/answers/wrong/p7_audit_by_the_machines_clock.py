"""Months by the clock of the machine."""
# loses: check_monthly_audit
# %% monthly_audit
def monthly_audit(records, month, plan):
    of_month = {}
    for each in records:
        at = datetime.fromtimestamp(each["time_ms"] // 1000)
        if at.strftime("%Y-%m") == month:
            of_month[each["id"]] = each
    events = {name: {"accepted": 0, "quarantined": 0} for name in plan["events"]}
    unplanned, reasons = Counter(), Counter()
    for each in of_month.values():
        if each["event"] in events:
            events[each["event"]]["quarantined" if each["reasons"] else "accepted"] += 1
        else:
            unplanned[each["event"]] += 1
        reasons.update(set(each["reasons"]))
    silent = sorted(name for name, event in plan["events"].items()
                    if event.get("status") == "live" and not events[name]["accepted"])
    return {"month": month, "events": events, "unplanned": dict(unplanned),
            "reasons": dict(reasons), "silent": silent}
