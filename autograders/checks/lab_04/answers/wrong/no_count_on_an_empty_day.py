"""Counts by enumerate, whose number does not exist on a day without events."""
# loses: check_a_day_is_streamed
# %% stream_day
def stream_day(base_url, keys, day, take):
    with requests.get(f"{base_url}/api/2.0/export", stream=True, timeout=30,
                      auth=(keys["username"], keys["secret"]),
                      params={"from_date": day, "to_date": day, "project_id": keys["project_id"]}) as answer:
        answer.raise_for_status()
        batch = []
        for number, line in enumerate(answer.iter_lines(), 1):
            batch.append(json.loads(line))
            if len(batch) == 1000:
                take(batch)
                batch = []
    if batch:
        take(batch)
    return number
