"""Makes environments/saas/stripe/openapi.json: `python -m tests.contracts.derive spec3.yaml`.

The file is openapi/spec3.yaml of https://github.com/stripe/openapi at the commit that stripe-subset.json names (MIT).
Kept of it: every route, what each route that the simulator serves takes and returns, and which fields can be expanded.
"""

import json
import re
import sys
from pathlib import Path

import yaml

from environments.saas.stripe import contract, routes

SUBSET = Path(__file__).with_name("stripe-subset.json")
KEPT = ("type", "enum", "required", "maxLength")
FORM = "application/x-www-form-urlencoded"


def derived(spec: dict, served: set[str]) -> dict:
    operations = {
        f"{verb.upper()} {re.sub('{[^}]*}', '{id}', path)}": operation
        for path, verbs in spec["paths"].items()
        for verb, operation in verbs.items()
        if verb in ("get", "post", "delete")
    }
    rules = {name: rule(operations[name]) for name in sorted(served & set(operations))}
    subset = json.loads(SUBSET.read_text())
    kinds = {kind for taken in rules.values() for kind in taken["returns"]}
    comment = subset["$comment"].replace("trimmed, nullable rewritten", "routes, parameters and expandable fields only")
    return {"$comment": comment, "x-license": subset["x-license"], "version": spec["info"]["version"],
            "routes": sorted(operations), "served": rules, "fields": fields(spec["components"]["schemas"], kinds)}


def rule(operation: dict) -> dict:
    """What a route takes, and the kinds of object that it returns."""
    form = operation.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
    query = [parameter for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
    properties = {parameter["name"]: trimmed(parameter["schema"]) for parameter in query} | trimmed(form).get(
        "properties", {}
    )
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    data = answer.get("properties", {}).get("data", {}).get("items")
    needed = sorted([parameter["name"] for parameter in query if parameter.get("required")] + form.get("required", []))
    return {"properties": properties, "required": needed, "list": bool(data), "returns": refs(data or answer)}


def trimmed(schema: dict) -> dict:
    found = {name: schema[name] for name in KEPT if name in schema}
    if "properties" in schema:
        found["properties"] = {name: trimmed(part) for name, part in schema["properties"].items()}
    if "items" in schema:
        found["items"] = trimmed(schema["items"])
    if "anyOf" in schema:
        found["anyOf"] = [trimmed(part) for part in schema["anyOf"]]
    if isinstance(schema.get("additionalProperties"), dict):
        found["additionalProperties"] = trimmed(schema["additionalProperties"])
    return found


def refs(schema: dict) -> list[str]:
    """The objects that a value may be."""
    here = [schema["$ref"].rpartition("/")[2]] if "$ref" in schema else []
    return here + [name for option in schema.get("anyOf", []) + schema.get("oneOf", []) for name in refs(option)]


def fields(schemas: dict, kinds: set[str]) -> dict:
    """By kind: its fields that can be expanded, those that are a hash or a list already among them."""
    found, new = {}, set(kinds)
    while new:
        kind = new.pop()
        properties = schemas[kind].get("properties", {})
        found[kind] = {name: field(properties[name]) for name in schemas[kind].get("x-expandableFields", ())}
        new |= {other for lead in found[kind].values() for other in lead["to"]} - set(found)
    return {kind: leads for kind, leads in found.items() if leads}


def field(schema: dict) -> dict:
    """What a field leads to, and whether it is a list, whose objects are below `data`."""
    items = schema.get("properties", {}).get("data", {}).get("items")
    inner = schema.get("items", schema)
    return {"to": refs(items or inner.get("x-expansionResources", inner)), **({"list": True} if items else {})}


if __name__ == "__main__":
    spec = yaml.load(Path(sys.argv[1]).read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    contract.FILE.write_text(json.dumps(derived(spec, routes()), separators=(",", ":"), sort_keys=True) + "\n")
