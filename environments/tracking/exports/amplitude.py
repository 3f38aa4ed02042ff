"""Amplitude Data's CSV of events and event properties, for import into a branch of its tracking plan.

Columns and their values: https://amplitude.com/docs/data/csv-import-export/file-schema (of 2026-11-20) and the source
of its predecessor in github.com/amplitude/amplitude-docs, both read 2026-11-30. The page wants every column of its list
in the header, spelt exactly; the predecessor's list has small letters where files that Amplitude exports have capitals,
and these are used here. An event's row is followed by the rows of its properties.
"""

import csv
import io

from environments.tracking.plan import DEPRECATED, Event, Plan, Property
from environments.tracking.schemas import KINDS

COLUMNS = (
    "Action", "Object Type", "Object Name", "Event Display Name", "Object Owner", "Object Description",
    "Event Category", "Tags", "Event Activity", "Event Hidden From Dropdowns", "Event Hidden From Persona Results",
    "Event Hidden From Pathfinder", "Event Hidden From Timeline", "Event Source", "Property Type",
    "Property Group Names", "Event Property Name", "Property Description", "Property Value Type", "Property Required",
    "Property Visibility", "Property Is Array", "String Property Value Min Length", "String Property Value Max Length",
    "Number Is Integer", "Number Property Value Min", "Number Property Value Max", "Array Unique Items",
    "Array Min Items", "Array Max Items", "Enum Values", "Const Value", "Property Regex")
VALUE_TYPES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}


def exported(plan: Plan) -> dict[str, str]:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for event in plan.events:
        writer.writerow(_event(event))
        writer.writerows(map(_property, plan.properties_of(event)))
    return {"events.csv": out.getvalue()}


def _event(event: Event) -> dict:
    return {"Object Type": "Event", "Object Name": event.name, "Object Description": event.description,
            "Event Activity": "Inactive" if event.status == DEPRECATED else "Active"}


def _property(prop: Property) -> dict:
    """A list of values goes in as an enum, unless a comma in one of them would make it two."""
    one = prop.items if prop.items else prop
    kind = KINDS[one.type].get("type", "")
    listed = one.values is not None and kind == "string" and not any("," in str(value) for value in one.values)
    return {
        "Property Type": "Event Property", "Event Property Name": prop.name, "Property Description": prop.description,
        "Property Value Type": "enum" if listed else VALUE_TYPES.get(kind, "any"),
        "Property Required": _flag(prop.required), "Property Is Array": _flag(prop.type == "array"),
        "Number Is Integer": _flag(one.type == "integer"), "Number Property Value Min": _number(one.minimum),
        "Number Property Value Max": _number(one.maximum), "String Property Value Max Length": _number(one.max_length),
        "Enum Values": ",".join(map(str, one.values or ())) if listed else "",
        "Property Regex": "" if listed else one.pattern or KINDS[one.type].get("pattern", "")}


def _flag(value: bool) -> str:
    return "True" if value else "False"


def _number(value: float | None) -> str:
    return "" if value is None else str(value)
