"""Looks at types and values, not at bounds."""
# loses: check_compatible
# %% compatible
def compatible(old, new) -> str:
    def accepts(wide, narrow):
        if wide is None or narrow is None:
            return narrow is None and not (wide or {}).get("required")
        if wide.get("required") and not narrow.get("required"):
            return False
        if wide["type"] not in (narrow["type"], "number" if narrow["type"] == "integer" else ""):
            return False
        return "values" not in wide or "values" in narrow and set(narrow["values"]) <= set(wide["values"])
    if accepts(new, old):
        return "full" if accepts(old, new) else "backward"
    return "forward" if accepts(old, new) else "none"
