"""Whatever a plan says, it is read or refused: no rule, comparison, export or door breaks on it."""

import json
from string import printable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from environments.errors import LabsError
from environments.tracking import NotAPlan, plan_of, problems
from environments.tracking.door import Door
from environments.tracking.exports import EXPORTS, exported
from environments.tracking.form import CASES, PERSONAL, STATUSES, TYPES
from environments.tracking.versions import compare

NAME = st.text(printable + "éЗ订 ", min_size=1, max_size=8)
WORDS = st.one_of(NAME, st.sampled_from(["email", "total", "placed_at", "User ID", "Order Placed", "class", "ms"]))
NUMBER = st.one_of(st.integers(-10, 10), st.floats(-1e6, 1e6))
VALUE = st.one_of(WORDS, NUMBER, st.booleans())
DAY = st.sampled_from(["2026-07-01", "2026-10-01"])
DEPRECATED = st.fixed_dictionaries({}, optional={"since": DAY, "until": DAY, "successor": WORDS, "reason": WORDS})


def described(inner):
    """A property; `inner`: of what it may hold."""
    return st.fixed_dictionaries({}, optional={
        "type": st.sampled_from(TYPES), "description": WORDS, "required": st.booleans(), "nullable": st.booleans(),
        "unit": WORDS, "values": st.lists(VALUE, max_size=4), "minimum": NUMBER, "maximum": NUMBER,
        "pattern": st.one_of(WORDS, st.sampled_from(["^[a-z]+$", "[", "(?!x)"])), "max_length": st.integers(0, 9),
        "example": VALUE, "personal_data": st.sampled_from(PERSONAL), "purpose": WORDS, "deprecated": DEPRECATED,
        **inner})


LEAF = described({})
PROPERTY = described({"items": LEAF, "properties": st.dictionaries(WORDS, LEAF, max_size=2)})
PROPERTIES = st.dictionaries(WORDS, PROPERTY, max_size=3)
CONVENTION = st.fixed_dictionaries({}, optional={
    "case": st.sampled_from(CASES), "order": st.sampled_from(["object-action", "action-object"]), "pattern": WORDS,
    "tense": st.sampled_from(["past", "present"]), "actions": st.lists(WORDS, min_size=1, max_size=2),
    "exceptions": st.dictionaries(WORDS, NAME, max_size=1)})
EVENT = st.fixed_dictionaries({}, optional={
    "description": WORDS, "owner": WORDS, "status": st.sampled_from(STATUSES), "answers": st.lists(WORDS, max_size=2),
    "trigger": st.fixed_dictionaries({}, optional={
        "when": WORDS, "where": st.dictionaries(WORDS, WORDS, max_size=2), "once_per": WORDS}),
    "deprecated": DEPRECATED, "properties": PROPERTIES})
PLAN = st.fixed_dictionaries(
    {"name": WORDS, "version": st.sampled_from(["1-0-0", "2-1-3"]),
     "events": st.dictionaries(WORDS, EVENT, max_size=3)},
    optional={"owner": WORDS, "questions": st.dictionaries(WORDS, WORDS, max_size=2), "common": PROPERTIES,
              "envelope": PROPERTIES, "convention": st.fixed_dictionaries(
                  {}, optional={"events": CONVENTION, "properties": CONVENTION}),
              "delivery": st.fixed_dictionaries({}, optional={
                  "no_copies": st.booleans(), "late_after_hours": st.just(1)})})
ANYTHING = st.recursive(st.one_of(st.none(), VALUE), lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)), max_leaves=8)
QUIETLY = settings(max_examples=100, derandomize=True, database=None, deadline=None,
                   suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@pytest.mark.exhaustive
@QUIETLY
@given(PLAN, PLAN, st.lists(ANYTHING, max_size=3))
def test_whatever_a_plan_says_is_judged(old, new, records):
    plan, other = (plan_of(json.dumps(each)) for each in (old, new))
    assert all(each.line > 0 for each in problems(plan)) and compare(plan, other).needed
    for tool in EXPORTS:
        try:
            assert all(exported(plan, tool).values())
        except LabsError as e:
            assert e.next
    try:
        door = Door(plan)
    except LabsError as e:
        assert "labs plan check" in e.next
        return
    sent = [*records, *({"event": name, "properties": each} for name in old["events"] for each in records)]
    assert [record for record, _ in door.sort(sent)] == sent


@pytest.mark.slow
@QUIETLY
@given(st.one_of(st.binary(max_size=60), ANYTHING.map(lambda data: json.dumps(data).encode()),
                 st.dictionaries(st.sampled_from(["name", "version", "events", "common", "convention"]), ANYTHING)
                 .map(lambda data: json.dumps(data).encode())))
def test_whatever_a_file_holds_is_a_plan_or_refused_with_its_line(content):
    try:
        assert problems(plan_of(content)) is not None
    except NotAPlan as e:
        assert all(each.line > 0 and each.next for each in e.diagnostics)
