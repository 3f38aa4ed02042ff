"""A refused key is told in the API's words, which need not name it."""
# loses: check_a_refused_key_stops_it
# %% get
def get(url, api_key, params, sleep) -> dict:
    asked = 0
    for n in range(1, 6):
        if n > 1:
            sleep(max(random.uniform(2**(n-2), 2**(n-1)), asked))
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
            raise PermissionError(answer.json()["error"]["message"])
        if answer.status_code >= 400:
            raise ValueError(answer.json()["error"]["message"])
        return answer.json()
    raise ConnectionError(f"gave up: {last}")
