"""A plan from several texts, Lab 8's start of one, and the plan explorer of a notebook."""

import pytest

from datasets.mess import Mess
from datasets.product import Product
from datasets.world import World
from environments.stack.tracked_events import tracked
from environments.stack.tracking_plan import reference
from environments.stack.tracking_start import DICTIONARY, plan_text
from environments.tracking import NotAPlan, plan_of, problems
from environments.tracking.explorer import explorer, page
from environments.tracking.parts import merged, written

EVENT = """events:
  order_paid: {owner: shop, status: live, answers: [revenue], description: A box is paid for,
    trigger: {when: it is stored, where: {server: orders/paid}, once_per: order},
    properties: {total_cents: {type: integer, required: true, personal_data: none}}}"""


def test_what_texts_say_of_the_same_key_stands_below_it():
    assert merged("a: {b: 1}", "a: {c: 2}\nd: 3") == {"a": {"b": 1, "c": 2}, "d": 3}


def test_what_two_texts_say_is_refused_with_its_place():
    with pytest.raises(NotAPlan, match="text 2:1: error TP000 /a/b: another text says this, too"):
        merged("a: {b: 1}", "a: {b: 1}")


@pytest.mark.parametrize("text", ["", "- a", "a: *b", "a: [", "\udcff: 1"], ids=repr)
def test_a_text_that_is_no_part_of_a_plan_is_refused_by_its_number(text):
    with pytest.raises(NotAPlan, match="^text 2:"):
        merged("a: 1", text)


@pytest.mark.parametrize(
    "value", ["1e5", "2026.4", "true", "null", "", "on", "2026-07-01", " a", "é: #", 1.5, None, [1]])
def test_data_is_read_again_as_it_was_written(value):
    assert merged(written({"a": value, str(value): 1})) == {"a": value, str(value): 1}


def test_a_property_without_words_gets_those_of_the_dictionary():
    properties = plan_of(plan_text(EVENT)).events[0].properties
    assert (properties[0].description, properties[0].example) == DICTIONARY["total_cents"]


def test_a_property_keeps_its_own_words():
    text = EVENT.replace("total_cents: {", "total_cents: {description: In cents, ")
    assert plan_of(plan_text(text)).events[0].properties[0].description == "In cents"


@pytest.mark.parametrize("text", ["events: 1", "events: [a]", "events: {a: 1}", "events: {a: {properties: [b]}}",
                                  "events: {a: {properties: {page: 1}}}"])
def test_events_of_another_shape_are_refused_by_the_form(text):
    with pytest.raises(NotAPlan):
        plan_of(plan_text(text))


def test_the_start_alone_lacks_nothing_but_events_and_names():
    assert {problem.code for problem in problems(plan_of(plan_text(EVENT)))} == {"TP101", "TP206"}


@pytest.fixture(scope="module")
def records():
    return tracked(Mess(Product(World(seed=7, households=12))), [600])


def test_records_come_in_the_order_in_which_they_were_received(records):
    times = [record["received_ms"] for record in records]
    assert times == sorted(times) and len(times) > 50


def test_a_record_has_the_id_that_the_list_of_defects_names(records):
    defects = Mess(Product(World(seed=7, households=12))).defects(600)
    assert {*defects.event_id} <= {record["id"] for record in records}


def test_the_explorer_says_how_many_records_of_an_event_came_in_and_why_others_did_not():
    counts = {("Order Placed", "accepted"): 7, ("Order Placed", "missing"): 2, ("Box Viewed", "copy"): 5}
    event = next(each for each in reference().events if each.name == "Order Placed")
    assert "7 of 9 accepted; missing 2" in page(reference(), event, counts)


def test_what_a_plan_says_is_no_html_of_the_explorer():
    plan = plan_of(EVENT.replace("A box is paid for", "<script>") + "\nname: a\nversion: 1-0-0")
    assert "<script>" not in page(plan, plan.events[0], {})


def test_choosing_an_event_shows_it(monkeypatch):
    shown = []

    class Below:
        def update(self, page):
            shown.append(page.data)

    monkeypatch.setattr("environments.tracking.explorer.display", lambda made, **how: shown.append(made) or Below())
    explorer(reference(), {})
    chosen = shown[0]
    chosen.value = chosen.options[3]
    assert f"<h4>{reference().events[3].name}</h4>" in shown[-1]
