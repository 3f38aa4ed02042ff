"""Waits no longer than 60 seconds, whatever Retry-After says."""
# loses: check_waits_grow
# %% get
def get(url, api_key, params, sleep) -> dict:
    asked = 0
    for n in range(1, 6):
        if n > 1:
            sleep(min(60, max(random.uniform(2**(n-2), 2**(n-1)), asked)))
        asked = 0
        try:
            answer = requests.get(url, auth=(api_key, ""), params=params, timeout=60)
        except (requests.ConnectionError, requests.Timeout,
                requests.exceptions.ChunkedEncodingError) as error:
            last = error
            continue
        if answer.status_code == 429 or answer.status_code >= 500:
            asked = float(answer.headers.get("Retry-After", 0))
            last = answer.status_code
            continue
        if answer.status_code in (401, 403):
            raise PermissionError(f"the key that ends in {api_key[-4:]} may not")
        if answer.status_code >= 400:
            raise ValueError(answer.json()["error"]["message"])
        return answer.json()
    raise ConnectionError(f"gave up: {last}")
