"""Takes only 401 and 429 for a refusal; the body of another is read as if it were events."""
# loses: check_half_a_day_is_an_error
# %% stream_day
def stream_day(base_url, keys, day, take) -> int:
    count, batch = 0, []
    with requests.get(f"{base_url}/api/2.0/export", stream=True, timeout=60,
                      auth=(keys["username"], keys["secret"]),
                      params={"from_date": day, "to_date": day, "project_id": keys["project_id"]}) as answer:
        if answer.status_code in (401, 429):
            raise RuntimeError(f"refused: {answer.status_code}")
        for line in answer.iter_lines():
            if not line:
                continue
            batch.append(json.loads(line))
            count += 1
            if len(batch) == 1000:
                take(batch)
                batch = []
    if batch:
        take(batch)
    return count
