"""A stranger's pipeline through simulated days, in a process of its own, and what it leaves, which nobody believes."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from environments import forks
from environments.errors import LabsError, TookTooLong
from environments.stack.orchestration.nights import STOPPED, Nights, believed
from environments.stack.orchestration.scenario import Launch, Scenario, Trouble, scenario
from tests.pipelines import SMALL
from tests.waits import HANG

NIGHT = Scenario("2026-03-07T12:00-05:00", "2026-03-08T12:00-04:00", history=2)
LEFT = {"error": "", "runs": [], "ticks": [], "alerts": [], "refused": [], "beats": [], "calls": []}


def through(text: str, night: Scenario = NIGHT, within: float = HANG, **environment: str):
    with Nights(text, within) as nights:
        return nights.run(night, **environment)


# A scenario

def test_a_scenario_is_the_same_after_a_journey_as_plain_data():
    night = Scenario("2026-03-07T12:00-05:00", "2026-03-08T12:00-04:00", troubles=(Trouble("key_expired", times=2),),
                     launches=(Launch("2026-03-07T13:00-05:00", "morning"),))
    assert scenario(json.loads(json.dumps(night.as_dict()))) == night


@pytest.mark.parametrize(("changes", "why"), [
    ({"end": "2026-03-08T12:00"}, "offset"),
    ({"troubles": (Trouble("key_expired", since="tomorrow"),)}, "offset"),
    ({"launches": (Launch("", "morning"),)}, "offset"),
    ({"troubles": (Trouble("no_such_fault"),)}, "no fault"),
])
def test_a_scenario_that_makes_no_sense_is_refused(changes, why):
    with pytest.raises(LabsError, match=why):
        Scenario(**{"start": NIGHT.start, "end": NIGHT.end, **changes})


# What is left

@pytest.mark.parametrize("left", [
    "", "[]", "null", "{", "[" * 100_000, json.dumps(LEFT | {"runs": [{}]}), json.dumps(LEFT | {"runs": {"a": 1}}),
    json.dumps(LEFT | {"ticks": [{"name": "x", "kind": "schedule", "at": 1e300, "status": "", "runs": [], "why": ""}]}),
    json.dumps(LEFT | {"alerts": [{"at": "now", "body": "text"}]}), json.dumps(LEFT | {"calls": ["text"]}),
])
def test_what_has_no_form_is_not_believed(tmp_path, left):
    (tmp_path / "answer.json").write_text(left)
    assert believed(tmp_path / "answer.json").error == STOPPED


def test_a_link_to_another_file_is_not_believed(tmp_path):
    (tmp_path / "other").write_text(json.dumps(LEFT))
    (tmp_path / "answer.json").symlink_to(tmp_path / "other")
    assert believed(tmp_path / "answer.json").error == STOPPED


# A pipeline

@pytest.mark.slow
def test_a_pipeline_runs_and_leaves_its_tables():
    with Nights(SMALL) as nights:
        outcome = nights.run(NIGHT)
        newest = nights.rows("select max(created) from raw.stripe_charges")
    assert (outcome.error, [run.status for run in outcome.runs], outcome.scheduled(), newest) == (
        "", ["SUCCESS"], [datetime(2026, 3, 8, 10, tzinfo=UTC)], [(datetime(2026, 3, 8, 9, 30),)])


SENSORS = """
import dagster as dg

@dg.asset
def made():
    pass

@dg.sensor(job_name="one", minimum_interval_seconds=10_000, default_status=dg.DefaultSensorStatus.RUNNING)
def seldom():
    return dg.RunRequest()

@dg.sensor(minimum_interval_seconds=3600, default_status=dg.DefaultSensorStatus.RUNNING)
def hourly():
    pass

defs = dg.Definitions(assets=[made], jobs=[dg.define_asset_job("one")], sensors=[seldom, hourly])
"""


@pytest.mark.slow
def test_a_sensor_names_its_job_and_is_not_asked_sooner_than_it_says():
    outcome = through(SENSORS, Scenario("2026-03-02T12:00-05:00", "2026-03-02T18:30-05:00", history=0))
    looks = [tick.name for tick in outcome.ticks]
    assert (outcome.error, looks.count("seldom"), looks.count("hourly"), [run.job for run in outcome.runs]) == (
        "", 2, 6, ["one", "one"])


@pytest.mark.slow
def test_its_failures_are_those_of_the_scenario():
    outcome = through(SMALL, Scenario(NIGHT.start, NIGHT.end, history=2,
                                      troubles=(Trouble("server_errors", "stripe", times=1),)))
    assert (len(outcome.attempts("stripe")), [call["outcome"][:7] for call in outcome.calls]) == (2, ["Passing", "ok"])


@pytest.mark.slow
@pytest.mark.parametrize(("text", "why"), [
    ("x = 1\nraise ValueError('boom')", "ValueError: boom (pipeline.py, line 2)"),
    ("def f(:", "SyntaxError"),
    ("x = 1", "makes no dg.Definitions"),
    ("import sys\nsys.exit(0)", STOPPED),
    ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", STOPPED),
    ("import os\nraise SystemError(os.environ.get('LABS_TEST_SECRET'))", "None"),
])
def test_a_pipeline_that_does_not_run_says_why(monkeypatch, text, why):
    monkeypatch.setenv("LABS_TEST_SECRET", "hunter2")
    assert why in through(text).error


@pytest.mark.slow
def test_work_that_ends_when_its_time_is_up_leaves_the_next_one_alone(monkeypatch):
    def ended_already(pid, number):
        os.kill(pid, number)
        raise ProcessLookupError

    server = forks.Server()
    with monkeypatch.context() as patch, pytest.raises(TookTooLong):
        patch.setattr(forks.os, "killpg", ended_already)
        server.run("tests.waits:hang", {}, within=0)
    server.run("builtins:print", {}, HANG)
    server.close()


@pytest.mark.slow
def test_a_pipeline_that_does_not_end_is_ended_and_leaves_nothing(monkeypatch):
    with Nights("while True: pass", within=3) as nights, pytest.raises(TookTooLong):
        nights.run(NIGHT)
    assert not Path(nights.folder).exists()


@pytest.mark.slow
def test_what_steps_print_stays_away_from_the_notebook(capfd):
    loud = SMALL.replace("    with failing_clearly():", """    print("LOUD")
    print("LOUD", file=__import__("sys").stderr)
    with failing_clearly():""")
    outcome = through(loud)
    assert (loud.count("LOUD"), [run.status for run in outcome.runs], "LOUD" in "".join(capfd.readouterr())) == (
        2, ["SUCCESS"], False)
