"""Two that differ in when they were taken in have two ids."""
# loses: check_copies_share_an_id
# %% event_rows
def event_rows(events) -> list:
    rows = []
    for event in events:
        its = event["properties"]
        key = [event["event"], its["distinct_id"], its["time"], its.get("$insert_id")]
        id = json.dumps(event, sort_keys=True)
        rows.append((id, its.get("mp_processing_time_ms", 0), json.dumps(event)))
    return rows
