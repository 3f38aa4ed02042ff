"""The four written one after the other, with nothing between them."""
# loses: check_copies_share_an_id
# %% event_rows
def event_rows(events) -> list:
    rows = []
    for event in events:
        its = event["properties"]
        key = [event["event"], its["distinct_id"], its["time"], its.get("$insert_id")]
        id = "".join(map(str, key)) if key[-1] else json.dumps(event)
        rows.append((id, its.get("mp_processing_time_ms", 0), json.dumps(event)))
    return rows
