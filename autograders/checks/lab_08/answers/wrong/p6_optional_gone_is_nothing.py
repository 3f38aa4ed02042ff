"""Lets an optional property go as an ADDITION: old apps that send it are refused."""
# loses: check_level
# %% level
def level(old, new) -> str:
    if old is None or new is None:
        required = (old or new or {}).get("required")
        return "MODEL" if required else "ADDITION" if old or new else ""
    if old["type"] != new["type"] or new.get("required") and not old.get("required"):
        return "MODEL"
    def loses(before, after):
        values = "values" in after and not set(before.get("values", [None])) <= set(after["values"])
        return (values or before.get("minimum", float("-inf")) < after.get("minimum", float("-inf"))
                or before.get("maximum", float("inf")) > after.get("maximum", float("inf")))
    if loses(old, new):
        return "REVISION"
    return "ADDITION" if loses(new, old) or old.get("required") and not new.get("required") else ""
