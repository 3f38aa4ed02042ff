"""Two that differ in when they were processed are taken for two."""
# loses: check_duplicates_are_found
# %% distinct_events
def distinct_events(events) -> list:
    seen, distinct = set(), []
    for event in events:
        properties = event["properties"]
        insert_id = properties.get("$insert_id")
        key = json.dumps(event, sort_keys=True)
        if insert_id is None or key not in seen:
            seen.add(key)
            distinct.append(event)
    return distinct
