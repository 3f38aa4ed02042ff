"""By $insert_id alone, which another user's event may share."""
# loses: check_duplicates_are_found
# %% distinct_events
def distinct_events(events) -> list:
    seen, distinct = set(), []
    for event in events:
        properties = event["properties"]
        insert_id = properties.get("$insert_id")
        key = insert_id
        if insert_id is None or key not in seen:
            seen.add(key)
            distinct.append(event)
    return distinct
