"""Makes a float of a decimal: 0.1 and 0.2 are not 0.3 then."""
# loses: check_annotation
# %% annotation
def annotation(prop) -> str:
    names = {"integer": "int", "number": "float", "decimal": "float", "boolean": "bool"}
    if "values" in prop:
        kind = f"Literal[{', '.join(map(repr, prop['values']))}]"
    elif prop["type"] == "array":
        kind = f"list[{annotation(prop['items'])}]"
    else:
        kind = names.get(prop["type"], "str")
    return f"{kind} | None" if prop.get("nullable") else kind
