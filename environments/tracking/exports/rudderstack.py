"""RudderStack's catalogue and tracking plan, `version: rudder/v1`: to it, and from it.

Its form: https://www.rudderstack.com/docs/rudder-cli/data-catalog-and-tracking-plans/ and the rules of its command line
in github.com/rudderlabs/rudder-iac (datacatalog/rules), both read 2026-11-30. Events, properties and the plan are three
documents, tied by references such as `#event:order_placed`.
"""

import re
from collections.abc import Iterator
from typing import Any

from environments.errors import LabsError
from environments.tracking.diagnostics import pointer
from environments.tracking.plan import Plan, Property
from environments.tracking.schemas import KINDS, validator
from environments.tracking.words import slug
from environments.tracking.yaml_text import BadYaml, documents, to_yaml

VERSION = "rudder/v1"
KEYS = {"values": "enum", "minimum": "minimum", "maximum": "maximum", "max_length": "max_length", "pattern": "pattern"}
MOST_NAME, MOST_DISPLAYED = 64, 65
DISPLAYED = re.compile(r"[^\w ,.-]|^[^A-Za-z_]+", re.ASCII)
FORMATS = ("date-time", "date", "time", "email", "uuid", "hostname", "ipv4", "ipv6")
TYPES = ("string", "number", "integer", "boolean", "null", "array", "object")
CONFIG = ("enum", "min_length", "max_length", "pattern", "minimum", "maximum", "exclusive_minimum", "exclusive_maximum",
          "multiple_of", "item_types", "min_items", "max_items", "unique_items")

# The form of the three kinds, as their rules ask for it; what a plan here has no place for may be there.
ID = {"type": "string", "pattern": "^[a-zA-Z0-9_-]+$"}
TEXT = {"type": "string"}
EVENT = {"type": "object", "required": ["id", "event_type"], "properties": {
    "id": ID, "event_type": {"enum": ["track", "screen", "identify", "group", "page"]}, "description": TEXT,
    "name": {"type": "string", "minLength": 1, "maxLength": MOST_NAME}}}
PROPERTY = {"type": "object", "required": ["id", "name"], "properties": {
    "id": ID, "name": {"type": "string", "pattern": r"^\S(.*\S)?$"}, "description": TEXT, "type": TEXT,
    "item_type": TEXT,
    "types": {"type": "array", "items": {"enum": list(TYPES)}, "uniqueItems": True, "minItems": 1},
    "config": {"type": "object", "additionalProperties": False, "properties": {
        **{key: {} for key in CONFIG}, "format": {"enum": list(FORMATS)}, "enum": {"type": "array"}}}},
    "not": {"required": ["type", "types"]}}
USED = {"type": "object", "required": ["property"], "properties": {
    "property": {"type": "string", "pattern": "^#property:[a-zA-Z0-9_-]+$"}, "required": {"type": "boolean"},
    "properties": {"type": "array", "items": {"$ref": "#/$defs/used"}}}}
PLAN = {"type": "object", "required": ["id", "display_name", "rules"], "properties": {
    "id": ID, "display_name": {"type": "string", "pattern": r"^[A-Z_a-z][ \w,.-]{1,63}[\w,.-]$"}, "description": TEXT,
    "rules": {"type": "array", "items": {"type": "object", "required": ["id", "type", "event"], "properties": {
        "id": ID, "type": {"const": "event_rule"},
        "event": {"type": "string", "pattern": "^#event:[a-zA-Z0-9_-]+$"},
        "properties": {"type": "array", "items": {"$ref": "#/$defs/used"}}}}}}}
SPECS = {"events": {"type": "object", "required": ["events"], "properties": {
             "events": {"type": "array", "items": EVENT}}},
         "properties": {"type": "object", "required": ["properties"], "properties": {
             "properties": {"type": "array", "items": PROPERTY}}},
         "tracking-plan": PLAN, "categories": {}, "custom-types": {}}
FORM = {"$defs": {"used": USED}, "type": "object", "required": ["version", "kind", "spec"],
        "properties": {"version": {"const": VERSION}, "kind": {"enum": list(SPECS)}},
        "allOf": [{"if": {"properties": {"kind": {"const": kind}}}, "then": {"properties": {"spec": spec}}}
                  for kind, spec in SPECS.items()]}


def exported(plan: Plan) -> dict[str, str]:
    """Raises LabsError where the plan has what RudderStack does not take."""
    catalogue = _Catalogue()
    rules = [{"type": "event_rule", "id": f"{slug(event.name)}_rule", "event": f"#event:{slug(event.name)}",
              "additional_properties": False,
              "properties": [catalogue.used(prop) for prop in plan.properties_of(event)]} for event in plan.events]
    events = [{"id": slug(event.name), "name": _name(event.name), "event_type": "track",
               **_said(event.description)} for event in plan.events]
    name = slug(plan.name)
    return {
        "events.yaml": _document("events", name, {"events": events}),
        "properties.yaml": _document("properties", name, {"properties": list(catalogue.defined.values())}),
        "tracking-plan.yaml": _document("tracking-plan", name, {
            "id": name, "display_name": _displayed(plan.name), **_said(plan.description), "rules": rules})}


class _Catalogue:
    """Properties by their id: one that differs from another of its name gets an id with a number."""

    def __init__(self):
        self.defined: dict[str, dict] = {}

    def used(self, prop: Property, depth: int = 1) -> dict:
        """How a rule refers to it."""
        if depth > 4:
            raise LabsError(f"{prop.at} is nested deeper than three levels.", "RudderStack takes three: flatten it.")
        nested = prop.items.properties if prop.items else prop.properties
        below = [self.used(inner, depth + 1) for inner in nested]
        return {"property": f"#property:{self._id(prop)}", "required": prop.required,
                **({"properties": below, "additional_properties": False} if below else {})}

    def _id(self, prop: Property) -> str:
        made, base, n = _property(prop), slug(prop.name), 1
        while True:
            key = base if n == 1 else f"{base}_{n}"
            if self.defined.setdefault(key, {"id": key, **made}) == {"id": key, **made}:
                return key
            n += 1


def _property(prop: Property) -> dict:
    kind = KINDS[prop.type].get("type", "string")
    given = {theirs: getattr(prop, ours) for ours, theirs in KEYS.items()}
    config: dict[str, Any] = {key: value for key, value in given.items() if value not in (None, "")}
    if "enum" in config:
        config["enum"] = list(config["enum"])
    for key in ("pattern", "format"):
        if key in KINDS[prop.type]:
            config.setdefault(key, KINDS[prop.type][key])
    types = {"types": [kind, "null"]} if prop.nullable else {"type": kind}
    item = {"item_type": KINDS[prop.items.type].get("type", "string")} if prop.items else {}
    return {"name": prop.name, **types, **item, **_said(prop.description), **({"config": config} if config else {})}


def _said(description: str) -> dict:
    return {"description": description} if description else {}


def _name(name: str) -> str:
    if len(name) > MOST_NAME:
        next = "RudderStack takes no more: shorten it."
        raise LabsError(f"the event `{name}` has more than {MOST_NAME} characters.", next)
    return name


def _displayed(name: str) -> str:
    return DISPLAYED.sub("", name).strip()[:MOST_DISPLAYED].ljust(3, "_")


def _document(kind: str, name: str, spec: dict) -> str:
    return to_yaml({"version": VERSION, "kind": kind, "metadata": {"name": name}, "spec": spec})


# From it

def imported(*texts: str | bytes) -> str:
    """A plan's file from RudderStack's, in any order and number: events, properties and one tracking plan.

    What RudderStack does not say (owner, trigger, example, class) is left out, and `labs plan check` asks for it.
    Raises LabsError where a text is no rudder/v1, or refers to what is in none of them.
    """
    specs = list(_specs(texts))
    events, properties = ({each["id"]: each for kind, spec in specs if kind == wanted for each in spec[wanted]}
                          for wanted in ("events", "properties"))
    plans = [spec for kind, spec in specs if kind == "tracking-plan"]
    if len(plans) != 1:
        raise LabsError(f"{len(plans)} tracking plans.", "Give the files of one: one has kind: tracking-plan.")
    made: dict[str, Any] = {"name": plans[0]["id"], "version": "1-0-0", **_said(plans[0].get("description", "")),
                            "events": {}}
    for rule in plans[0]["rules"]:
        event = _referred(rule["event"], events)
        made["events"][event.get("name") or event["id"]] = {
            **_said(event.get("description", "")), "properties": _taken(rule.get("properties", []), properties)}
    return to_yaml(made)


def _specs(texts: tuple[str | bytes, ...]) -> Iterator[tuple[str, dict]]:
    for text in texts:
        content = text.encode() if isinstance(text, str) else text
        try:
            found = [document.data for document in documents(content, most=100)]
        except BadYaml as e:
            raise LabsError(f"line {e.line}: {e.message}", e.next) from None
        for each in found:
            for error in validator(FORM).iter_errors(each):
                raise LabsError(f"{pointer(*error.instance_path) or 'a document'}: {error.message[:200]}.",
                                f"Give files of {VERSION} that `rudder-cli` accepts.")
            yield each["kind"], each["spec"]


def _referred(reference: str, known: dict[str, dict]) -> dict:
    id = reference.partition(":")[2]
    if id not in known:
        raise LabsError(f"`{reference[:80]}` refers to nothing in these files.", "Give the file that defines it, too.")
    return known[id]


def _taken(rules: list[dict], known: dict[str, dict]) -> dict:
    found = [(_referred(rule["property"], known), rule) for rule in rules]
    return {definition["name"]: _read(definition, rule, known) for definition, rule in found}


def _read(found: dict, rule: dict, known: dict[str, dict]) -> dict:
    """A property of a plan from its definition and the rule that uses it."""
    types = found.get("types") or [found.get("type", "string")]
    config = found.get("config", {})
    kind = next((each for each in types if each in TYPES and each != "null"), "string")
    if config.get("format") in ("date-time", "date"):
        kind = config["format"]
    elif config.get("pattern") == KINDS["decimal"]["pattern"]:
        kind = "decimal"
    elif kind == "string" and "enum" in config:
        kind = "enum"
    made = {"type": kind, **_said(found.get("description", "")), "required": bool(rule.get("required"))}
    if "null" in types:
        made["nullable"] = True
    made |= {ours: config[theirs] for ours, theirs in KEYS.items()
             if theirs in config and config[theirs] != KINDS.get(kind, {}).get(theirs)}
    below = _taken(rule.get("properties", []), known)
    if kind == "array":
        item = found.get("item_type", "string")
        made["items"] = {"type": item if item in TYPES else "string", **({"properties": below} if below else {})}
    elif below:
        made["properties"] = below
    return made
