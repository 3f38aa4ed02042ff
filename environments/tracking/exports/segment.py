"""Segment's tracking plan: the rules that its Public API takes, a JSON Schema (draft-07) for each event.

Body of *Replace Rules in Tracking Plan*, `POST /tracking-plans/{id}/rules`: https://docs.segmentapis.com/tag/Tracking-Plans;
a rule has `type`, `key`, `jsonSchema` and `version` (segment_public_api/models/rule_v1.py of
github.com/segmentio/public-api-sdk-python, API 58.10); an event's schema describes the whole call, with `properties`
in it (https://segment.com/docs/protocols/tracking-plan/create/). All read 2026-11-30.
"""

import json

from environments.tracking.plan import Event, Plan
from environments.tracking.schemas import closed_object

DRAFT = "http://json-schema.org/draft-07/schema#"


def exported(plan: Plan) -> dict[str, str]:
    rules = [{"type": "TRACK", "key": event.name, "version": int(plan.version.split("-")[0]),
              "jsonSchema": _schema(plan, event)} for event in plan.events]
    return {"tracking-plan.json": json.dumps({"rules": rules}, indent=2, ensure_ascii=False) + "\n"}


def _schema(plan: Plan, event: Event) -> dict:
    return {"$schema": DRAFT, "type": "object", "description": event.description, "labels": {},
            "properties": {"context": {}, "traits": {}, "properties": closed_object(plan.properties_of(event))},
            "required": ["properties"]}
