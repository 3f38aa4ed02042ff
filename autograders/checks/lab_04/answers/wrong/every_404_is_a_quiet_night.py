"""A wrong address looks like a night without events."""
# loses: check_a_quiet_night_is_no_error
# %% amplitude_events
def amplitude_events(base_url, keys, start, end) -> list:
    answer = requests.get(f"{base_url}/api/2/export", params={"start": start, "end": end},
                          auth=(keys["api_key"], keys["secret_key"]), timeout=60)
    if answer.status_code == 404:
        return []
    answer.raise_for_status()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        return [json.loads(line) for name in files.namelist()
                for line in gzip.decompress(files.read(name)).splitlines()]
