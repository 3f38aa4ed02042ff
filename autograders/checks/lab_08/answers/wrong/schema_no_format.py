"""A moment is any text."""
# loses: check_schemas_know_the_types
# %% schema_of
def schema_of(properties) -> dict:
    text = {"enum": {}, "decimal": {"pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
            "date-time": {}}
    made = {}
    for name, said in properties.items():
        kind = "string" if said["type"] in text else said["type"]
        none = said.get("nullable", False)
        made[name] = {"type": [kind, "null"] if none else kind, **text.get(said["type"], {})}
        if "values" in said:
            made[name]["enum"] = said["values"] + [None] * none
        made[name] |= {key: said[key] for key in ("minimum", "maximum", "pattern") if key in said}
    return {"type": "object", "properties": made, "additionalProperties": False,
            "required": [name for name, said in properties.items() if said.get("required")]}
