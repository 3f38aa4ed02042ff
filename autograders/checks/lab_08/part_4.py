"""Checks of Lab 8, part 4: schemas from properties, and a door that keeps everything."""

import json
from collections.abc import Callable

from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction, short
from environments.tracking.schemas import validator

__all__ = ["everything_is_kept", "reasons_name_the_place", "schemas_are_closed", "schemas_know_the_types"]

LARGEST = 100_000  # characters of a student's schema
LOOK_SCHEMA = "type, enum, minimum, maximum, pattern, required, additionalProperties in the table above"
LOOK_DOOR = "every record goes into one of the two lists, as it came; iter_errors gives message and instance_path"


def _schema(asked: CheckedFunction, properties: dict, when: str) -> Callable[[object], bool]:
    """Whether a value keeps to the schema that the answer makes of these properties."""
    got = asked(properties, when=when)
    asked.expect(type(got) is dict, "a JSON Schema, a dict")
    try:
        text = json.dumps(got)
        asked.expect(len(text) <= LARGEST and "$ref" not in text, "a schema without $ref")
        return validator(json.loads(text)).is_valid
    except (TypeError, ValueError, RecursionError) as e:
        asked.fail("a JSON Schema", got=f"returned {short(got)}, which is none: {str(e).splitlines()[0][:100]}")


def _judged(asked: CheckedFunction, properties: dict, when: str, fine: list, bad: list) -> None:
    valid = _schema(asked, properties, when)
    for due, values in (("accepted", fine), ("refused", bad)):
        for value in values:
            asked.expect(valid(value) == (due == "accepted"), f"{short(value)} to be {due}", got="made the opposite")


@repeatable
def schemas_are_closed(function) -> None:
    asked = CheckedFunction(function, LOOK_SCHEMA)
    name, other = draw.sample(["query", "results", "note", "items"], 2)
    both = {name: {"type": "string", "required": True}, other: {"type": "integer"}}
    _judged(asked, both, "with a required text and a number that may be missing",
            [{name: "a", other: 1}, {name: ""}, {name: "a", other: -3}],
            [{other: 1}, {}, {name: "a", "more": 1}, {name: "a", other: "1"}, {name: None}, {name: "a", other: None},
             [], "a", None])
    _judged(asked, {name: {"type": "string", "required": False}}, "with required: false", [{}, {name: "a"}], [{"b": 1}])
    _judged(asked, {}, "without any property", [{}], [{name: "a"}, None])


@repeatable
def schemas_know_the_types(function) -> None:
    asked = CheckedFunction(function, LOOK_SCHEMA)
    kinds = {
        "a text": ({"type": "string"}, ["", "a", "12"], [1, True, None, ["a"]]),
        "an integer": ({"type": "integer"}, [0, -5, 10**12], ["1", 1.5, True, None]),
        "an integer with minimum and maximum": ({"type": "integer", "minimum": 1, "maximum": 5}, [1, 5], [0, 6, "3"]),
        "a number with minimum 0": ({"type": "number", "minimum": 0}, [0, 0.5, 7], [-0.5, "1"]),
        "a boolean": ({"type": "boolean"}, [True, False], [0, "true", None]),
        "an enum": ({"type": "enum", "values": ["web", "ios"]}, ["web", "ios"], ["Web", "", "web ", 0, None]),
        "an enum in capitals": ({"type": "enum", "values": ["USD", "CAD"]}, ["USD", "CAD"], ["usd", "Cad"]),
        "an integer with nullable: false": ({"type": "integer", "nullable": False}, [3], [None, "3"]),
        "an integer with values": ({"type": "integer", "values": [1, 2, 3]}, [1, 3], [0, 4, "1"]),
        "a decimal": ({"type": "decimal"}, ["12.50", "0", "-0.5", "100"],
                      [12.5, 12, "12,50", "", "1e3", "$12", ".5", "12.", "12.50\n", "a12.50", "1-2"]),
        "a date-time": ({"type": "date-time"}, ["2026-07-02T17:30:00-04:00", "2026-07-02T21:30:00Z",
                                                 "2026-07-02T21:30:00.250Z"],
                        ["2026-07-02T17:30:00", "2026-07-02", "now", 1783027800]),
        "a text with a pattern": ({"type": "string", "pattern": "^user_[0-9]{6}$"}, ["user_000001"],
                                  ["qa_1", "user_1", 5])}
    for words, (given, fine, bad) in kinds.items():
        _judged(asked, {"p": given}, f"with {words}", [{"p": value} for value in fine], [{"p": value} for value in bad])
    optional = {"p": {"type": "enum", "values": ["a", "b"], "nullable": True},
                "q": {"type": "decimal", "nullable": True}}
    _judged(asked, optional, "with an enum and a decimal that are nullable",
            [{"p": None, "q": None}, {"p": "a", "q": "1.5"}], [{"p": "c"}, {"q": 1.5}, {"p": 0}])
    words = {"p": {"type": "string", "description": "Why.", "example": "a", "personal_data": "none", "unit": "1"}}
    _judged(asked, words, "with what a schema has no word for", [{"p": "b"}], [{"p": 1}])


SCHEMAS = {
    "box_viewed": {"type": "object", "properties": {"items": {"type": "integer", "minimum": 0}}, "required": ["items"],
                   "additionalProperties": False},
    "recipe_rated": {"type": "object", "properties": {"stars": {"type": "integer", "enum": [1, 2, 3, 4, 5]},
                                                      "note": {"type": "string"}},
                     "required": ["stars"], "additionalProperties": False},
    "box_closed": {"type": "object", "properties": {}, "required": [], "additionalProperties": False}}
FINE = [{"event": "box_viewed", "properties": {"items": 3}}, {"event": "recipe_rated", "properties": {"stars": 5}},
        {"event": "recipe_rated", "properties": {"stars": 1, "note": ""}, "id": 7},
        {"event": "box_closed", "properties": {}}]
BAD = {"items is a text": ({"event": "box_viewed", "properties": {"items": "3"}}, "items"),
       "stars is 9": ({"event": "recipe_rated", "properties": {"stars": 9}}, "stars"),
       "email is too much": ({"event": "box_viewed", "properties": {"items": 3, "email": "a@b.example"}}, "email"),
       "items is missing": ({"event": "box_viewed", "properties": {}, "id": "x"}, "items"),
       "the event is not planned": ({"event": "Box Viewed", "properties": {"items": 3}}, "Box Viewed"),
       "there are no properties": ({"event": "box_viewed"}, "properties"),
       "properties is a list": ({"event": "box_viewed", "properties": [3]}, "properties"),
       "properties is None": ({"event": "box_closed", "properties": None}, "properties"),
       "there is no event": ({"properties": {"items": 3}}, "event")}
TWO_WRONG = {"event": "recipe_rated", "properties": {"stars": "5", "note": 7}}
TWO_MORE = {"event": "box_viewed", "properties": {"items": 3, "email": "a@b.example", "phone": "1"}}


@repeatable
def everything_is_kept(function) -> None:
    asked = CheckedFunction(function, LOOK_DOOR)
    records = [*FINE, TWO_WRONG, TWO_MORE, *(record for record, _ in BAD.values())] * 2
    draw.shuffle(records)
    for when, given in ((f"with {len(records)} records, each twice", records), ("with no records", []),
                        ("with good ones alone", FINE), ("with a bad one alone", [BAD["items is a text"][0]])):
        accepted, kept = _sorted(asked, given, when)
        due = [record for record in given if record in FINE]
        asked.expect(accepted == due, f"{len(due)} accepted, unchanged, in their order",
                     got=f"accepted {len(accepted)}")
        due = [record for record in given if record not in FINE]
        asked.expect([record for record, _ in kept] == due, f"{len(due)} in quarantine, unchanged, in their order",
                     got=f"kept {len(kept)} in quarantine")


@repeatable
def reasons_name_the_place(function) -> None:
    asked = CheckedFunction(function, LOOK_DOOR)
    for case, (record, name) in BAD.items():
        _, kept = _sorted(asked, [*FINE, record], f"where {case}")
        asked.expect(len(kept) == 1, "one record in quarantine", got=f"kept {len(kept)}")
        asked.expect(name in kept[0][1], f"a reason in which `{name}` stands",
                     got=f"gave the reason {short(kept[0][1])}")
    for record, one, other in ((TWO_WRONG, "stars", "note"), (TWO_MORE, "email", "phone")):
        _, kept = _sorted(asked, [record], f"where {one} and {other} are wrong")
        asked.expect(len(kept) == 1, "the record once", got=f"kept {len(kept)}")
        asked.expect(one in kept[0][1] and other in kept[0][1], "a reason in which both stand",
                     got=f"gave the reason {short(kept[0][1])}")


def _sorted(asked: CheckedFunction, records: list[dict], when: str) -> tuple[list, list[tuple[dict, str]]]:
    got = asked(SCHEMAS, records, when=when)
    fine = type(got) in (tuple, list) and len(got) == 2 and all(type(each) is list for each in got)
    asked.expect(fine, "two lists: accepted, and in quarantine")
    fine = all(type(row) in (tuple, list) and len(row) == 2 and type(row[1]) is str and row[1] for row in got[1])
    asked.expect(fine, "the second list of pairs: (record, reason), the reason a text")
    return got[0], [(row[0], row[1]) for row in got[1]]
