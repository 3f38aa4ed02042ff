"""A property that says required: false is as good as required when it is new."""
# loses: check_level
# %% level
def level(old, new):
    if old is None and new is None:
        return ""
    if old is None or new is None:
        if "required" in (old or new):
            return "MODEL"
        return "ADDITION" if old is None else "REVISION"
    if old["type"] != new["type"] or new.get("required") and not old.get("required"):
        return "MODEL"
    fewer = more = False
    if old.get("values") != new.get("values"):
        before, after = old.get("values"), new.get("values")
        fewer = after is not None and (before is None or not set(before) <= set(after))
        more = before is not None and (after is None or not set(after) <= set(before))
    for key, sign in (("minimum", 1), ("maximum", -1)):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if before is None or after is not None and sign * after > sign * before:
            fewer = True
        else:
            more = True
    if old.get("required") and not new.get("required"):
        more = True
    return "REVISION" if fewer else "ADDITION" if more else ""
