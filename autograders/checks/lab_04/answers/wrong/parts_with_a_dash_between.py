"""The four with a dash between them, which names and ids have in them, too."""
# loses: check_copies_share_an_id
# %% event_rows
def event_rows(events):
    rows = []
    for event in events:
        p = event["properties"]
        if "$insert_id" in p:
            id = "-".join([event["event"], str(p["distinct_id"]), str(p["time"]), p["$insert_id"]])
        else:
            id = json.dumps(event)
        rows.append((id, p.get("mp_processing_time_ms", 0), json.dumps(event)))
    return rows
