"""The form of a tracking plan's file, as a JSON Schema: which keys there are, and what kind of value each has.

Only the name, the version and the events must be there; what else a good plan has is for `rules` to ask.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

from environments.tracking.diagnostics import pointer
from environments.tracking.words import CASES

TYPES = ("string", "enum", "integer", "number", "decimal", "boolean", "date-time", "date", "array", "object")
PERSONAL = ("none", "pseudonymous", "personal", "sensitive")
STATUSES = ("planned", "live", "deprecated")
VERSION = r"^[1-9][0-9]{0,5}-(0|[1-9][0-9]{0,5})-(0|[1-9][0-9]{0,5})$"
DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"

TEXT = {"type": ["string", "null"], "maxLength": 2000}
COUNT = {"type": "integer", "minimum": 1}
NAME = {"minLength": 1, "maxLength": 200}


def closed(**properties) -> dict:
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


def named(each: dict, most: int = 2000) -> dict:
    return {"type": ["object", "null"], "propertyNames": NAME, "maxProperties": most, "additionalProperties": each}


DEPRECATION = closed(since={"type": "string", "pattern": DAY}, until={"type": "string", "pattern": DAY},
                     successor=TEXT, reason=TEXT)
NAMES = closed(
    case={"enum": list(CASES)}, order={"enum": ["object-action", "action-object"]}, tense={"enum": ["past", "present"]},
    actions={"type": "array", "items": {"type": "string", **NAME}, "minItems": 1, "maxItems": 500},
    pattern={"type": "string", "maxLength": 500}, exceptions=named({"type": "string", "minLength": 1}))
PROPERTY = closed(
    type={"enum": list(TYPES)}, description=TEXT, required={"type": "boolean"}, nullable={"type": "boolean"}, unit=TEXT,
    values={"type": "array", "maxItems": 1000, "items": {"type": ["string", "number", "boolean"]}},
    minimum={"type": "number"}, maximum={"type": "number"}, pattern={"type": "string", "maxLength": 500},
    max_length={"type": "integer", "minimum": 0}, example={}, personal_data={"enum": list(PERSONAL)}, purpose=TEXT,
    delete_after_days=COUNT, deprecated=DEPRECATION,
    items={"$ref": "#/$defs/property"}, properties={"$ref": "#/$defs/properties"})
EVENT = closed(
    description=TEXT,
    trigger=closed(when=TEXT, where={"anyOf": [TEXT, named({"type": "string"}, 20)]}, once_per=TEXT),
    owner=TEXT, status={"enum": list(STATUSES)},
    answers={"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 100},
    deprecated=DEPRECATION, properties={"$ref": "#/$defs/properties"})
FORM: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {"property": PROPERTY, "properties": named({"$ref": "#/$defs/property"})},
    "type": "object", "required": ["name", "version", "events"], "additionalProperties": False,
    "properties": {
        "name": {"type": "string", **NAME}, "version": {"type": "string", "pattern": VERSION},
        "owner": TEXT, "description": TEXT, "questions": named({"type": "string"}),
        "convention": closed(events=NAMES, properties=NAMES),
        "limits": closed(properties_per_event=COUNT, events=COUNT),
        "envelope": {"$ref": "#/$defs/properties"}, "common": {"$ref": "#/$defs/properties"},
        "delivery": closed(no_copies={"type": "boolean"}, late_after_hours={"type": "number", "exclusiveMinimum": 0},
                           clock_within_minutes={"type": "number", "exclusiveMinimum": 0}),
        "events": {**named(EVENT), "type": "object"}}}
SAID = {"object": "a mapping (`key: value`)", "array": "a list", "string": "text",
        "boolean": "true or false", "integer": "a whole number", "number": "a number", "null": "nothing"}

MOST = {"maxProperties": "keys", "maxItems": "items", "maxLength": "characters"}


@cache
def _validator():
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(FORM, pattern_options=jsonschema_rs.RegexOptions())


def misshapen(data: Any) -> Iterator[tuple[str, str, str]]:
    """Where data has not the form of a plan: pointer, message, next action."""
    for error in _validator().iter_errors(data):
        yield from _said(error, pointer(*error.instance_path))


def _said(error, at: str) -> Iterator[tuple[str, str, str]]:
    kind, schema = error.kind.name, error.schema_path
    if kind == "additionalProperties":
        for key in error.kind.unexpected:
            yield at + pointer(key), "no such key.", _meant(key, _asked_for(schema[:-1])["properties"])
    elif kind == "required":
        missing = error.kind.property
        yield at, f"`{missing}` is missing.", f"Add `{missing}:`."
    elif kind == "type":
        wanted = _asked_for(schema)
        wanted = [wanted] if isinstance(wanted, str) else [each for each in wanted if each != "null"]
        quotes = ", in quotes" if wanted == ["string"] else ""
        kinds = " or ".join(SAID[each] for each in wanted)
        yield at, f"{_kind(error.instance)} stands here.", f"Write {kinds}{quotes}."
    elif kind == "enum":
        choices = [str(each) for each in _asked_for(schema)]
        yield at, f"`{_short(error.instance)}` is none of the values that go here.", _meant(error.instance, choices)
    elif kind == "pattern":
        yield at, f"`{_short(error.instance)}` is not in its form.", _form(_asked_for(schema))
    elif kind in MOST:
        yield at, f"more than {_asked_for(schema):,} {MOST[kind]}.", "Split it, or leave out what nobody needs."
    else:
        yield at, f"{error.message[:200]}.", "Look at the plan's form in docs/tracking_plan/README.md."


def _asked_for(path: list) -> Any:
    """What the form says at a path in itself."""
    found: Any = FORM
    for step in path:
        if isinstance(found, dict) and "$ref" in found and step != "$ref":
            found = _asked_for(found["$ref"].split("/")[1:])
        elif step == "$ref":
            found = _asked_for(found["$ref"].split("/")[1:])
            continue
        found = found[step]
    return found


def _meant(key: Any, choices) -> str:
    close = get_close_matches(str(key)[:80], list(choices), n=1)
    return f"Did you mean `{close[0]}`?" if close else f"Choose one of: {', '.join(choices)}."


def _form(pattern: str) -> str:
    if pattern == VERSION:
        return "Write MODEL-REVISION-ADDITION, such as 1-0-0."
    return "Write a day as YYYY-MM-DD."


def _kind(value: Any) -> str:
    kinds = ((bool, "True or false"), ((int, float), "A number"), (str, "Text"), (list, "A list"), (dict, "A mapping"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "Nothing")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
