"""Checks of Lab 8, part 6: what changes of a plan break, the version they need, and history in its newest form.

What is due comes from elsewhere than the reference: compatibility by trying values, levels and breaking changes from
`labs plan diff`.
"""

import math
from collections.abc import Iterator

from autograders.checks.lab_08.plain import Case, ask, same
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from environments.tracking import plan_of
from environments.tracking.versions import Level, compare
from environments.tracking.yaml_text import to_yaml

__all__ = ["compatible", "level", "raised", "gate", "migrated"]

ABSENT = object()


# Changes of one property

def _changes() -> Iterator[tuple[str, dict | None, dict | None]]:
    """Pairs of versions of a property, each in both directions."""
    low = draw.randrange(2, 40)
    text, whole = {"type": "string"}, {"type": "integer"}
    required = {"required": True}
    pairs = [
        ("an optional property", None, text),
        ("an optional property, said as false", None, text | {"required": False}),
        ("a required property", None, whole | required),
        ("true alone against 1 alone", {"type": "boolean", "values": [True]}, whole | {"values": [1]}),
        ("optional against required", text, text | required),
        ("optional against required, said as false", text | {"required": False}, text | required),
        ("integer against number", whole, {"type": "number"}),
        ("required integer against optional number", whole | required, {"type": "number"}),
        ("optional integer against required number", whole, {"type": "number"} | required),
        ("text against integer", text, whole),
        ("boolean against integer", {"type": "boolean"}, whole),
        ("text against number", text, {"type": "number"}),
        ("two values against three", text | {"values": ["solo", "duo"]}, text | {"values": ["family", "duo", "solo"]}),
        ("one value against another", text | {"values": ["solo", "duo"]}, text | {"values": ["solo", "family"]}),
        ("values against any text", text | {"values": ["solo"]}, text),
        ("values of numbers against any number", whole | {"values": [1, low]}, whole),
        ("integer values against number values", whole | {"values": [1, low]},
         {"type": "number", "values": [1, low, low + 0.5]}),
        ("more values, and required", text | {"values": ["solo"]}, text | {"values": ["solo", "duo"]} | required),
        ("fewer values, and required", text | {"values": ["solo", "duo"]}, text | {"values": ["solo"]} | required),
        ("a lower minimum", whole | {"minimum": low}, whole | {"minimum": low - 1}),
        ("a higher maximum", whole | {"maximum": low}, whole | {"maximum": low + 1}),
        ("a minimum against none", whole | {"minimum": 0}, whole),
        ("a maximum against none", whole | {"maximum": 0}, whole),
        ("a narrower range", whole | {"minimum": 0, "maximum": low + 9}, whole | {"minimum": 1, "maximum": low + 8}),
        ("a range that moved", whole | {"minimum": 0, "maximum": low}, whole | {"minimum": 1, "maximum": low + 1}),
        ("a bound against the other", whole | {"minimum": low}, whole | {"maximum": low}),
        ("a bounded integer against any number", whole | {"minimum": 1}, {"type": "number"}),
        ("any integer against a bounded number", whole, {"type": "number", "minimum": 1}),
        ("negative bounds", whole | {"minimum": -low, "maximum": -1}, whole | {"minimum": -low - 1, "maximum": -1}),
    ]
    for what, one, two in pairs:
        yield f"with {what}", one, two
        yield f"with {what}, the other way round", two, one
    same = text | {"values": ["solo", "duo"]} | required
    yield "where values only change places", same, same | {"values": ["duo", "solo"]}
    yield "where only words change", text | {"description": "Old."}, text | {"description": "New.", "example": "a"}
    yield "where nothing changes", whole | {"minimum": low}, whole | {"minimum": low}
    yield "of a property that neither has", None, None


def _accepts(prop: dict | None, value: object) -> bool:
    if value is ABSENT:
        return prop is None or not prop.get("required")
    if prop is None:
        return False
    kinds = {"string": (str,), "boolean": (bool,), "integer": (int,), "number": (int, float)}[prop["type"]]
    if type(value) not in kinds or value not in prop.get("values", [value]):
        return False
    if isinstance(value, str):
        return True
    return prop.get("minimum", -math.inf) <= value <= prop.get("maximum", math.inf)


def _tried(*props: dict | None) -> list:
    """Values at each edge of what these accept."""
    edges = [prop[key] for prop in props if prop for key in ("minimum", "maximum") if key in prop]
    values = [value for prop in props if prop for value in prop.get("values", [])]
    near = [edge + step for edge in (0, *edges) for step in (-100, -1, 0, 1, 100)]
    return [ABSENT, "another text", True, False, 0.5, -1000.5, 1000.5, *near, *values]


@repeatable
def compatible(function) -> None:
    """Every pair of versions in both directions; what is due is found by trying values at the edges."""
    asked = CheckedFunction(function, look="does one accept all that the other does? Ask it in both directions")
    names = {(True, True): "full", (True, False): "backward", (False, True): "forward", (False, False): "none"}
    for when, old, new in _changes():
        tried = _tried(old, new)
        backward = all(_accepts(new, value) for value in tried if _accepts(old, value))
        forward = all(_accepts(old, value) for value in tried if _accepts(new, value))
        got = asked(old, new, when=when)
        asked.expect(same(got, names[backward, forward]),
                     "whether the new plan accepts what the old one does, and the other way round")


def _plan(properties: dict, **more) -> dict:
    return {"name": "shop", "version": "1-0-0", "events": {"Order Placed": {"properties": properties}}} | more


def _compared(old: dict, new: dict):
    return compare(plan_of(to_yaml(old)), plan_of(to_yaml(new)))


@repeatable
def level(function) -> None:
    """Every pair of versions in both directions, against what `labs plan diff` says."""
    asked = CheckedFunction(function,
                            look="the table's rows from the top: does one of MODEL apply, then one of REVISION?")
    for when, old, new in _changes():
        before, after = ({"it": prop} if prop else {} for prop in (old, new))
        found = _compared(_plan(before), _plan(after)).level
        due = "" if found == Level.NONE else found.name
        got = asked(old, new, when=when)
        asked.expect(same(got, due), "the first row of the table that applies, or an empty text")


# Versions

@repeatable
def raised(function) -> None:
    """Each level alone, levels in any order, numbers of two digits, and no change at all."""
    asked = CheckedFunction(function, look="the number of the highest level plus one, and 0 to its right")
    m, r, a = (draw.randrange(9, 30) for _ in range(3))
    old = f"{m}-{r}-{a}"
    ask(asked, [
        Case("with an ADDITION", (old, ["ADDITION"]), f"{m}-{r}-{a + 1}", "the last number plus one"),
        Case("with a REVISION", (old, ["REVISION"]), f"{m}-{r + 1}-0", "the second number plus one, then 0"),
        Case("with a MODEL", (old, ["MODEL"]), f"{m + 1}-0-0", "the first number plus one, then 0 and 0"),
        Case("with REVISION last of several", (old, ["ADDITION", "", "ADDITION", "REVISION"]), f"{m}-{r + 1}-0",
             "one step of the highest"),
        Case("with MODEL in the middle", (old, ["REVISION", "MODEL", "ADDITION", "MODEL"]), f"{m + 1}-0-0",
             "one step of the highest"),
        Case("with changes that raise nothing", (old, ["", ""]), old, "the version as it is"),
        Case("without a change", (old, []), old, "the version as it is"),
        Case("from 9-9-9, with an ADDITION", ("9-9-9", ["ADDITION"]), "9-9-10", "the last number plus one"),
        Case("from 9-9-9, with a REVISION", ("9-9-9", ["REVISION"]), "9-10-0", "the second number plus one, then 0"),
        Case("from 1-0-9", ("1-0-9", ["ADDITION", "ADDITION"]), "1-0-10", "one step, for both together"),
    ])


# The gate of CI

REASONS = {"a new required": "required property new", "the required property": "required property gone",
           "it was optional": "now required", "the type was": "other type"}


def _due(old: dict, new: dict) -> list:
    """From `labs plan diff`, which does not say that a property of another type is also required now."""
    found = set()
    for change in _compared(old, new).changes:
        if change.breaking:
            reason = next((reason for said, reason in REASONS.items() if change.message.startswith(said)), "event gone")
            found.add((change.pointer, reason))
    return sorted(found)


@repeatable
def gate(function) -> None:
    """Each breaking change by itself and all at once, what breaks nothing, and each way to raise a version, or not."""
    asked = CheckedFunction(function, look="events that are gone, then the properties of those that are still there")
    one, two = draw.sample(["order_id", "servings", "stars", "results", "items_count"], 2)
    whole, text, required = {"type": "integer"}, {"type": "string"}, {"required": True}
    old = _plan({one: whole | required, two: text}, version="2-3-4")
    old["events"] |= {"Box Viewed": {"properties": {"items": whole | required}}, "App Opened": {},
                      "Menu Printed": {"status": "planned", "properties": {"page": whole}},
                      "Box Shown": {"status": "deprecated"},
                      "Note Left": {"properties": {"note": text | {"required": False}}}}

    def changed(properties: dict, event: str = "Order Placed", drop: tuple = ()) -> dict:
        events = {name: value for name, value in old["events"].items() if name not in drop}
        props = {key: prop for key, prop in (events[event].get("properties", {}) | properties).items() if prop}
        return old | {"version": "2-4-0", "events": events | {event: {"properties": props}}}

    odd = old | {"events": {"A/B ~ Test Seen": {"properties": {"x": whole}}}}
    slash = old | {"events": {"A/B Seen": {"properties": {"km/h": whole, "~": text}}}}
    slashed = old | {"events": {"A/B Seen": {"properties": {"km/h": text, "~": text | required}}}}
    fine = {
        "that changes nothing": old, "with an optional property more": changed({"note": text}),
        "with an optional property more, said as false": changed({"note": text | {"required": False}}),
        "with an optional property less": changed({two: None}),
        "where required becomes optional": changed({one: whole}),
        "with other values": changed({two: text | {"values": ["a"]}}),
        "with an event more": old | {"events": old["events"] | {"Gift Sent": {"properties": {"to": text | required}}}},
        "where a planned event is gone": changed({}, drop=("Menu Printed",)),
    }
    broken = {
        "where an event is gone": changed({}, drop=("Box Viewed",)),
        "where an event without properties is gone": changed({}, drop=("App Opened",)),
        "where a deprecated event is gone": changed({}, drop=("Box Shown",)),
        "where a planned event has another type": changed({"page": text}, "Menu Printed"),
        "where an event is renamed": old | {"events": {
            "Box Seen" if name == "Box Viewed" else name: event for name, event in old["events"].items()}},
        "with a required property more": changed({"shop": text | required}),
        "with a required property in an event that had none": changed({"screen": text | required}, "App Opened"),
        "with a required property less": changed({one: None}),
        "where a required property is renamed": changed({one: None, "number": whole | required}),
        "where optional becomes required": changed({two: text | required}),
        "where required: false becomes required": changed({"note": text | required}, "Note Left"),
        "with another type": changed({two: whole}),
        "where integer becomes number": changed({one: {"type": "number"} | required}),
    }
    for when, new in fine.items():
        ask(asked, [Case(f"of a plan {when}", (old, new), [], "no reason against it")])
    for when, new in broken.items():
        ask(asked, [Case(f"of a plan {when}", (old, new), _due(old, new),
                         "each breaking change with its pointer and reason")])
    at = f"/events/Order Placed/properties/{two}"
    ask(asked, [
        Case("of a plan where optional text becomes a required number", (old, changed({two: whole | required})),
             sorted([(at, "now required"), (at, "other type")]), "both reasons"),
        Case("of a plan where a name has / and ~", (odd, odd | {"events": {}}),
             [("/events/A~1B ~0 Test Seen", "event gone")], "a JSON pointer"),
        Case("of a plan where a property's name has / or ~", (slash, slashed),
             [("/events/A~1B Seen/properties/km~1h", "other type"),
              ("/events/A~1B Seen/properties/~0", "now required")], "JSON pointers"),
    ])
    all_at_once = changed({one: None, two: whole, "shop": text | required}, drop=("Box Viewed", "App Opened"))
    all_at_once["version"] = "2-3-4"
    ask(asked, [
        Case("of a plan that breaks everything", (old, all_at_once), _due(old, all_at_once), "all of them, sorted"),
        Case("of a plan that breaks, and raises REVISION", (old, all_at_once | {"version": "2-4-0"}),
             _due(old, all_at_once),
             "all of them: only MODEL allows it"),
        Case("of a plan that breaks, and goes back to 1-9-9", (old, all_at_once | {"version": "1-9-9"}),
             _due(old, all_at_once),
             "all of them: the MODEL is not higher"),
        Case("of a plan that breaks, and raises MODEL", (old, all_at_once | {"version": "3-0-0"}), [],
             "no reason: it was meant"),
        Case("of a plan that breaks, and goes from 9-0-0 to 10-0-0", (old | {"version": "9-0-0"},
             all_at_once | {"version": "10-0-0"}), [], "no reason: 10 is higher than 9"),
        Case("of a plan that breaks, and goes from 10-0-0 to 9-0-0", (old | {"version": "10-0-0"},
             all_at_once | {"version": "9-0-0"}), _due(old, all_at_once), "all of them: 9 is lower than 10"),
    ])


# History

@repeatable
def migrated(function) -> None:
    """Each part of a step by itself and together, versions of two digits, records that need nothing."""
    asked = CheckedFunction(function,
                            look="each step in turn, on the name that the steps before gave; is the record older?")
    n = draw.randrange(2, 90)

    def record(version: str = "1-0-0", event: str = "Order Placed", **properties) -> dict:
        return {"version": version, "event": event, "properties": properties}

    rename = {"to": "2-0-0", "event": "Order Placed", "rename": {"amount": "total"}}
    values = {"to": "2-0-0", "event": "Order Placed", "values": {"plan": {"single": "solo", "couple": "duo"}}}
    default = {"to": "2-0-0", "event": "Order Placed", "default": {"currency": "USD", "items": n}}
    name = {"to": "2-0-0", "event": "Box Seen", "name": "Box Viewed"}
    every = {"to": "2-0-0", "event": "Box Seen", "name": "Box Viewed", "rename": {"n": "items"},
             "values": {"items": {n: n + 1}}, "default": {"n": 0, "items": -1}}
    late = {"to": "1-10-0", "event": "Order Placed", "default": {"late": True}}
    chain = [rename | {"to": "1-1-0", "event": "Order Done"},
             {"to": "1-2-0", "event": "Order Done", "name": "Order Placed"},
             {"to": "2-0-0", "event": "Order Placed", "rename": {"total": "total_usd"}, "default": {"items": n}}]
    exchanged = {"to": "2-0-0", "event": "Order Placed", "values": {"plan": {"solo": "duo", "duo": "solo"}}}
    swap = {"to": "2-0-0", "event": "Order Placed", "rename": {"a": "b", "b": "a"}}
    ask(asked, [
        Case("where a property is renamed", (record(amount="5.00", x=n), [rename]), record("2-0-0", total="5.00", x=n),
             "its value under the new name, the others as they are"),
        *(Case(f"where a property with {value!r} is renamed", (record(amount=value), [rename]),
               record("2-0-0", total=value), "its value under the new name: it is there") for value in (0, "", None)),
        *(Case(f"where {value!r} is replaced", (record(plan=value), [
            exchanged | {"values": {"plan": {value: "solo"}}}]), record("2-0-0", plan="solo"), "the new value")
          for value in (0, "", None)),
        Case("where the property is not there", (record(x=n), [rename]), record("2-0-0", x=n),
             "nothing of the new name"),
        Case("where two properties change names", (record(a=1, b=2), [swap]), record("2-0-0", b=1, a=2),
             "both values kept"),
        Case("where a value is replaced", (record(plan="single"), [values]), record("2-0-0", plan="solo"),
             "the new value"),
        Case("where a value is replaced by one that has a new value itself", (record(plan="solo"), [exchanged]),
             record("2-0-0", plan="duo"), "one step of the map"),
        *(Case(f"where a value is replaced by {new!r}", (record(plan="none"), [exchanged | {
            "values": {"plan": {"none": new}}}]), record("2-0-0", plan=new), "the new value") for new in (0, "", None)),
        Case("where a value is not in the map", (record(plan="family"), [values]), record("2-0-0", plan="family"),
             "that value"),
        Case("where the property of a value is not there", (record(x=n), [values]), record("2-0-0", x=n),
             "no such property"),
        Case("where defaults are set", (record(currency="EUR"), [default]), record("2-0-0", currency="EUR", items=n),
             "what was sent, and a default for the rest"),
        Case("where null was sent", (record(currency=None, items=0), [default]),
             record("2-0-0", currency=None, items=0),
             "what was sent: it is there"),
        Case("where an event is renamed", (record(event="Box Seen", items=1), [name]),
             record("2-0-0", "Box Viewed", items=1),
             "the new name"),
        Case("where a step does all", (record(event="Box Seen", n=n), [every]),
             record("2-0-0", "Box Viewed", items=n + 1, n=0),
             "rename, then values, then defaults"),
        Case("of another event", (record(event="App Opened", amount=1), [rename, name]),
             record("2-0-0", "App Opened", amount=1),
             "the version of the last step, and nothing else"),
        Case("that is as new as the step", (record("2-0-0", amount=1), [rename]), record("2-0-0", amount=1),
             "the same"),
        Case("that is newer than all steps", (record("2-0-1", amount=1), [rename]), record("2-0-1", amount=1),
             "the same"),
        Case("of version 1-9-0, before a step to 1-10-0", (record("1-9-0"), [late]), record("1-10-0", late=True),
             "the step made: 10 comes after 9"),
        Case("of version 1-10-0, after a step to 1-9-0", (record("1-10-0"), [late | {"to": "1-9-0"}]), record("1-10-0"),
             "the same"),
        Case("that goes through three steps", (record(event="Order Done", amount="1.00"), chain),
             record("2-0-0", total_usd="1.00", items=n), "each step on what the one before made"),
        Case("that begins in the middle of the steps", (record("1-1-0", "Order Done", total="1.00", amount=n), chain),
             record("2-0-0", total_usd="1.00", amount=n, items=n), "the later steps alone"),
        Case("that has the newest name in an old version", (record("1-0-0", total="1.00", amount=n), chain),
             record("2-0-0", total_usd="1.00", amount=n, items=n), "steps of the event by its name at that step"),
        Case("without steps", (record(amount=1), []), record(amount=1), "the same"),
    ])
