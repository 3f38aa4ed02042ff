"""Thinks that what the plan does not name is accepted, as by an open schema."""
# loses: check_compatible
# %% compatible
def compatible(old, new) -> str:
    def accepts(wide, narrow):
        if wide is None or narrow is None:
            return not (wide or {}).get("required")
        if wide.get("required") and not narrow.get("required"):
            return False
        if wide["type"] not in (narrow["type"], "number" if narrow["type"] == "integer" else ""):
            return False
        if "values" in wide:
            return "values" in narrow and set(narrow["values"]) <= set(wide["values"])
        infinite = float("inf")
        return (narrow.get("minimum", -infinite) >= wide.get("minimum", -infinite)
                and narrow.get("maximum", infinite) <= wide.get("maximum", infinite))
    if accepts(new, old):
        return "full" if accepts(old, new) else "backward"
    return "forward" if accepts(old, new) else "none"
