"""Opens the first file, and takes it for all."""
# loses: check_every_hour_is_read
# %% amplitude_events
def amplitude_events(base_url, keys, start, end) -> list:
    answer = requests.get(f"{base_url}/api/2/export", params={"start": start, "end": end},
                          auth=(keys["api_key"], keys["secret_key"]), timeout=60)
    if answer.status_code == 404 and "Raw data files" in answer.text:
        return []
    answer.raise_for_status()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        return [json.loads(line) for name in files.namelist()[:1]
                for line in gzip.decompress(files.read(name)).splitlines()]
