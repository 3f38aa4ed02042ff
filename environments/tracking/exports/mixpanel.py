"""The schemas of Mixpanel's Lexicon: the body of *Create/Replace Multiple*, `POST /projects/{projectId}/schemas`.

https://docs.mixpanel.com/reference/upload-schemas-for-project, and the OpenAPI file that it is made of, in
github.com/mixpanel/docs (openapi/src/lexicon-schemas.openapi.yaml), read 2026-11-30: of a property they know the type,
a description and Mixpanel's own settings, so what is allowed stands in the description.
"""

import json

from environments.tracking.plan import DEPRECATED, Event, Plan, Property
from environments.tracking.schemas import KINDS


def exported(plan: Plan) -> dict[str, str]:
    entries = [{"entityType": "event", "name": event.name, "schemaJson": _schema(plan, event)} for event in plan.events]
    return {"schemas.json": json.dumps({"entries": entries, "truncate": False}, indent=2, ensure_ascii=False) + "\n"}


def _schema(plan: Plan, event: Event) -> dict:
    return {"description": event.description,
            "properties": {prop.name: _property(prop) for prop in plan.properties_of(event)},
            "metadata": {"com.mixpanel": {"hidden": event.status == DEPRECATED, "dropped": False}}}


def _property(prop: Property) -> dict:
    return {"type": KINDS[prop.type].get("type", "string"), "description": " ".join(_says(prop))}


def _says(prop: Property) -> list[str]:
    said = [prop.description] if prop.description else []
    if prop.unit:
        said.append(f"In {prop.unit}.")
    if prop.values is not None:
        said.append(f"One of: {', '.join(map(str, prop.values))}.")
    return [*said, "Required." if prop.required else "Optional."]
