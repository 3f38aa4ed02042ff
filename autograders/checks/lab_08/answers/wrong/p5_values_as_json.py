"""Writes values as JSON does: true is no Python."""
# loses: check_annotation
# %% annotation
def annotation(prop) -> str:
    names = {"integer": "int", "number": "float", "boolean": "bool"}
    if "values" in prop:
        kind = f"Literal[{json.dumps(prop['values'])[1:-1]}]"
    elif prop["type"] == "array":
        kind = f"list[{annotation(prop['items'])}]"
    else:
        kind = names.get(prop["type"], "str")
    return f"{kind} | None" if prop.get("nullable") else kind
