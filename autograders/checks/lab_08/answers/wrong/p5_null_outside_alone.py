"""Does not look at what a list holds beyond its type."""
# loses: check_annotation
# %% annotation
def annotation(prop) -> str:
    names = {"integer": "int", "number": "float", "boolean": "bool"}
    if "values" in prop:
        kind = f"Literal[{', '.join(map(repr, prop['values']))}]"
    elif prop["type"] == "array":
        kind = f"list[{names.get(prop['items']['type'], 'str')}]"
    else:
        kind = names.get(prop["type"], "str")
    return f"{kind} | None" if prop.get("nullable") else kind
