"""The audit in pandas; acceptance by counting ids; months by counting on; devices by person."""
# %% ticket
def ticket(plan, name) -> dict:
    event = plan["events"][name]
    example, careful = {}, set()
    properties = dict(event.get("properties") or {})
    for key, prop in (plan.get("common") or {}).items():
        properties.setdefault(key, prop)
    for key, prop in properties.items():
        if prop.get("deprecated"):
            continue
        if prop.get("required"):
            example[key] = prop["example"]
        if prop.get("personal_data") in {"personal", "sensitive"}:
            careful.add(key)
    where = event["trigger"]["where"]
    return dict(title="Track " + name, owner=event["owner"] if event.get("owner") else plan["owner"],
                when=event["trigger"]["when"], once_per=event["trigger"]["once_per"],
                places=tuple(f"{source}: {where[source]}" for source in sorted(where)),
                example=example, careful=sorted(careful))
# %% accepted_trigger
def accepted_trigger(happened, received) -> dict:
    ids = {}
    for event in received:
        ids.setdefault(event["key"], set()).add(event["id"])
    return {"untrue": sorted(key for key in ids if key not in happened),
            "missing": sorted(key for key in happened if key not in ids),
            "twice": sorted(key for key in happened if len(ids.get(key, ())) >= 2)}
# %% monthly_audit
def monthly_audit(records, month, plan) -> dict:
    frame = pd.DataFrame(records, columns=["id", "event", "time_ms", "reasons"])
    at = pd.to_datetime(frame["time_ms"], unit="ms", utc=True)
    frame = frame[at.dt.strftime("%Y-%m") == month].drop_duplicates("id")
    good = frame["reasons"].map(len) == 0
    accepted, refused = (frame[mask]["event"].value_counts() for mask in (good, ~good))
    strange = frame[~frame["event"].isin(list(plan["events"]))]["event"].value_counts()
    reasons = frame["reasons"].map(lambda why: sorted(set(why))).explode().dropna().value_counts()
    return {"silent": sorted(name for name, event in plan["events"].items()
                             if event.get("status") == "live" and name not in accepted),
            "month": month, "reasons": {name: int(n) for name, n in reasons.items()},
            "unplanned": {name: int(n) for name, n in strange.items()},
            "events": {name: {"accepted": int(accepted.get(name, 0)), "quarantined": int(refused.get(name, 0))}
                       for name in plan["events"]}}
# %% due_months
def due_months(now, first, done) -> list:
    months = []
    year, month = int(first[:4]), int(first[5:])
    for _ in range(12 * 200):
        after = (year + 1, 1) if month == 12 else (year, month + 1)
        if now < datetime(*after, 3, tzinfo=ZoneInfo("America/New_York")):
            break
        months.append("%d-%02d" % (year, month))
        year, month = after
    return sorted(set(months) - set(done))
# %% may_stay
def may_stay(records, requests) -> list:
    stay = records
    for request in requests:
        mine = {each["device_id"] for each in records if each["user_id"] == request["user_id"]}
        kept = []
        for each in stay:
            theirs = each["user_id"] == request["user_id"] or (each["user_id"] is None and each["device_id"] in mine)
            if theirs and request["kind"] == "withdrawal":
                theirs = each["time_ms"] >= request["time_ms"]
            if not theirs:
                kept.append(each)
        stay = kept
    return stay
