"""Reads from the watermark, without looking back."""
# loses: check_from_the_watermark_on
# %% list_since
def list_since(ask, path, watermark, look_back) -> list:
    params = {"limit": 100}
    if watermark is not None:
        params["created[gte]"] = watermark
    objects, more = [], True
    while more:
        page = ask(path, params)
        objects += page["data"]
        more = page["has_more"]
        if more:
            params["starting_after"] = page["data"][-1]["id"]
    return objects
