"""Parts of a pipeline that are written in cells: their text, what they may not use, and the pipeline they make."""

import json

import pytest

from environments.errors import LabsError
from environments.stack.orchestration.nights import Nights
from environments.stack.orchestration.parts import (
    COURSE,
    DESCRIPTION,
    described,
    description_in,
    name_of,
    nights,
    part,
    pipeline,
    why,
)
from environments.stack.orchestration.scenario import Launch, Scenario

HOUR = Scenario("2026-03-02T12:00-05:00", "2026-03-02T13:00-05:00", history=1,
                launches=(Launch("2026-03-02T12:10-05:00", "all_of_it"),))


@part
def loads():
    """Of two assets, the second fails."""
    @dg.asset(owners=["team:data"], tags={"alert": "page"})  # noqa: F821 (a part knows dg)
    def stripe(stripe: Source, warehouse: WarehouseFile):  # noqa: F821
        stripe.load(warehouse)

    @dg.asset(deps=[stripe])  # noqa: F821
    def revenue():
        raise ValueError("boom")

    return [[stripe], revenue, dg.define_asset_job("all_of_it")]  # noqa: F821


@part
def billing():
    # YOUR CODE HERE
    raise NotImplementedError()


@part
def broken():
    return [1]


# A part's text

def test_a_part_is_the_text_of_its_function_without_the_decorator():
    assert (loads().splitlines()[0], loads().splitlines()[-1].split("  #")[0].strip()) == (
        "def loads():", 'return [[stripe], revenue, dg.define_asset_job("all_of_it")]')


def test_a_part_that_is_not_written_says_so_itself():
    with pytest.raises(NotImplementedError):
        billing()


@pytest.mark.parametrize("text", [
    "import environments.stack.orchestration.loads", "from environments.stack.orchestration import loads",
    "from environments.stack import orchestration as o", "import importlib", "__import__('environments')",
    "from autograders.checks import lab_07", "import sys\n    sys.modules['x']", "exec('1')",
    "from environments.stack.orchestration.resources import Source\n    import datasets.marts",
])
def test_a_part_may_not_take_the_courses_own_pipeline(text):
    with pytest.raises(LabsError, match="the course's own"):
        name_of(f"def loads():\n    {text}\n")


@pytest.mark.parametrize("text", [
    "from environments.stack.orchestration.feeds import FEEDS", "import math", "import dagster as dg",
    "from environments.stack.orchestration import resources", "from environments.errors import LabsError",
])
def test_a_part_may_take_resources_feeds_and_other_libraries(text):
    assert name_of(f"def loads():\n    {text}\n") == "loads"


@pytest.mark.parametrize("text", ["x = 1", "def a():\n    pass\ndef b():\n    pass\n", "def f(:", "(" * 10_000])
def test_what_is_not_one_function_is_no_part(text):
    with pytest.raises(LabsError):
        name_of(text)


# The pipeline

def test_a_part_stands_in_place_of_the_courses():
    text = pipeline(loads(), course=COURSE)
    assert [name for name, lines in COURSE.items() if lines not in text] == ["billing", "other_loads"]


def test_jobs_are_handed_to_the_parts_that_name_them():
    text = pipeline("def jobs():\n    return 1, 2\n", "def every_morning(morning):\n    return morning\n")
    made = {}
    exec(text.split("made = []")[1].split("from environments")[0], {"made": []}, made)
    assert (made["morning"], made["reload"], "made.append(every_morning(morning))" in text) == (1, 2, True)


def test_an_error_names_the_line_in_place_of_its_number():
    assert why("ValueError: boom (pipeline.py, line 2)", "a\n  raise boom\n") == (
        "ValueError: boom  (your line: raise boom)")


@pytest.mark.parametrize("left", ["", "[", "{}x", "[1]", '[{"asset": "a"}]', "[" * 100_000])
def test_a_description_without_its_form_is_not_believed(tmp_path, left):
    (tmp_path / DESCRIPTION).write_text(left)
    assert description_in(tmp_path) == []


def test_a_description_that_leads_elsewhere_is_not_believed(tmp_path):
    (tmp_path / "other").write_text(json.dumps([]))
    (tmp_path / DESCRIPTION).symlink_to(tmp_path / "other")
    assert description_in(tmp_path) == []


@pytest.mark.slow
def test_parts_run_through_simulated_days_and_a_failed_step_says_why():
    run, = nights(HOUR, loads, course=()).runs
    assert (run.steps, "ValueError: boom" in run.log) == ({"stripe": "success", "revenue": "failed"}, True)


@part
def jobs():
    @dg.asset  # noqa: F821
    def fails():
        raise ValueError("boom")

    return [fails, dg.define_asset_job("all_of_it", tags={  # noqa: F821
        "dagster/max_retries": "2", "dagster/retry_on_asset_or_op_failure": "true"})]


@pytest.mark.slow
def test_a_run_that_fails_each_time_is_run_again_as_often_as_its_tag_says():
    text = pipeline(jobs().replace("def jobs", "def failing"))
    with Nights(text) as simulated:
        assert [run.status for run in simulated.run(HOUR).runs] == ["FAILURE"] * 3


@pytest.mark.slow
def test_assets_say_what_they_are():
    told = {one["asset"]: (one["owners"], one["tags"], one["deps"]) for one in described(loads, course=())}
    assert told == {"stripe": (["team:data"], {"alert": "page"}, []), "revenue": ([], {}, ["stripe"])}


@pytest.mark.slow
def test_what_a_part_gives_is_named_where_it_is_no_part_of_a_pipeline():
    with pytest.raises(LabsError, match="gave 1, which is no asset"):
        nights(HOUR, broken, course=())
