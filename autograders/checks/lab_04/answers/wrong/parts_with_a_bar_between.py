"""The four parts with a bar between them, which ids of some log-in services have in them."""
# loses: check_copies_share_an_id
# %% event_rows
def event_rows(events) -> list:
    rows = []
    for event in events:
        p = event["properties"]
        four = [str(x) for x in (event["event"], p.get("distinct_id"), p.get("time"), p.get("$insert_id"))]
        id = "|".join(four) if "$insert_id" in p else json.dumps(event)
        rows.append((id, p.get("mp_processing_time_ms", 0), json.dumps(event)))
    return rows
