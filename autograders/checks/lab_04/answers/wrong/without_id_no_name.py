"""Without an insert id, the id is made of the properties, and not of the event's name."""
# loses: check_copies_share_an_id
# %% event_rows
def event_rows(events):
    rows = []
    for event in events:
        of = event["properties"]
        if "$insert_id" in of:
            id = json.dumps([event["event"], of["distinct_id"], of["time"], of["$insert_id"]])
        else:
            id = json.dumps(of, sort_keys=True)
        rows.append((id, of.get("mp_processing_time_ms", 0), json.dumps(event)))
    return rows
