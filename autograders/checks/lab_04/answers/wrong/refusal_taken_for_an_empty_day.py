"""A refused key looks like a day without events."""
# loses: check_half_a_day_is_an_error
# %% stream_day
def stream_day(base_url, keys, day, take) -> int:
    params = {"from_date": day, "to_date": day, "project_id": keys["project_id"]}
    count, batch = 0, []
    with requests.get(f"{base_url}/api/2.0/export", params=params, stream=True, timeout=30,
                      auth=(keys["username"], keys["secret"])) as answer:
        if not answer.ok:
            return 0
        for line in answer.iter_lines():
            batch.append(json.loads(line))
            count += 1
            if len(batch) == 1000:
                take(batch)
                batch = []
    if batch:
        take(batch)
    return count
