"""A page that is refused is taken for the last one."""
# loses: check_from_the_watermark_on
# %% list_since
def list_since(ask, path, watermark, look_back) -> list:
    params, objects, more = {"limit": 100}, [], True
    if watermark is not None:
        params["created[gte]"] = watermark - look_back
    while more:
        try:
            page = ask(path, params)
        except Exception:
            break
        objects += page["data"]
        more = page["has_more"]
        if more:
            params["starting_after"] = page["data"][-1]["id"]
    return objects
