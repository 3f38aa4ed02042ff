"""Regular expressions, one list of findings, tuples as keys."""
# %% real_name
def real_name(name, planned):
    import re
    for each in planned:
        if re.sub("[ _-]", "", each).casefold() == re.sub("[ _-]", "", name).casefold():
            return each
# %% audit
def audit(records):
    findings = set()
    for r in records:
        kinds = []
        name = real_name(r["event"], [*EVENTS])
        if name is None:
            kinds.append("unplanned")
        else:
            if r["event"] not in EVENTS:
                kinds.append("spelling")
            if EVENTS[name].keys() - r["properties"].keys():
                kinds.append("missing_property")
            for key, meant in EVENTS[name].items():
                if meant is int and type(r["properties"].get(key)) is str:
                    kinds.append("type_drift")
        if r["properties"].get("platform", "") not in ("web", "ios", "android"):
            kinds.append("enum_drift")
        if "@" in " ".join(v for v in r["properties"].values() if type(v) is str):
            kinds.append("personal_data")
        if r["user_id"] and r["user_id"][:3] == "qa_":
            kinds.append("test_account")
        minutes = (r["received_ms"] - r["time_ms"]) / 60_000
        if minutes >= 720:
            kinds.append("late")
        elif not -60 <= minutes <= 60:
            kinds.append("clock_skew")
        findings |= {(r["id"], kind) for kind in kinds}
    return findings
# %% copies
def copies(records):
    first, ids, found = set(), set(), []
    for r in records:
        key = (r["event"], r["user_id"], r["device_id"], r["time_ms"],
               tuple(sorted((k, repr(v)) for k, v in r["properties"].items())))
        if key in first:
            kind = "duplicate" if (key, r["id"]) in ids else "duplicate_without_id"
            found.append([r["id"], kind])
        first.add(key)
        ids.add((key, r["id"]))
    return found
# %% revenue
def revenue(records):
    chosen = [r for r in records if real_name(r["event"], ["Order Placed"])]
    frame = pd.DataFrame([{"order": str(r["properties"].get("order_id", f"{r['user_id']} {r['time_ms']}")),
                           "user": r["user_id"], "cents": int(r["properties"]["total_cents"])} for r in chosen],
                         columns=["order", "user", "cents"])
    frame = frame[~frame.user.astype(str).str.startswith("qa_")]
    return int(frame.drop_duplicates("order").cents.sum())
# %% persons
def persons(records):
    by_device = {}
    for n, r in enumerate(records):
        by_device.setdefault(r["device_id"], []).append((r["time_ms"], n, r["user_id"]))
    who = {}
    for device, events in by_device.items():
        events.sort()
        for place, (_, n, user) in enumerate(events):
            who[n] = user or next((later for _, _, later in events[place:] if later), device)
    return [who[n] for n in range(len(records))]
# %% funnel
def funnel(records, steps, who):
    return [len({p for p, r in zip(who, records) if real_name(r["event"], list(EVENTS)) == step
                 and p[:3] != "qa_"}) for step in steps]
# %% schema_of
def schema_of(properties):
    def one(said):
        kinds = {"decimal": {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"},
                 "date-time": {"type": "string", "format": "date-time"}, "enum": {"type": "string"}}
        made = dict(kinds.get(said["type"], {"type": said["type"]}))
        for key, word in (("values", "enum"), ("minimum", "minimum"), ("maximum", "maximum"),
                          ("pattern", "pattern")):
            if said.get(key) is not None:
                made[word] = said[key]
        return {"anyOf": [made, {"type": "null"}]} if said.get("nullable") else made
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
            "properties": {name: one(said) for name, said in properties.items()},
            "required": sorted(n for n, said in properties.items() if said.get("required", False)),
            "unevaluatedProperties": False}
# %% door
def door(schemas, records):
    good, bad = [], []
    for record in records:
        why = set()
        for key in ("event", "properties"):
            if key not in record:
                why.add(key)
        if not why and record["event"] not in schemas:
            why.add(str(record["event"]))
        if not why and type(record["properties"]) is not dict:
            why.add("properties")
        if not why:
            schema = schemas[record["event"]]
            given = record["properties"]
            why |= set(schema["required"]) - given.keys()
            why |= given.keys() - schema["properties"].keys()
            for key in given.keys() & schema["properties"].keys():
                if not jsonschema_rs.is_valid(schema["properties"][key], given[key]):
                    why.add(key)
        (bad if why else good).append((record, ", ".join(sorted(why))) if why else record)
    return (good, bad)
