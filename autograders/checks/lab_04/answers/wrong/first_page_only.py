"""Takes the first page for the list."""
# loses: check_every_object_once, check_pages_of_a_hundred
# %% list_all
def list_all(base_url, api_key, path) -> list:
    return requests.get(base_url + path, auth=(api_key, ""), params={"limit": 100}, timeout=10).json()["data"]
