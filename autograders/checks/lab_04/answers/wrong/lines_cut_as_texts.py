"""Texts in place of bytes are cut into lines: str.splitlines also cuts at U+2028, within an event."""
# loses: check_a_day_is_streamed, check_every_hour_is_read
# %% stream_day
def stream_day(base_url, keys, day, take) -> int:
    count, batch = 0, []
    with requests.get(f"{base_url}/api/2.0/export", stream=True, timeout=60,
                      auth=(keys["username"], keys["secret"]),
                      params={"from_date": day, "to_date": day, "project_id": keys["project_id"]}) as answer:
        answer.raise_for_status()
        for line in answer.iter_lines(decode_unicode=True):
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
# %% amplitude_events
def amplitude_events(base_url, keys, start, end) -> list:
    answer = requests.get(base_url + "/api/2/export", params={"start": start, "end": end},
                          auth=(keys["api_key"], keys["secret_key"]), timeout=60)
    if answer.status_code == 404 and "Raw data files were not found" in answer.text:
        return []
    answer.raise_for_status()
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    return [json.loads(line) for name in archive.namelist()
            for line in gzip.decompress(archive.read(name)).decode().splitlines() if line.strip()]
