"""Reads everything and leaves out what is old afterwards."""
# loses: check_nothing_older_is_read
# %% list_since
def list_since(ask, path, watermark, look_back) -> list:
    objects, params, more = [], {"limit": 100}, True
    while more:
        page = ask(path, params)
        objects += page["data"]
        more = page["has_more"]
        if more:
            params["starting_after"] = page["data"][-1]["id"]
    return [one for one in objects if watermark is None or one["created"] >= watermark - look_back]
