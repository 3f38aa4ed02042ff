"""The reference pipeline through simulated days: when it runs, what it tries again, what it stops, and who is told."""

from datetime import UTC, datetime

import pytest

from environments.stack.orchestration.nights import Outcome, through
from environments.stack.orchestration.scenario import KILLED, Backfill, Launch, NewFile, Scenario, Trouble
from tests.pipelines import reference_manifest

pytestmark = pytest.mark.slow
NIGHT = ("2026-03-02T12:00-05:00", "2026-03-03T12:00-05:00")  # and a morning
STEPS = {"stripe", "mixpanel", "amplitude", "production", "billing_models", "customer_models", "billing_published",
         "customer_published"}


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """What comes of the reference in a scenario; the same one is run once."""
    import dagster as dg  # noqa: F401 (imported once, before the forks)

    from environments.stack.orchestration import simulation
    from environments.stack.orchestration.definitions import definitions

    made = definitions(reference_manifest(tmp_path_factory.mktemp("dbt")))
    simulation.warm_up()
    kept: dict[Scenario, Outcome] = {}

    def run(start: str = NIGHT[0], end: str = NIGHT[1], **more) -> Outcome:
        scenario = Scenario(start, end, **more)
        if scenario not in kept:
            kept[scenario], _ = through(lambda: made, scenario, within=300)
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
    assert [(run.status, tick.why[:16]) for run in outcome.runs for tick in outcome.ticks if tick.kind == "schedule"] \
        == [("STARTED", "The last morning")]


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
    assert (run.status, "maximum runtime" in run.log) == ("FAILURE", True)


# Ran is not fresh

@pytest.mark.parametrize(("fault", "check"), [("empty_export", "has_usual_volume"), ("empty_export", "is_fresh")])
def test_a_day_without_rows_ends_before_the_marts_although_its_load_was_green(reference, fault, check):
    run, = reference(**trouble(fault, since="2026-03-01T00:00-05:00")).runs
    failed = {made["check"] for made in run.checks if made["asset"] == "mixpanel" and not made["passed"]}
    assert (run.steps["mixpanel"], check in failed or check == "is_fresh", "customer_models" in run.attempts) \
        == ("success", True, False)


def test_a_field_that_is_gone_ends_before_the_marts(reference):
    run, = reference(**trouble("field_gone", "stripe")).runs
    assert [(made["asset"], made["check"]) for made in run.checks if not made["passed"]] == [
        ("stripe", "has_usual_nulls")]


def test_data_that_grows_old_is_noticed_although_every_run_is_green(reference):
    outcome = reference("2026-03-02T12:00-05:00", "2026-03-06T12:00-05:00", history=0, rows=12,
                        **trouble("late_charges", since="2026-03-02T13:00-05:00"))
    assert outcome.said() == []


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


def test_an_alert_that_the_webhook_refuses_arrives_when_it_takes_them_again(reference):
    outcome = reference(troubles=(Trouble("key_expired"),
                                  Trouble("server_errors", "alerts", until="2026-03-03T09:00-05:00")))
    broken = [tick.name for tick in outcome.ticks if tick.status == "failed"]
    assert (len(outcome.alerts), outcome.alerts[0]["at"] >= "2026-03-03T14:00", "undelivered_alerts" in broken) == (
        1, True, True)


# Files

def test_a_new_sheet_is_loaded_once(reference):
    outcome = reference(files=(NewFile("2026-03-02T15:00-05:00", "contacts.csv", "Full Name,E-mail\nAda,a@x.org\n"),))
    assert [(run.job, run.status) for run in outcome.runs] == [("crm_sheet", "SUCCESS"), ("morning", "SUCCESS")]
