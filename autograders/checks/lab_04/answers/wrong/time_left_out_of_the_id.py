"""Three of the four."""
# loses: check_copies_share_an_id
# %% event_rows
def event_rows(events) -> list:
    rows = []
    for event in events:
        its = event["properties"]
        key = [event["event"], its["distinct_id"], its["time"], its.get("$insert_id")]
        id = json.dumps(event if key[-1] is None else [*key[:2], key[-1]])
        rows.append((id, its.get("mp_processing_time_ms", 0), json.dumps(event)))
    return rows
