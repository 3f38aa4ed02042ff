"""A folder of self-describing JSON Schemas (draft 4) as an Iglu registry has it: vendor/name/jsonschema/version.

https://docs.snowplow.io/docs/api-reference/json-schema-reference and the schema of schemas in Iglu Central,
com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0, both read 2026-11-30.
"""

import json
from typing import Any

from environments.tracking.plan import Event, Plan
from environments.tracking.schemas import closed_object
from environments.tracking.words import slug

META = "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#"


def exported(plan: Plan, vendor: str = "") -> dict[str, str]:
    """`vendor`: a domain backwards, such as com.example; made of the plan's name where none is given."""
    vendor = vendor or f"com.{slug(plan.name)}"
    return {f"schemas/{vendor}/{slug(event.name)}/jsonschema/{plan.version}":
            json.dumps(_schema(plan, event, vendor), indent=2, ensure_ascii=False) + "\n" for event in plan.events}


def _schema(plan: Plan, event: Event, vendor: str) -> dict:
    return {"$schema": META, "description": event.description,
            "self": {"vendor": vendor, "name": slug(event.name), "format": "jsonschema", "version": plan.version},
            **_draft_4(closed_object(plan.properties_of(event)))}


def _draft_4(schema: Any) -> Any:
    """Without what draft 4 does not know: an empty `required`, and our own keywords."""
    if isinstance(schema, list):
        return [_draft_4(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: {name: _draft_4(each) for name, each in value.items()} if key == "properties" else _draft_4(value)
            for key, value in schema.items() if not (key == "required" and value == []) and not key.startswith("x-")}
