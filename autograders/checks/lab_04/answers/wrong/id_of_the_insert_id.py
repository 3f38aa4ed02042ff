"""By $insert_id alone, which another user's event may share."""
# loses: check_copies_share_an_id
# %% event_rows
def event_rows(events) -> list:
    rows = []
    for event in events:
        its = event["properties"]
        key = [event["event"], its["distinct_id"], its["time"], its.get("$insert_id")]
        id = its.get("$insert_id") or json.dumps(event)
        rows.append((id, its.get("mp_processing_time_ms", 0), json.dumps(event)))
    return rows
