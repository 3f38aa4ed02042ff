"""Each property by allOf and anyOf, closed by propertyNames"""
# %% schema_of
def schema_of(properties) -> dict:
    def one(spec):
        kind = spec["type"]
        asks = [{"type": "string" if kind in ("enum", "decimal", "date-time") else kind}]
        if kind == "decimal": asks.append({"pattern": "^-?[0-9]+([.][0-9]+)?$"})
        if kind == "date-time": asks.append({"format": "date-time"})
        if "values" in spec: asks.append({"anyOf": [{"const": v} for v in spec["values"]]})
        asks += [{k: spec[k]} for k in ("minimum", "maximum", "pattern") if k in spec]
        return {"anyOf": [{"allOf": asks}, {"type": "null"}]} if spec.get("nullable") else {"allOf": asks}
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
            "properties": {name: one(spec) for name, spec in properties.items()},
            "propertyNames": {"enum": list(properties)}}
    due = [{"required": [name]} for name, spec in properties.items() if spec.get("required") is True]
    return made | ({"allOf": due} if due else {})
