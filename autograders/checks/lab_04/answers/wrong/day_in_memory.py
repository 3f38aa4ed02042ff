"""Reads the whole day, then hands it over in pieces."""
# loses: check_a_day_is_streamed
# %% stream_day
def stream_day(base_url, keys, day, take) -> int:
    params = {"from_date": day, "to_date": day, "project_id": keys["project_id"]}
    answer = requests.get(f"{base_url}/api/2.0/export", params=params, auth=(keys["username"], keys["secret"]), timeout=30)
    answer.raise_for_status()
    events = [json.loads(line) for line in answer.content.splitlines()]
    for start in range(0, len(events), 1000):
        take(events[start:start + 1000])
    return len(events)
