"""The cursor's pages are asked for without the moment; what is older is thrown away here."""
# loses: check_nothing_older_is_read
# %% list_since
def list_since(ask, path, watermark, look_back):
    since = None if watermark is None else watermark - look_back
    first = {"limit": 100} if since is None else {"limit": 100, "created[gte]": since}
    page = ask(path, first)
    found = page["data"]
    while page["has_more"] and (since is None or found[-1]["created"] >= since):
        page = ask(path, {"limit": 100, "starting_after": found[-1]["id"]})
        found = found + page["data"]
    return [one for one in found if since is None or one["created"] >= since]
