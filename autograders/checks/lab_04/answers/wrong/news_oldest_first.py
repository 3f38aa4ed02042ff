"""Turned round, so that of two changes in a second the older one comes first."""
# loses: check_from_the_watermark_on, check_nothing_older_is_read
# %% list_since
def list_since(ask, path, watermark, look_back) -> list:
    params, objects, more = {"limit": 100}, [], True
    if watermark is not None:
        params["created[gte]"] = watermark - look_back
    while more:
        page = ask(path, params)
        objects += page["data"]
        more = page["has_more"]
        if more:
            params["starting_after"] = page["data"][-1]["id"]
    return objects[::-1]
