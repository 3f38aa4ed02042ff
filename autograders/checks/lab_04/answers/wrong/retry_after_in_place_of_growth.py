"""Waits Retry-After's seconds where there are any, however few."""
# loses: check_waits_grow
# %% get
def get(url, api_key, params, sleep) -> dict:
    for n in range(2, 7):
        asked = 0
        with contextlib.suppress(requests.RequestException):
            answer = requests.get(url, auth=(api_key, ""), params=params, timeout=10)
            if answer.status_code in (401, 403):
                raise PermissionError(f"the key ...{api_key[-4:]} is refused")
            if 400 <= answer.status_code < 500 and answer.status_code != 429:
                raise ValueError(answer.json()["error"]["message"])
            if answer.ok:
                return answer.json()
            asked = float(answer.headers.get("Retry-After", 0))
        if n < 6:
            sleep(asked or 2 ** (n - 2) * random.uniform(1, 2))
    raise ConnectionError(f"{url}: no answer in five tries")
