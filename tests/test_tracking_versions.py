"""Two versions of a tracking plan: what is breaking by SchemaVer's table, and the version that a change needs."""

import pytest

from environments.stack.tracking_plan import REFERENCE
from environments.tracking import plan_of
from environments.tracking.door import Door
from environments.tracking.versions import Level, compare, raised

OLD = """
name: shop
version: 1-2-3
common:
  platform: {type: enum, values: [web, ios], required: true}
events:
  Order Placed:
    trigger: {when: stored as paid, where: orders.py, once_per: order}
    properties:
      order_id: {type: integer, required: true, minimum: 1}
      coupon: {type: string, max_length: 10}
      total: {type: integer, unit: cents, required: true, nullable: true}
      box: {type: object, properties: {size: {type: integer, required: true}}}
      tags: {type: array, items: {type: string}}
  Box Viewed: {properties: {items: {type: integer, required: true}}}
  Box Shared: {status: planned}
"""


def changed(*replaced: tuple[str, str]):
    new = OLD
    for before, after in replaced:
        assert before in new
        new = new.replace(before, after, 1)
    return compare(plan_of(OLD), plan_of(new, "new.yaml"))


def found(comparison) -> list[tuple[str, str, str]]:
    return [(change.pointer, change.level.name, change.compatible) for change in comparison.changes]


ORDER = "/events/Order Placed"
# Snowplow's table, read 2026-11-30, row by row; then what it is silent about.
ROWS = [
    ("optional added", "      coupon:", "      note: {type: string}\n      coupon:",
     "/properties/note", "ADDITION", "backward"),
    ("optional removed", "      coupon: {type: string, max_length: 10}\n", "",
     "/properties/coupon", "REVISION", "forward"),
    ("required removed", "      order_id: {type: integer, required: true, minimum: 1}\n", "",
     "/properties/order_id", "MODEL", "none"),
    ("required added", "      coupon:", "      shop: {type: string, required: true}\n      coupon:",
     "/properties/shop", "MODEL", "none"),
    ("optional to required", "max_length: 10", "max_length: 10, required: true",
     "/properties/coupon", "MODEL", "forward"),
    ("required to optional", "integer, required: true, minimum", "integer, minimum",
     "/properties/order_id", "ADDITION", "backward"),
    ("type", "coupon: {type: string", "coupon: {type: boolean", "/properties/coupon", "MODEL", "none"),
    ("narrower type", "coupon: {type: string", "coupon: {type: decimal", "/properties/coupon", "MODEL", "forward"),
    ("wider type", "order_id: {type: integer", "order_id: {type: number", "/properties/order_id", "MODEL", "backward"),
    ("text to an enum", "{type: string, max_length: 10}", "{type: enum, max_length: 10, values: [a]}",
     "/properties/coupon", "REVISION", "forward"),
    ("size grown", "max_length: 10", "max_length: 20", "/properties/coupon", "ADDITION", "backward"),
    ("size shrunk", "max_length: 10", "max_length: 5", "/properties/coupon", "REVISION", "forward"),
    ("bound raised", "minimum: 1", "minimum: 5", "/properties/order_id", "REVISION", "forward"),
    ("bound gone", ", minimum: 1", "", "/properties/order_id", "ADDITION", "backward"),
    ("unit", "unit: cents", "unit: USD", "/properties/total", "MODEL", "none"),
    ("unit gone", ", unit: cents", "", "/properties/total", "REVISION", "full"),
    ("null no more", ", nullable: true", "", "/properties/total", "REVISION", "forward"),
    ("values where all were allowed", "max_length: 10", "max_length: 10, values: [a]",
     "/properties/coupon", "REVISION", "forward"),
    ("a pattern", "max_length: 10", "max_length: 10, pattern: a", "/properties/coupon", "REVISION", "forward"),
    ("within an object", "size: {type: integer", "size: {type: string",
     "/properties/box/properties/size", "MODEL", "none"),
    ("within an array", "items: {type: string}", "items: {type: integer}", "/properties/tags/items", "MODEL", "none"),
    ("another moment", "stored as paid", "the button", "/trigger", "REVISION", "full"),
    ("another place", "orders.py", "shop.py", "/trigger", "ADDITION", "full"),
    ("personal", "max_length: 10", "max_length: 10, personal_data: personal", "/properties/coupon", "ADDITION", "full"),
    ("deprecated", "  Order Placed:\n", "  Order Placed:\n    status: deprecated\n", "", "ADDITION", "full"),
]


@pytest.mark.parametrize("before, after, at, level, compatible", [row[1:] for row in ROWS],
                         ids=[row[0] for row in ROWS])
def test_a_change_has_its_level_and_what_is_compatible(before, after, at, level, compatible):
    assert found(changed((before, after))) == [(ORDER + at, level, compatible)]


@pytest.mark.parametrize("before, after, due", [
    ("  Box Viewed:", "  Box Opened: {}\n  Box Viewed:", [("/events/Box Opened", "ADDITION", "backward")]),
    ("  Box Viewed: {properties: {items: {type: integer, required: true}}}\n", "",
     [("/events/Box Viewed", "MODEL", "forward")]),
    ("  Box Viewed:", "  Box Seen:",
     [("/events/Box Viewed", "MODEL", "forward"), ("/events/Box Seen", "ADDITION", "backward")]),
    ("  Box Shared: {status: planned}\n", "", [("/events/Box Shared", "ADDITION", "full")]),
    ("values: [web, ios]", "values: [web, tv]", [("/common/platform", "REVISION", "forward"),
                                                 ("/common/platform", "ADDITION", "backward")]),
    ("name: shop", "name: shop\ndelivery: {no_copies: true}", [("/delivery", "REVISION", "none")]),
    ("name: shop", "name: shop\nenvelope: {user_id: {type: string}}", [("/envelope/user_id", "ADDITION", "backward")]),
    ("name: shop", "name: shop\ndescription: All that the shop sends.", []),
], ids=range(8))
def test_events_and_what_they_share_are_compared(before, after, due):
    assert found(changed((before, after))) == due


def test_a_renamed_event_is_called_one_with_the_way_out():
    message = changed(("  Box Viewed:", "  Box Seen:")).changes[0].message
    assert "seems renamed to `Box Seen`" in message and "Keep it, deprecated" in message


def test_a_renamed_property_is_called_one():
    assert "seems renamed to `voucher`" in changed(("      coupon:", "      voucher:")).changes[0].message


def test_a_property_that_moves_to_all_events_is_new_where_it_was_not():
    moved = changed(("common:\n", "common:\n  coupon: {type: string, max_length: 10}\n"),
                    ("      coupon: {type: string, max_length: 10}\n", ""))
    assert found(moved) == [(f"/events/{event}/properties/coupon", "ADDITION", "backward")
                            for event in ("Box Shared", "Box Viewed")]


@pytest.mark.parametrize("level, due", [(Level.NONE, "1-2-3"), (Level.ADDITION, "1-2-4"), (Level.REVISION, "1-3-0"),
                                        (Level.MODEL, "2-0-0")])
def test_a_level_raises_its_part_and_sets_back_the_rest(level, due):
    assert raised("1-2-3", level) == due


@pytest.mark.parametrize("version, enough", [("1-2-3", False), ("1-3-0", False), ("2-0-0", True), ("3-0-0", True)])
def test_a_breaking_change_needs_a_new_model(version, enough):
    assert changed(("1-2-3", version), ("coupon: {type: string", "coupon: {type: decimal")).enough == enough


def test_a_version_never_goes_back():
    assert changed(("1-2-3", "1-2-2")).verdict() == (
        "version 1-2-3 -> 1-2-2: too low, 1-2-3 is needed: a version never goes back.")


def test_the_verdict_names_the_change_that_asks_for_the_version():
    verdict = changed(("coupon: {type: string", "coupon: {type: decimal"), ("minimum: 1", "minimum: 0")).verdict()
    assert verdict == ("version 1-2-3 -> 1-2-3: too low, 2-0-0 is needed, because of "
                       "/events/Order Placed/properties/coupon: the type was string and is decimal.")


def test_a_plan_is_the_same_as_itself():
    text = REFERENCE.read_text()
    assert compare(plan_of(text), plan_of(text)).changes == []


# What is called compatible is: by the doors of both plans.

RECORD = {"event": "Order Placed", "properties": {
    "platform": "web", "order_id": 7, "coupon": "a", "total": 5, "box": {"size": 1}, "tags": ["x"]}}
SENT = [
    {}, {"order_id": 1}, {"order_id": 2}, {"order_id": "7"}, {"coupon": "abcdefgh"}, {"coupon": "abcdefghijklmn"},
    {"coupon": "1.5"}, {"total": None}, {"box": {"size": "1"}}, {"tags": [1]}, {"note": "x"}, {"shop": "x"},
    {"order_id": -3},
    {"coupon": ...}, {"order_id": ...}, {"shop": "x", "order_id": ...},
]


def records():
    for sent in SENT:
        properties = RECORD["properties"] | sent
        yield RECORD | {"properties": {key: value for key, value in properties.items() if value is not ...}}


@pytest.mark.parametrize("before, after", [row[1:3] for row in ROWS], ids=[row[0] for row in ROWS])
def test_compatible_plans_accept_each_others_records(before, after):
    comparison = changed((before, after))
    old, new = Door(plan_of(OLD)), Door(plan_of(OLD.replace(before, after, 1)))
    judged = [(not old.reasons(record), not new.reasons(record)) for record in records()]
    (change,) = comparison.changes
    assert (not change.backward or all(then for now, then in judged if now)) \
        and (not change.forward or all(now for now, then in judged if then))
