"""Goes on until a page is not full: one request too many where the last page is full."""
# loses: check_pages_of_a_hundred
# %% list_all
def list_all(base_url, api_key, path):
    found, params = [], {"limit": 100}
    while True:
        answer = requests.get(base_url + path, auth=(api_key, ""), params=params, timeout=60)
        answer.raise_for_status()
        page = answer.json()["data"]
        found.extend(page)
        if len(page) < 100:
            return found
        params["starting_after"] = page[-1]["id"]
