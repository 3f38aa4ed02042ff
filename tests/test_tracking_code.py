"""Typed functions from a tracking plan: a type checker refuses what the plan does not allow."""

import shutil

import pytest

from environments.errors import LabsError
from environments.stack.tracking_plan import reference
from environments.tracking import plan_of
from environments.tracking.exports import exported
from environments.tracking.typecheck import refused_python, refused_typescript

PLAN = """
name: shop
version: 1-0-0
events:
  Order Placed:
    description: A box is paid.
    trigger: {when: The server has stored the order, where: orders.py, once_per: order}
    properties:
      order_id: {type: integer, required: true}
      plan: {type: enum, values: [solo, duo], required: true}
      coupon: {type: string, nullable: true}
      lines: {type: array, items: {type: object, properties: {sku: {type: string, required: true}}}}
"""
ODD = """
name: "*/ \\n shop"
version: 1-0-0
events:
  class:
    description: "*/ \\"\\"\\" \\u2028 alert(1)"
    properties: {class: {type: string}, "a-b \\" ": {type: boolean, values: [true]}}
  Send: {}
  1st Order: {properties: {"2": {type: object, properties: {" ": {type: string}}}}}
  Заказ: {properties: {имя: {type: string}}}
"""
RIGHT = '{"order_id": 1, "plan": "duo", "coupon": None, "lines": [{"sku": "a"}]}'
WRONG = {
    "a missing property": '{"order_id": 1}',
    "text for a number": '{"order_id": "1", "plan": "duo"}',
    "a value that is not in the list": '{"order_id": 1, "plan": "Duo"}',
    "a property that is not planned": '{"order_id": 1, "plan": "duo", "email": "x"}',
    "nothing where it must not be": '{"order_id": None, "plan": "duo"}',
    "within a list": '{"order_id": 1, "plan": "duo", "lines": [{"sku": 1}]}',
}


def module_of(plan) -> dict:
    """The names in the Python module of a plan."""
    found: dict = {}
    exec(compile(exported(plan, "python")["tracking.py"], "tracking.py", "exec"), found)
    return found


def test_a_call_sends_the_event_by_the_plans_name():
    sent = []
    module_of(plan_of(PLAN))["order_placed"](lambda *call: sent.append(call), {"order_id": 1, "plan": "duo"})
    assert sent == [("Order Placed", {"order_id": 1, "plan": "duo"})]


def test_a_function_says_what_the_event_means_and_when_it_is_sent():
    assert module_of(plan_of(PLAN))["order_placed"].__doc__ == (
        "A box is paid. When: The server has stored the order, once per order.")


def test_every_event_of_teaspoons_plan_has_a_function():
    there = module_of(reference())
    assert all(callable(there["_".join(event.name.lower().split())]) for event in reference().events)


def test_odd_names_and_texts_still_make_a_module():
    there = module_of(plan_of(ODD))
    assert {"class_", "send", "event_1_st_order"} <= set(there) and any(name.startswith("event_d0") for name in there)


@pytest.fixture(scope="module")
def refused() -> set[str]:
    """The wrong calls that a type checker refuses; "right" where it refuses the right one."""
    calls = {"right": RIGHT, **WRONG}
    made = exported(plan_of(PLAN), "python") | {"calls.py": "from tracking import order_placed\n" + "".join(
        f"order_placed(print, {call})\n" for call in calls.values())}
    return {list(calls)[line - 2] for file, line, _ in refused_python(made) if file == "calls.py"}


@pytest.mark.slow
@pytest.mark.parametrize("what", WRONG)
def test_a_type_checker_refuses(what, refused):
    assert what in refused


@pytest.mark.slow
def test_a_type_checker_accepts_the_right_call(refused):
    assert "right" not in refused


def test_typescript_has_an_interface_and_a_function_for_each_event():
    made = exported(plan_of(PLAN), "typescript")["tracking.ts"]
    assert made.split("\n\n", 2)[2] == """\
export interface OrderPlaced_Lines {
  "sku": string;
}

export interface OrderPlaced {
  "order_id": number;
  "plan": "solo" | "duo";
  "coupon"?: string | null;
  "lines"?: (OrderPlaced_Lines)[];
}

// A box is paid. When: The server has stored the order, once per order.
export function orderPlaced(send: Send, properties: OrderPlaced): void {
  send("Order Placed", properties);
}
"""


def test_no_text_of_a_plan_leaves_its_comment_or_string_in_typescript():
    made = exported(plan_of(ODD), "typescript")["tracking.ts"]
    assert [line for line in made.splitlines() if "alert" in line and not line.startswith("// ")] == []


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.skipif(not shutil.which("tsc"), reason="TypeScript's compiler is not installed")
def test_typescripts_compiler_refuses_wrong_calls_alone():
    calls = {"right": RIGHT, **WRONG}
    made = exported(plan_of(PLAN), "typescript") | {"calls.ts": 'import { orderPlaced } from "./tracking";\n' + "".join(
        f"orderPlaced((...all: unknown[]) => all, {call.replace('None', 'null')});\n" for call in calls.values())}
    said = refused_typescript(made) or []
    assert {list(calls)[line - 2] for file, line, _ in said if file == "calls.ts"} == set(WRONG)


def test_what_cannot_be_checked_for_types_says_so(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(LabsError, match="make setup"):
        refused_python({"a.py": ""})
    assert refused_typescript({"a.ts": ""}) is None


@pytest.mark.slow
def test_a_type_checker_that_is_told_to_use_colours_is_understood(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("PYREFLY_COLOR", "always")
    ((file, line, why),) = refused_python({"a.py": 'x: int = 1\ny: int = "a"\n'})
    assert (file, line, "\x1b" in why) == ("a.py", 2, False)
