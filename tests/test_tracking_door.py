"""The door of a tracking plan: schemas from the plan, and what passes, on records and on worlds with their mess."""

import copy
from collections import Counter, defaultdict

import fastjsonschema
import pytest

from datasets.mess import DEFECTS, Mess
from datasets.product import Product
from datasets.world import World
from environments.errors import LabsError
from environments.saas.amplitude_events import records as amplitude_records
from environments.saas.mixpanel_events import records as mixpanel_records
from environments.stack.tracking_plan import reference
from environments.tracking import plan_of, problems
from environments.tracking.door import Door
from environments.tracking.schemas import properties_schema, schemas, validator
from environments.tracking.tools import from_amplitude, from_mixpanel

PLAN = """
name: shop
version: 1-0-0
events:
  Order Placed:
    properties:
      order_id: {type: integer, required: true, minimum: 1}
      plan: {type: enum, values: [solo, duo]}
      total: {type: decimal, nullable: true}
      placed_at: {type: date-time}
      tags: {type: array, items: {type: string, max_length: 5}}
      box: {type: object, properties: {size: {type: integer, required: true}}}
  Box Viewed: {}
"""


def order(**properties) -> dict:
    return {"event": "Order Placed", "properties": {"order_id": 1} | properties}


@pytest.fixture(scope="module")
def door():
    return Door(plan_of(PLAN))


def test_a_plan_that_makes_no_schema_has_no_door():
    with pytest.raises(LabsError, match="Run `labs plan check plan.yaml`"):
        Door(plan_of("name: a\nversion: 1-0-0\nevents: {A: {properties: {x: {type: string, pattern: '['}}}}"))


# Schemas

def test_a_plan_in_another_script_makes_schemas():
    plan = plan_of("name: магазин\nversion: 1-0-0\nevents: {Заказ: {properties: {имя: {type: string}}}}")
    assert validator(properties_schema(plan, plan.events[0])).is_valid({"имя": "a"})



@pytest.mark.parametrize("properties", [
    {}, {"plan": "duo"}, {"total": "12.50"}, {"total": None}, {"total": "-0.5"},
    {"placed_at": "2026-07-01T09:00:00+02:00"}, {"tags": []}, {"tags": ["a", "bbbbb"]}, {"box": {"size": 3}}], ids=str)
def test_what_the_plan_names_is_accepted(door, properties):
    assert door.reasons(order(**properties)) == ()


@pytest.mark.parametrize("properties, due", [
    ({"order_id": "1"}, "wrong type /properties/order_id: a whole number is due."),
    ({"order_id": True}, "wrong type /properties/order_id: a whole number is due."),
    ({"order_id": 1.5}, "wrong type /properties/order_id: a whole number is due."),
    ({"order_id": 0}, "not allowed /properties/order_id: it breaks the plan's `minimum`."),
    ({"order_id": None}, "wrong type /properties/order_id: a whole number is due."),
    ({"plan": "Duo"}, "not allowed /properties/plan: it is none of the plan's values."),
    ({"total": 12.5}, "wrong type /properties/total: text or nothing is due."),
    ({"total": "12,50"}, "not allowed /properties/total: it breaks the plan's `pattern`."),
    ({"placed_at": "2026-07-01T09:00:00"}, "not allowed /properties/placed_at: it breaks the plan's `format`."),
    ({"tags": ["a", "too long"]}, "not allowed /properties/tags/1: it breaks the plan's `maxLength`."),
    ({"box": {}}, "missing /properties/box/size: it is required."),
    ({"box": {"size": 1, "colour": "red"}}, "unplanned property /properties/box/colour: the plan does not name it."),
    ({"email": "ada@example.com"}, "unplanned property /properties/email: the plan does not name it."),
], ids=str)
def test_what_the_plan_does_not_allow_is_refused_with_its_place(door, properties, due):
    assert [str(reason) for reason in door.reasons(order(**properties))] == [due]


def test_a_reason_repeats_no_value(door):
    assert "ada@example.com" not in str(door.reasons(order(plan="ada@example.com", order_id="ada@example.com")))


@pytest.mark.parametrize("record", [None, 5, [], {}, {"event": 5}, {"event": []}, {"event": "Order Placed"},
                                    {"event": "Nobody Knows"}, order(**{"tags": {1, 2}}), {"event": "Box Viewed", 1: 2},
                                    order(order_id=float("nan"))], ids=range(11))
def test_what_is_no_record_is_quarantined_with_a_reason(door, record):
    assert [(kept is record, bool(reasons)) for kept, reasons in door.sort([record])] == [(True, True)]


def test_a_record_that_holds_itself_is_quarantined(door):
    record = order()
    record["properties"]["box"] = record
    assert [bool(reasons) for _, reasons in door.sort([record])] == [True]


def test_the_door_changes_no_record(door):
    records = [order(order_id="1"), order(total="12.50"), order(email="x")]
    before = copy.deepcopy(records)
    assert [record for record, _ in door.sort(records)] == before


def test_the_door_gives_back_every_record_in_its_order(door):
    records = [order(order_id=n if n % 3 else str(n)) for n in range(1, 100)]
    assert [id(record) for record, _ in door.sort(records)] == [*map(id, records)]


def test_the_counts_say_what_became_of_every_record():
    door = Door(plan_of(PLAN))
    list(door.sort([order(), order(), order(plan="big"), {"event": "order_placed", "properties": {}}, None]))
    assert door.counts == {("Order Placed", "accepted"): 2, ("Order Placed", "not allowed"): 1,
                           ("", "unplanned event"): 1, ("", "no record"): 1}


def test_the_door_takes_an_iterator_and_reads_no_further_than_it_gave():
    read = []
    passing = Door(plan_of(PLAN)).sort(read.append(n) or order() for n in range(10**9))
    next(passing), next(passing)
    assert read == [0, 1]


def test_the_door_remembers_no_more_than_its_window():
    door = Door(plan_of(PLAN + "delivery: {no_copies: true}"), window=10)
    list(door.sort(order(order_id=n) for n in range(1, 1000)))
    assert len(door._seen) == 10


def test_schemas_are_closed_and_name_their_draft():
    found = schemas(plan_of(PLAN)).values()
    assert {(each["$schema"], each["additionalProperties"]) for each in found} == {
        ("https://json-schema.org/draft/2020-12/schema", False)}


def test_another_validator_judges_the_schemas_as_this_one_does():
    plan = plan_of(PLAN)
    schema = properties_schema(plan, plan.events[0])
    other = fastjsonschema.compile({**schema, "$schema": "http://json-schema.org/draft-07/schema#"})
    tried = [{}, {"order_id": 1}, {"order_id": "1"}, {"order_id": 1, "x": 1}, {"order_id": 2, "plan": "x"}]
    assert [_accepts(other, each) for each in tried] == [validator(schema).is_valid(each) for each in tried]


def _accepts(check, value) -> bool:
    try:
        check(value)
    except fastjsonschema.JsonSchemaException:
        return False
    return True


# Teaspoon's plan and its worlds

def test_teaspoons_plan_breaks_no_rule():
    assert problems(reference()) == []


def test_teaspoons_plan_has_the_ten_key_actions_and_more():
    assert len(reference().events) >= 10


def test_what_mixpanel_adds_is_no_property_of_the_company():
    exported = {"event": "App Opened", "properties": {
        "time": 1_780_314_867, "distinct_id": "user_000003", "$user_id": "user_000003", "$device_id": "d",
        "$os": "Linux", "mp_lib": "web", "$insert_id": "i", "mp_processing_time_ms": 1_780_314_877_808,
        "platform": "web"}}
    assert from_mixpanel(exported) == {
        "event": "App Opened", "properties": {"platform": "web"}, "user_id": "user_000003", "device_id": "d",
        "time_ms": 1_780_314_867_000, "received_ms": 1_780_314_877_808}


def test_the_times_of_amplitude_are_those_of_the_device_and_of_the_server():
    exported = {"event_type": "App Opened", "event_properties": {}, "user_id": None, "device_id": "d",
                "event_time": "2026-06-01 19:38:30.000000", "client_event_time": "2026-06-01 19:38:31.000000",
                "server_received_time": "2026-06-01 19:38:38.590000"}
    made = from_amplitude(exported)
    assert (made["time_ms"], made["received_ms"]) == (1_780_342_711_000, 1_780_342_718_590)


def judged(seed: int, households: int, days: range) -> Counter:
    """How many events had a defect ("clean" for none), and whether the door of Teaspoon's plan refused them."""
    mess, door, found = Mess(Product(World(seed, households))), Door(reference()), Counter()
    for day in days:
        defects = defaultdict(set)
        for row in mess.defects(day).itertuples():
            defects[row.event_id].add(row.defect)
        for messy in mess.batches(day):
            web = messy.events.of("web")
            for id, record in [
                    *((each["properties"]["$insert_id"], from_mixpanel(each))
                      for each in mixpanel_records(mess.product, messy.where(web), 0, True)),
                    *((each["uuid"], from_amplitude(each))
                      for each in amplitude_records(mess.product, messy.where(~web), 0))]:
                ((_, reasons),) = door.sort([record])
                # Of two events with one id the later is the copy.
                marks = defects[id] if found[id] else defects[id] - {"duplicate"}
                found[id] += 1
                found.update((defect, bool(reasons)) for defect in marks or {"clean"})
    return found


@pytest.fixture(scope="module", params=[
    (7, 20, range(560, 660, 2)),
    pytest.param((11, 60, range(0, 730, 7)), marks=pytest.mark.exhaustive),
    pytest.param((4711, 12, range(730)), marks=pytest.mark.exhaustive)], ids="seed {0[0]}".format)
def world(request):
    return judged(*request.param)


@pytest.mark.slow
def test_every_clean_event_of_a_world_is_accepted(world):
    assert (world["clean", True], world["clean", False] > 5000) == (0, True)


@pytest.mark.slow
@pytest.mark.parametrize("defect", DEFECTS)
def test_every_event_with_a_defect_is_refused(world, defect):
    assert (world[defect, False], world[defect, True] > 5) == (0, True)
