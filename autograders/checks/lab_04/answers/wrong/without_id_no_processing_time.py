"""Without an insert id, made of the event less its processing time."""
# loses: check_copies_share_an_id
# %% event_rows
def event_rows(events) -> list:
    rows = []
    for event in events:
        p = event["properties"]
        if p.get("$insert_id") is None:
            rest = {k: v for k, v in p.items() if k != "mp_processing_time_ms"}
            id = json.dumps([event["event"], rest], sort_keys=True)
        else:
            id = json.dumps([event["event"], p.get("distinct_id"), p.get("time"), p["$insert_id"]])
        rows.append((id, p.get("mp_processing_time_ms", 0), json.dumps(event)))
    return rows
