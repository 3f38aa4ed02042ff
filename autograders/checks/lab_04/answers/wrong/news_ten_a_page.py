"""Pages of ten, the size that Stripe takes where none is asked for."""
# loses: check_nothing_older_is_read
# %% list_since
def list_since(ask, path, watermark, look_back) -> list:
    params, objects, more = {}, [], True
    if watermark is not None:
        params["created[gte]"] = watermark - look_back
    while more:
        page = ask(path, params)
        objects += page["data"]
        more = page["has_more"]
        if more:
            params["starting_after"] = page["data"][-1]["id"]
    return objects
