"""The reference pipeline through simulated days: when it runs, what it tries again, what it stops, and who is told."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from environments.stack.dbt_project import look
from environments.stack.orchestration.checks import usual
from environments.stack.orchestration.nights import Outcome, through
from environments.stack.orchestration.scenario import KILLED, Backfill, Launch, NewFile, Scenario, Trouble
from tests import pipelines
from tests.waits import HANG

pytestmark = pytest.mark.slow
NIGHT = ("2026-03-02T06:30-05:00", "2026-03-03T12:00-05:00")  # and a morning
STEPS = {"stripe", "mixpanel", "amplitude", "production", "billing_models", "customer_models", "billing_published",
         "customer_published"}


@pytest.fixture(scope="module")
def reference():
    """What comes of the reference in a scenario; the same one is run once."""
    from environments.stack.orchestration import simulation

    made = pipelines.reference()
    simulation.warm_up()
    kept: dict[Scenario, Outcome] = {}

    def run(start: str = NIGHT[0], end: str = NIGHT[1], folder: Path | None = None, **more) -> Outcome:
        scenario = Scenario(start, end, **more)
        if folder or scenario not in kept:
            kept[scenario] = through(lambda: made, scenario, HANG, folder)
        return kept[scenario]

    return run


def trouble(fault: str, source: str = "", **more) -> dict:
    return {"troubles": (Trouble(fault, source, **more),)}


# Time

@pytest.mark.parametrize(("start", "end", "due"), [
    ("2026-03-07T12:00-05:00", "2026-03-08T12:00-04:00", datetime(2026, 3, 8, 10, tzinfo=UTC)),
    ("2026-10-31T12:00-04:00", "2026-11-01T12:00-05:00", datetime(2026, 11, 1, 11, tzinfo=UTC)),
])
def test_it_runs_at_six_by_the_companys_clock_also_after_the_clocks_change(reference, start, end, due):
    outcome = reference(start, end)
    assert (outcome.error, outcome.scheduled()) == ("", [due])


def test_a_good_morning_makes_all_of_it_once_for_the_day_before(reference):
    run, = reference().runs
    tried = {step: len(times) for step, times in run.attempts.items() if step in STEPS}
    assert (run.status, run.partition, tried) == ("SUCCESS", "2026-03-02", dict.fromkeys(STEPS, 1))


def test_a_good_morning_says_nothing(reference):
    assert reference().alerts == []


def test_no_morning_begins_while_the_last_one_goes_on(reference):
    outcome = reference(launches=(Launch("2026-03-02T18:00-05:00", "morning", unfinished=True),))
    ticks = [tick.status for tick in outcome.ticks if tick.kind == "schedule"]
    assert ([run.status for run in outcome.runs], ticks) == (["STARTED"], ["skipped"])


def test_a_lost_week_is_loaded_again_behind_the_morning(reference):
    week = tuple(f"2026-02-{day:02}" for day in range(16, 23))
    outcome = reference(backfills=(Backfill("2026-03-03T05:59-05:00", "reload", week),))
    jobs = [run.job for run in outcome.runs]
    loaded = [day for day in outcome.materialized("mixpanel") if day in week]
    assert (jobs, loaded) == (["reload", "morning", *["reload"] * 6], list(week))


# Failure

def test_what_may_pass_is_tried_again_with_growing_waits(reference):
    times = reference(**trouble("server_errors", "stripe")).attempts("stripe")
    waits = [(later - sooner).total_seconds() - 60 for sooner, later in zip(times, times[1:], strict=False)]
    assert waits == [60, 180, 420]


def test_an_expired_key_is_tried_once(reference):
    assert len(reference(**trouble("key_expired")).attempts("stripe")) == 1


def test_a_source_that_fails_stops_only_what_depends_on_it(reference):
    run, = reference(**trouble("mixpanel_key_rotated")).runs
    done = {step for step, status in run.steps.items() if status == "success" and step in STEPS}
    assert done == STEPS - {"mixpanel", "customer_models", "customer_published"}


def test_a_run_that_hangs_is_ended(reference):
    run, = reference(**trouble("timeout", minutes=10_000)).runs
    assert (run.status, len(run.attempts["stripe"]), "billing_models" in run.attempts) == (
        "FAILURE", 1, False)


def killed_and_resumed(reference, folder: Path, what: str) -> Outcome:
    assert reference("2026-03-03T05:30-05:00", folder=folder, keep=True, **trouble(KILLED, what)).error
    return reference("2026-03-03T06:30-05:00", folder=folder, resume=True)


def test_a_run_that_is_killed_is_done_by_another_for_what_is_left(reference, tmp_path):
    outcome = killed_and_resumed(reference, tmp_path, "publication")
    made = Counter(made["asset"] for run in outcome.runs for made in run.materialized)
    statuses = [run.status for run in outcome.runs]
    assert (statuses, set(made.values()), outcome.alerts) == (["FAILURE", "SUCCESS"], {1}, [])


@pytest.mark.exhaustive
def test_a_load_that_is_killed_after_its_rows_were_written_doubles_none(reference, tmp_path):
    outcome = killed_and_resumed(reference, tmp_path, "stripe")
    rows = look(tmp_path / "warehouse.duckdb", "select count(*) - count(distinct id) from raw.stripe_charges")
    assert (len(outcome.runs), {run.status for run in outcome.runs[1:]}, rows) == (2, {"SUCCESS"}, [(0,)])


@pytest.mark.exhaustive
def test_a_backfill_that_is_killed_goes_on_and_does_no_day_twice(reference, tmp_path):
    days = tuple(f"2026-02-{day:02}" for day in range(16, 19))
    killed = reference("2026-03-02T06:30-05:00", "2026-03-02T09:00-05:00", tmp_path, keep=True, history=1,
                       backfills=(Backfill("2026-03-02T07:00-05:00", "reload", days),),
                       **trouble(KILLED, "mixpanel", since="2026-03-02T07:03-05:00", times=1))
    outcome = reference("2026-03-02T08:00-05:00", "2026-03-02T09:00-05:00", tmp_path, resume=True)
    loaded = Counter(made["partition"] for run in outcome.runs for made in run.materialized
                     if made["asset"] == "mixpanel")
    assert (bool(killed.error), loaded) == (True, Counter(days))


# Ran is not fresh

def test_a_day_without_rows_ends_before_the_marts_although_its_load_was_green(reference):
    run, = reference(**trouble("empty_export")).runs
    failed = [(made["asset"], made["check"]) for made in run.checks if not made["passed"]]
    assert (run.steps["mixpanel"], failed, "customer_models" in run.attempts) == (
        "success", [("mixpanel", "has_usual_volume")], False)


def test_a_field_that_is_gone_ends_before_the_marts(reference):
    run, = reference(**trouble("field_gone", "stripe")).runs
    failed = [(made["asset"], made["check"]) for made in run.checks if not made["passed"]]
    assert (failed, run.attempts.get("billing_models")) == ([("stripe", "has_usual_nulls")], None)


@pytest.mark.parametrize(("rows", "nulls", "weeks", "passed"), [
    (48, 13, [(48, 5), (46, 4), (48, 3)], True),  # days of which each 20th value is null, as the draw had them
    (48, 9, [(48, 1)], True),
    (20, 4, [(20, 0)], True),
    (48, 50, [(48, 5), (46, 4), (48, 3)], False),  # one of two columns is gone
    (20, 21, [(20, 2)] * 4, False),
    (2000, 330, [(2000, 100)] * 4, False),
])
def test_nulls_are_unusual_if_chance_does_not_explain_them(rows, nulls, weeks, passed):
    day = date(2026, 3, 22)
    days = {day: (rows, nulls)} | {day - timedelta(weeks=n): counted for n, counted in enumerate(weeks, 1)}
    with duckdb.connect() as con:
        con.execute("create schema raw; create table raw.mixpanel_export (time timestamp, user_id int, device_id int)")
        for each, (many, empty) in days.items():
            con.execute("insert into raw.mixpanel_export select $1 + interval 12 hours, "
                        "case when n >= $3 then 1 end, case when n >= $3 - $2 then 1 end from range($2) t(n)",
                        [each, many, empty])
        found = {result.check_name: result.passed for result in usual(con, "mixpanel", day)}
    assert found == {"has_usual_volume": True, "has_usual_nulls": passed}


def test_data_that_grows_old_is_noticed_although_every_load_is_green(reference):
    outcome = reference("2026-03-02T06:30-05:00", "2026-03-06T05:00-05:00", rows=6,  # too few to compare their number
                        **trouble("empty_export", "stripe"))
    alerts = [(alert["body"]["key"], alert["body"]["since"]) for alert in outcome.alerts]
    assert ({run.steps["stripe"] for run in outcome.runs}, alerts) == (
        {"success"}, [("stale/stripe", "2026-03-05T14:00:00+00:00")])


# Alerts

def test_an_alert_says_what_since_when_whose_where_and_what_to_do_first(reference):
    alert, = reference(**trouble("key_expired")).alerts
    body = alert["body"]
    assert (body["key"], body["severity"], body["owner"], datetime.fromisoformat(body["since"]).tzinfo is not None,
            "401" in body["what"], "/runs/" in body["run_url"], "Stripe dashboard" in body["first_step"]) == (
        "failed/stripe", "page", "team:data", True, True, True, True)


def test_an_incident_is_one_alert_over_retries_and_mornings_and_ends_with_a_word(reference):
    outcome = reference("2026-03-02T12:00-05:00", "2026-03-06T12:00-05:00",
                        **trouble("permission_revoked", "stripe", until="2026-03-05T00:00-05:00"))
    assert [(alert["body"]["key"], alert["body"]["status"], alert["at"][:10]) for alert in outcome.alerts] == [
        ("failed/stripe", "firing", "2026-03-03"), ("failed/stripe", "resolved", "2026-03-05")]


def test_what_a_retry_cures_alerts_nobody(reference):
    outcome = reference(**trouble("server_errors", "stripe", times=2))
    assert ([run.status for run in outcome.runs], outcome.alerts) == (["SUCCESS"], [])


@pytest.mark.exhaustive
def test_an_alert_that_the_webhook_refuses_arrives_when_it_takes_them_again(reference):
    outcome = reference(troubles=(Trouble("key_expired"),
                                  Trouble("server_errors", "alerts", until="2026-03-03T09:00-05:00")))
    broken = [tick.name for tick in outcome.ticks if tick.status == "failed"]
    assert (len(outcome.alerts), outcome.alerts[0]["at"] >= "2026-03-03T14:00", "undelivered_alerts" in broken) == (
        1, True, True)


def test_whoever_watches_says_so_until_the_webhook_refuses(reference):
    outcome = reference(troubles=(Trouble("server_errors", "alerts", since="2026-03-02T20:00-05:00"),))
    assert (outcome.beats[-1]["at"][:13], {beat["watcher"] for beat in outcome.beats}, len(outcome.refused) > 3) == (
        "2026-03-03T00", {"teaspoon"}, True)


# Files

def test_a_new_sheet_is_loaded_once(reference):
    outcome = reference(files=(NewFile("2026-03-02T15:00-05:00", "contacts.csv", "Full Name,E-mail\nAda,a@x.org\n"),))
    assert [(run.job, run.status) for run in outcome.runs] == [("crm_sheet", "SUCCESS"), ("morning", "SUCCESS")]


def test_a_sheet_with_an_older_time_of_change_is_loaded_once_too(reference):
    first, again = "Full Name,E-mail\nAda,a@x.org\n", "Full Name,E-mail\nBo,b@x.org\n"
    outcome = reference("2026-03-02T06:30-05:00", "2026-03-02T22:00-05:00", files=(
        NewFile("2026-03-02T10:30-05:00", "march.csv", first),
        NewFile("2026-03-02T13:30-05:00", "february.csv", first, changed="2026-02-01T09:00-05:00"),
        NewFile("2026-03-02T15:30-05:00", "march.csv", again, changed="2026-02-28T09:00-05:00"),
        NewFile("2026-03-02T17:30-05:00", "march.csv", first, changed="2026-03-02T10:30-05:00")))
    loaded = [made["metadata"]["file"] for run in outcome.runs for made in run.materialized]
    assert loaded == ["march.csv", "february.csv", "march.csv", "march.csv"]
