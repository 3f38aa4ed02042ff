"""Only the first page of what is new."""
# loses: check_from_the_watermark_on
# %% list_since
def list_since(ask, path, watermark, look_back) -> list:
    params = {"limit": 100}
    if watermark is not None:
        params["created[gte]"] = watermark - look_back
    return ask(path, params)["data"]
