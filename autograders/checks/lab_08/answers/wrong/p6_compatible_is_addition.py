"""Takes backward compatible for ADDITION, whatever the table says of types."""
# loses: check_level
# %% level
def level(old, new) -> str:
    way = compatible(old, new)
    if way == "full":
        return ""
    if way == "backward":
        return "ADDITION"
    required = (new or {}).get("required") and not (old or {}).get("required") or new is None and old.get("required")
    return "MODEL" if required or old and new and old["type"] != new["type"] else "REVISION"
