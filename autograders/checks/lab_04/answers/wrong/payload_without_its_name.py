"""Keeps the properties alone."""
# loses: check_the_latest_copy_can_win
# %% event_rows
def event_rows(events) -> list:
    rows = []
    for event in events:
        its = event["properties"]
        key = [event["event"], its["distinct_id"], its["time"], its.get("$insert_id")]
        id = json.dumps(event if key[-1] is None else key, sort_keys=True)
        rows.append((id, its.get("mp_processing_time_ms", 0), json.dumps(its)))
    return rows
