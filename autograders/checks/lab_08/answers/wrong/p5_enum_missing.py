"""Knows values by the type enum alone."""
# loses: check_annotation
# %% annotation
def annotation(prop) -> str:
    names = {"integer": "int", "number": "float", "boolean": "bool"}
    if prop["type"] == "enum" and "values" in prop:
        kind = f"Literal[{', '.join(map(repr, prop['values']))}]"
    elif prop["type"] == "array":
        kind = f"list[{annotation(prop['items'])}]"
    else:
        kind = names.get(prop["type"], "str")
    return f"{kind} | None" if prop.get("nullable") else kind
