"""Names the refused key by its beginning and its end."""
# loses: check_a_refused_key_stops_it
# %% get
def get(url, api_key, params, sleep) -> dict:
    for n in range(1, 6):
        asked = 0
        try:
            answer = requests.get(url, auth=(api_key, ""), params=params, timeout=60)
        except requests.RequestException:
            pass
        else:
            if answer.status_code in (401, 403):
                raise PermissionError(f"the key {api_key[:12]}...{api_key[-4:]} may not")
            if answer.status_code == 429 or answer.status_code >= 500:
                asked = float(answer.headers.get("Retry-After", 0))
            elif answer.status_code >= 400:
                raise ValueError(answer.json()["error"]["message"])
            else:
                return answer.json()
        if n < 5:
            sleep(max(asked, random.uniform(2 ** (n - 1), 2 ** n)))
    raise ConnectionError("gave up after five tries")
