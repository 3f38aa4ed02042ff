"""Refused page is empty."""
# loses: check_every_object_once
# %% list_all
def list_all(base_url, api_key, path):
    out, params, more = [], {"limit": 100}, True
    while more:
        page = requests.get(base_url + path, auth=(api_key, ""), timeout=10, params=params).json()
        out += page.get("data", [])
        more = page.get("has_more", False)
        if more:
            params["starting_after"] = out[-1]["id"]
    return out
