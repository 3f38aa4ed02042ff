"""Python's hash() of the four: another number in the next process, and one for -1 and -2."""
# loses: check_copies_share_an_id
# %% event_rows
def event_rows(events):
    rows = []
    for event in events:
        p = event["properties"]
        key = (event["event"], p["distinct_id"], p["time"], p["$insert_id"]) if "$insert_id" in p else json.dumps(event)
        id = str(hash(key))
        rows.append((id, p.get("mp_processing_time_ms", 0), json.dumps(event)))
    return rows
