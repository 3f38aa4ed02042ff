"""An enum takes its values in lower case as well"""
# loses: check_schemas_know_the_types
# %% schema_of
def schema_of(properties) -> dict:
    out = {}
    for name, spec in properties.items():
        kind = spec["type"]
        own = {"type": {"enum": "string", "decimal": "string", "date-time": "string"}.get(kind, kind)}
        if kind == "decimal": own["pattern"] = r"^-?[0-9]+(\.[0-9]+)?$"
        if kind == "date-time": own["format"] = "date-time"
        if "values" in spec: own["enum"] = [*spec["values"], *[v.lower() for v in spec["values"] if isinstance(v, str)]]
        for key in ("minimum", "maximum", "pattern"):
            if key in spec and kind != "enum": own[key] = spec[key]
        if spec.get("nullable"):
            own["type"] = [own["type"], "null"]
            if "enum" in own: own["enum"].append(None)
        out[name] = own
    return {"type": "object", "properties": out, "additionalProperties": False,
            "required": [name for name, spec in properties.items() if spec.get("required")]}
