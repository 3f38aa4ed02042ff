"""409 is tried again, as 429 is."""
# loses: check_a_wrong_request_is_named
# %% get
def get(url, api_key, params, sleep):
    asked = 0.0
    for n in range(1, 6):
        if n > 1:
            sleep(max(asked, random.uniform(2 ** (n - 2), 2 ** (n - 1))))
        asked = 0.0
        try:
            answer = requests.get(url, auth=(api_key, ""), params=params, timeout=30)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
            continue
        status = answer.status_code
        if status in (401, 403):
            raise PermissionError(f"the key that ends in {api_key[-4:]} may not")
        if status in (408, 409, 425, 429) or status >= 500:
            asked = float(answer.headers.get("Retry-After", 0))
            continue
        if status >= 400:
            raise ValueError(answer.json()["error"]["message"])
        return answer.json()
    raise ConnectionError("five tries")
