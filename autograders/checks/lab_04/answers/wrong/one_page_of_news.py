"""Only the first page of what is new."""
# loses: check_from_the_watermark_on
# %% list_since
def list_since(base_url, api_key, path, watermark, look_back) -> list:
    params = {"limit": 100}
    if watermark is not None:
        params["created[gte]"] = watermark - look_back
    objects, more = [], True
    while more:
        answer = requests.get(base_url + path, auth=(api_key, ""), params=params, timeout=10)
        answer.raise_for_status()
        page = answer.json()
        objects += page["data"]
        more = False
        if more:
            params["starting_after"] = page["data"][-1]["id"]
    return objects
