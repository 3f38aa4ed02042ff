"""After the watermark, not from it on: the second charge of that second is lost."""
# loses: check_from_the_watermark_on
# %% list_since
def list_since(ask, path, watermark, look_back) -> list:
    params = {"limit": 100}
    if watermark is not None:
        params["created[gt]"] = watermark - look_back
    objects, more = [], True
    while more:
        page = ask(path, params)
        objects += page["data"]
        more = page["has_more"]
        if more:
            params["starting_after"] = page["data"][-1]["id"]
    return objects
