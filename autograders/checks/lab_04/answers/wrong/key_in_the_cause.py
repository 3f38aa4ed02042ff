"""Key in cause."""
# loses: check_a_refused_key_stops_it
# %% get
def get(url, api_key, params, sleep):
    after = 0
    for n in range(1, 6):
        if n > 1:
            low = random.uniform(2 ** (n - 2), 2 ** (n - 1))
            sleep(max(low, after))
        after = 0
        try:
            r = requests.get(url, auth=(api_key, ""), params=params, timeout=10)
        except requests.RequestException:
            continue
        if r.status_code == 429 or r.status_code >= 500:
            after = float(r.headers.get("Retry-After", 0))
            continue
        if r.status_code in (401, 403):
            raise PermissionError("refused: " + api_key[-4:]) from RuntimeError(f"with key {api_key}")
        if r.status_code >= 400:
            raise ValueError(r.json()["error"]["message"])
        return r.json()
    raise ConnectionError("gave up")
