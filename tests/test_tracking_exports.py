"""A tracking plan in the forms of other tools, each against what its vendor publishes; and a plan from RudderStack's.

The vendors' forms below are transcribed from their pages, which the exporters name with the day they were read.
"""

import csv
import io
import json
import re

import jsonschema_rs
import pytest

from environments.errors import LabsError
from environments.stack.tracking_plan import reference
from environments.tracking import plan_of
from environments.tracking.exports import EXPORTS, exported, write
from environments.tracking.exports.rudderstack import FORM, imported
from environments.tracking.schemas import properties_schema, schemas, validator
from environments.tracking.yaml_text import documents, to_yaml

ALL = """
name: shop
version: 3-1-4
description: "All that a plan can say: 100%"
events:
  Order Placed:
    description: 'Paid, "and" stored; "1e3"'
    properties:
      order_id: {type: integer, required: true, minimum: 1, maximum: 9}
      plan: {type: enum, values: [solo, "1e3", "no"], required: true}
      stars: {type: integer, values: [1, 2]}
      total: {type: decimal, nullable: true, unit: USD}
      placed_at: {type: date-time}
      day: {type: date}
      code: {type: string, pattern: "^[A-Z]+$", max_length: 5}
      express: {type: boolean}
      tags: {type: array, items: {type: string}}
      lines: {type: array, items: {type: object, properties: {sku: {type: string, required: true}}}}
      box: {type: object, properties: {size: {type: integer, required: true}}}
  Box Viewed:
    status: deprecated
    properties:
      plan: {type: enum, values: [small]}
  App Opened: {}
"""
RIGHT = {"order_id": 1, "plan": "solo"}
TRIED = [RIGHT, {}, {"order_id": 1}, *(RIGHT | more for more in (
    {"order_id": "1"}, {"order_id": 10}, {"plan": "big"}, {"plan": "1e3"}, {"stars": 2}, {"stars": 3}, {"total": None},
    {"total": "1.50"}, {"total": 1.5}, {"code": "ABC"}, {"code": "abc"}, {"code": "ABCDEF"}, {"express": True},
    {"express": "true"}, {"tags": ["a"]}, {"tags": [1]}, {"box": {"size": 1}}, {"box": {}},
    {"box": {"size": 1, "x": 1}},
    {"lines": [{"sku": "a"}]}, {"email": "x"}))]


@pytest.fixture(scope="module", params=[None, ALL], ids=["teaspoon", "all"])
def plan(request):
    return plan_of(request.param) if request.param else reference()


def verdicts(check) -> list[bool]:
    return [check(properties) for properties in TRIED]


@pytest.fixture(scope="module")
def due():
    """What the plan's own schema says of what was tried."""
    every = plan_of(ALL)
    return verdicts(validator(properties_schema(every, every.events[0])).is_valid)


# RudderStack

def specs(plan) -> dict[str, dict]:
    return {name: documents(text.encode())[0].data for name, text in exported(plan, "rudderstack").items()}


def test_rudderstacks_documents_have_its_form(plan):
    found = [error.message for spec in specs(plan).values() for error in validator(FORM).iter_errors(spec)]
    assert (found, {spec["kind"] for spec in specs(plan).values()}) == ([], {"events", "properties", "tracking-plan"})


def test_every_reference_of_rudderstacks_leads_somewhere(plan):
    every = specs(plan)
    there = {f"#{kind}:{each['id']}" for kind, name in (("event", "events"), ("property", "properties"))
             for each in every[f"{name}.yaml"]["spec"][name]}
    used = set(re.findall(r"#(?:event|property):[\w-]+", json.dumps(every["tracking-plan.yaml"])))
    assert used - there == set()


def test_two_properties_of_one_name_are_two_for_rudderstack():
    ids = [each["id"] for each in specs(plan_of(ALL))["properties.yaml"]["spec"]["properties"]]
    assert {"plan", "plan_2"} <= set(ids) and len(ids) == len(set(ids))


def test_a_plan_comes_back_from_rudderstack_with_the_same_schemas(plan):
    back = plan_of(imported(*exported(plan, "rudderstack").values()))
    assert {name: bare(schema) for name, schema in schemas(back).items()} == {
        name: bare(schema) for name, schema in schemas(plan).items()}


def bare(schema: dict) -> dict:
    """Without what RudderStack has no place for: units, the plan's version."""
    if not isinstance(schema, dict):
        return schema
    return {key: sorted(value) if key == "required" else bare(value) for key, value in schema.items()
            if key not in ("x-unit", "$id")}


PUBLISHED = """
version: rudder/v1
kind: tracking-plan
metadata: {name: my-tracking-plan}
spec:
  id: my_tp
  display_name: My Tracking Plan
  rules:
    - id: signup_rule
      type: event_rule
      event: "#event:signup"
      properties:
        - property: "#property:user_id"
          required: true
---
version: rudder/v1
kind: events
metadata: {name: user-events}
spec: {events: [{id: signup, name: Signed Up, event_type: track}, {id: identified, event_type: identify}]}
---
version: rudder/v1
kind: properties
metadata: {name: common}
spec: {properties: [{id: user_id, name: User ID, type: string, config: {min_length: 5, format: email}}]}
"""


def test_rudderstacks_own_example_is_read():
    made = plan_of(imported(PUBLISHED))
    assert [(event.name, [(prop.name, prop.type, prop.required) for prop in event.properties])
            for event in made.events] == [("Signed Up", [("User ID", "string", True)])]


@pytest.mark.parametrize("text, due", [
    ("", "0 tracking plans"), ("5", "is not of type"), ("a: [", "not YAML"), ("kind: events", "required property"),
    (PUBLISHED.replace("kind: events", "kind: tp"), "/kind"),
    (PUBLISHED.replace("rudder/v1", "rudder/v0.1"), "/version"),
    (PUBLISHED.replace("#property:user_id", "#property:nobody"), "`#property:nobody` refers to nothing"),
    (PUBLISHED.replace("#event:signup", "#/events/user-events/signup"), "/spec/rules/0/event"),
    (PUBLISHED.replace("id: user_id", "id: []"), "/spec/properties/0/id"),
    (PUBLISHED.replace("name: User ID", "name: 5"), "/spec/properties/0/name"),
    (PUBLISHED.replace("display_name: My", "display_name: -My"), "/spec/display_name"),
], ids=range(11))
def test_what_rudderstack_would_refuse_is_refused_with_its_place(text, due):
    with pytest.raises(LabsError, match=re.escape(due)):
        imported(text)


# Segment

def test_segments_rules_have_the_fields_of_its_api(plan):
    rules = json.loads(exported(plan, "segment")["tracking-plan.json"])["rules"]
    assert [(set(rule), rule["type"], type(rule["version"])) for rule in rules] == [
        ({"type", "key", "jsonSchema", "version"}, "TRACK", int)] * len(plan.events)


def test_segments_schemas_are_schemas_of_draft_7(plan):
    rules = json.loads(exported(plan, "segment")["tracking-plan.json"])["rules"]
    assert {rule["jsonSchema"]["$schema"] for rule in rules} == {"http://json-schema.org/draft-07/schema#"} and all(
        jsonschema_rs.meta.is_valid(rule["jsonSchema"]) for rule in rules)


def test_segments_schemas_judge_a_call_as_the_plan_does(due):
    schema = json.loads(exported(plan_of(ALL), "segment")["tracking-plan.json"])["rules"][0]["jsonSchema"]
    check = jsonschema_rs.Draft7Validator(schema)
    assert verdicts(lambda properties: check.is_valid({"context": {}, "properties": properties})) == due


# Snowplow

SELF = {"type": "object", "required": ["vendor", "name", "format", "version"], "additionalProperties": False}
SELF["properties"] = {
    "vendor": {"type": "string", "pattern": "^[a-zA-Z0-9-_.]+$"},
    "name": {"type": "string", "pattern": "^[a-zA-Z0-9-_]+$"},
    "format": {"type": "string", "pattern": "^[a-zA-Z0-9-_]+$"},
    "version": {"type": "string", "pattern": "^[0-9]+-[0-9]+-[0-9]+$"}}


def iglu(plan) -> dict[str, dict]:
    return {path: json.loads(text) for path, text in exported(plan, "snowplow").items()}


def test_snowplows_schemas_describe_themselves_as_iglu_asks(plan):
    check = jsonschema_rs.Draft4Validator(SELF)
    assert [error.message for schema in iglu(plan).values() for error in check.iter_errors(schema["self"])] == []


def test_snowplows_schemas_are_schemas_of_draft_4(plan):
    assert all(jsonschema_rs.meta.is_valid(schema | {"$schema": "http://json-schema.org/draft-04/schema#"})
               for schema in iglu(plan).values())


def test_snowplows_files_lie_where_their_self_says(plan):
    assert all(path == "schemas/{vendor}/{name}/{format}/{version}".format(**schema["self"])
               for path, schema in iglu(plan).items())


def test_snowplows_schemas_judge_an_event_as_the_plan_does(due):
    schema = iglu(plan_of(ALL))["schemas/com.shop/order_placed/jsonschema/3-1-4"]
    check = jsonschema_rs.Draft4Validator({key: value for key, value in schema.items() if key != "$schema"})
    assert verdicts(check.is_valid) == due


# Amplitude

COLUMNS = """action, array min items, array max items, array unique items, const value, enum values, event activity,
event category, event display name, event property name, event source, number property value min,
number property value max, number is integer, object type, object name, object description, property type,
property group names, property description, property value type, property required, property is array, property regex,
string property value min length, string property value max length, tags"""
ALLOWED = {
    "Action": {""}, "Object Type": {"Event", ""}, "Event Activity": {"Active", "Inactive", ""},
    "Property Type": {"Event Property", ""}, "Property Value Type": {"string", "number", "boolean", "any", "enum", ""},
    "Property Required": {"True", "False", ""}, "Property Is Array": {"True", "False", ""},
    "Number Is Integer": {"True", "False", ""}}


def rows(plan) -> list[dict]:
    return list(csv.DictReader(io.StringIO(exported(plan, "amplitude")["events.csv"])))


def test_amplitudes_header_has_every_column_of_its_page(plan):
    assert set(COLUMNS.replace("\n", " ").split(", ")) <= {column.lower() for column in rows(plan)[0]}


def test_amplitudes_values_are_those_of_its_page(plan):
    assert [(column, row[column]) for row in rows(plan) for column, values in ALLOWED.items()
            if row[column] not in values] == []


def test_amplitude_has_an_events_properties_below_it(plan):
    found, names = rows(plan), {}
    for row in found:
        if row["Object Type"]:
            properties = names.setdefault(row["Object Name"], [])
        else:
            properties.append(row["Event Property Name"])
    assert names == {event.name: [prop.name for prop in plan.properties_of(event)] for event in plan.events}


def test_an_enum_with_a_comma_is_no_enum_for_amplitude():
    text = 'name: a\nversion: 1-0-0\nevents: {A: {properties: {x: {type: enum, values: ["a,b", c]}}}}'
    assert [(row["Property Value Type"], row["Enum Values"]) for row in rows(plan_of(text))[1:]] == [("string", "")]


# Mixpanel

OWN = {"type": "object", "additionalProperties": False, "properties": {
    "com.mixpanel": {"type": "object", "additionalProperties": False, "properties": {
        "$source": {"type": "string"}, "displayName": {"type": "string"}, "hidden": {"type": "boolean"},
        "dropped": {"type": "boolean"}, "tags": {"type": "array", "items": {"type": "string"}}}}}}
LEXICON = {"type": "object", "required": ["entries"], "additionalProperties": False, "properties": {
    "truncate": {"type": "boolean"},
    "entries": {"type": "array", "items": {
        "type": "object", "required": ["name", "entityType", "schemaJson"], "additionalProperties": False,
        "properties": {
            "entityType": {"enum": ["event", "profile"]}, "name": {"type": "string"},
            "schemaJson": {"type": "object", "properties": {
                "description": {"type": "string"}, "metadata": OWN,
                "properties": {"type": "object", "additionalProperties": {
                    "type": "object", "required": ["type"], "additionalProperties": False, "properties": {
                        "type": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]},
                        "description": {"type": "string"}, "metadata": OWN}}}}}}}}}}


def test_mixpanels_body_is_one_that_its_api_takes(plan):
    body = json.loads(exported(plan, "mixpanel")["schemas.json"])
    assert [error.message for error in jsonschema_rs.validator_for(LEXICON).iter_errors(body)] == []


def test_mixpanel_hides_what_is_deprecated():
    entries = json.loads(exported(plan_of(ALL), "mixpanel")["schemas.json"])["entries"]
    assert {each["name"]: each["schemaJson"]["metadata"]["com.mixpanel"]["hidden"] for each in entries} == {
        "Order Placed": False, "Box Viewed": True, "App Opened": False}


def test_mixpanel_is_told_in_words_what_is_allowed():
    entries = json.loads(exported(plan_of(ALL), "mixpanel")["schemas.json"])["entries"]
    assert entries[0]["schemaJson"]["properties"]["stars"]["description"] == "One of: 1, 2. Optional."


# All

@pytest.mark.parametrize("tool", EXPORTS)
def test_an_export_is_written_into_a_folder_again_and_again(tool, tmp_path):
    first = write(reference(), tool, tmp_path / "out")
    assert [path.read_text() for path in write(reference(), tool, tmp_path / "out")] == [
        *exported(reference(), tool).values()] and first


def test_an_unknown_tool_is_a_message_with_the_known_ones():
    with pytest.raises(LabsError, match="Choose one of: rudderstack, segment, snowplow, amplitude, mixpanel"):
        exported(reference(), "heap")


def test_two_events_of_one_id_are_refused():
    with pytest.raises(LabsError, match="have the same id, a_b"):
        exported(plan_of("name: a\nversion: 1-0-0\nevents: {A B: {}, a_b: {}}"), "snowplow")


@pytest.mark.parametrize("data", ["no", "1e3", "017", "~", "", "2026-07-01", "yes: no", "'", " a", "#x", 1.5, None,
                                  True, {"a": [1, "1"]}], ids=str)
def test_what_is_written_as_yaml_reads_as_the_same(data):
    assert documents(to_yaml({"x": data, "y": data}).encode())[0].data == {"x": data, "y": data}
