"""After five tries it raises HTTPError, which is no ConnectionError."""
# loses: check_it_gives_up
# %% get
def get(url, api_key, params, sleep):
    for n in range(1, 6):
        wait = 0
        try:
            answer = requests.get(url, params=params, auth=(api_key, ""), timeout=30)
        except requests.exceptions.RequestException:
            pass
        else:
            code = answer.status_code
            if code in (401, 403):
                raise PermissionError(f"the key ...{api_key[-4:]} may not")
            if 400 <= code < 500 and code != 429:
                raise ValueError(answer.json()["error"]["message"])
            if code < 400:
                return answer.json()
            wait = float(answer.headers.get("Retry-After", 0))
        if n < 5:
            sleep(max(wait, random.uniform(2 ** (n - 1), 2 ** n)))
    raise requests.exceptions.HTTPError("five tries")
