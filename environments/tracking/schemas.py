"""From a plan to JSON Schemas (draft 2020-12), closed: what the plan does not name is refused."""

from typing import Any
from urllib.parse import quote

from environments.tracking.plan import Event, Plan, Property
from environments.tracking.words import slug

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DECIMAL = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
KINDS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"}, "enum": {"type": "string"}, "integer": {"type": "integer"},
    "number": {"type": "number"}, "boolean": {"type": "boolean"}, "decimal": {"type": "string", "pattern": DECIMAL},
    "date-time": {"type": "string", "format": "date-time"}, "date": {"type": "string", "format": "date"},
    "array": {"type": "array"}, "object": {"type": "object"}, "": {}}
LIMITS = {"minimum": "minimum", "maximum": "maximum", "max_length": "maxLength"}


def schemas(plan: Plan) -> dict[str, dict]:
    """A schema for the properties of each event, by its name."""
    return {event.name: properties_schema(plan, event) for event in plan.events}


def properties_schema(plan: Plan, event: Event) -> dict:
    """What the properties of an event must be."""
    return {
        "$schema": DRAFT,
        "$id": f"urn:tracking-plan:{quote(slug(plan.name))}:{quote(slug(event.name))}:{plan.version}",
        "title": event.name, **({"description": event.description} if event.description else {}),
        **closed_object(plan.properties_of(event))}


def record_schema(plan: Plan, event: Event) -> dict:
    """What a record at the door must be: the plan's envelope, and in it the properties. See `door`."""
    envelope = closed_object(plan.envelope)
    inner = {key: value for key, value in properties_schema(plan, event).items() if not key.startswith("$")}
    return {"$schema": DRAFT, "type": "object", "required": [*envelope["required"], "properties"],
            "properties": {**envelope["properties"], "properties": inner}}


def closed_object(properties: tuple[Property, ...]) -> dict:
    return {"type": "object", "properties": {prop.name: property_schema(prop) for prop in properties},
            "required": [prop.name for prop in properties if prop.required], "additionalProperties": False}


def property_schema(prop: Property) -> dict:
    made = dict(KINDS[prop.type])
    for key, keyword in LIMITS.items():
        if (value := getattr(prop, key)) is not None:
            made[keyword] = value
    if prop.pattern:
        made["pattern"] = prop.pattern
    if prop.values is not None:
        made["enum"] = [*prop.values, *([None] if prop.nullable else [])]
    if prop.type == "object":
        made |= closed_object(prop.properties)
    if prop.items:
        made["items"] = property_schema(prop.items)
    if prop.nullable and "type" in made:
        made["type"] = [made["type"], "null"]
    return made | {key: value for key, value in (("description", prop.description), ("x-unit", prop.unit)) if value}


def validator(schema: dict):
    """Quick, with formats checked; patterns take time in proportion to the text, whatever they are."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        schema, validate_formats=True, pattern_options=jsonschema_rs.RegexOptions())
