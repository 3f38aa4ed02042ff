"""Asks until a page is empty, which it never is for a cursor that does not move when a list was empty at once."""
# loses: check_every_object_once, check_pages_of_a_hundred
# %% list_all
def list_all(base_url, api_key, path) -> list:
    found, cursor = [], {}
    while True:
        page = requests.get(base_url + path, auth=(api_key, ""), params={"limit": 100, **cursor}, timeout=10).json()["data"]
        found += page
        cursor = {"starting_after": page[-1]["id"]}
        if len(page) < 100:
            return found
