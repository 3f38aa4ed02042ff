"""Events without an insert id are taken for each other."""
# loses: check_duplicates_are_found
# %% distinct_events
def distinct_events(events) -> list:
    seen, distinct = set(), []
    for event in events:
        properties = event["properties"]
        insert_id = properties.get("$insert_id")
        key = event["event"], properties["distinct_id"], properties["time"], insert_id
        if key not in seen:
            seen.add(key)
            distinct.append(event)
    return distinct
