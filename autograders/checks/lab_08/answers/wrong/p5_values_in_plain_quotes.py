"""Puts quotes around values by hand: one with a quote in it ends too early, and numbers become text."""
# loses: check_annotation
# %% annotation
def annotation(prop) -> str:
    names = {"integer": "int", "number": "float", "boolean": "bool"}
    if "values" in prop:
        quoted = ", ".join(f"'{value}'" for value in prop["values"])
        kind = f"Literal[{quoted}]"
    elif prop["type"] == "array":
        kind = f"list[{annotation(prop['items'])}]"
    else:
        kind = names.get(prop["type"], "str")
    return f"{kind} | None" if prop.get("nullable") else kind
