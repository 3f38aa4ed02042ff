"""A replayed month: its incidents can be told from its noise, rules see no future, and a score says what they cost."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from itertools import pairwise

import pytest

from datasets.operations import (
    ASSETS,
    COMPANY,
    DAYS,
    DUE,
    FIRST,
    HOLIDAYS,
    JOB,
    KINDS,
    MADE,
    QUIET,
    SOURCES,
    Operations,
    at,
)
from datasets.paging import TICK, Alert, Budget, Score, replay, score

SEEDS = range(1, 13)
MONTHS = [pytest.param(seed, marks=() if seed < 3 else pytest.mark.slow) for seed in SEEDS]


@cache
def month(seed: int) -> Operations:
    return Operations(seed)


@cache
def scored(seed: int, rule) -> Score:
    return score(month(seed), replay(month(seed), rule))


# Rules

def good(now, seen, raised):
    """What is wrong with the day that is due, at its cause, once."""
    local = now.astimezone(COMPANY)
    day = local.date() - timedelta(days=1)
    latest = {(each.asset, each.day): each for each in seen}
    wrong = []
    missing = [asset for asset in SOURCES if (asset, day) not in latest]
    if local.time() >= DUE and missing:
        wrong = [(JOB if len(missing) == len(SOURCES) else missing[0], "page", f"nothing came, {day}")]
    for asset in (*SOURCES, "crm"):
        if now_known := latest.get((asset, day)):
            before = [latest[asset, day - timedelta(weeks=n)].rows for n in range(1, 5)
                      if (asset, day - timedelta(weeks=n)) in latest]
            wrong += [(asset, *what) for what in problems(now_known, before)]
    known = {(alert.asset, alert.what) for alert in raised}
    return [Alert(*each) for each in wrong if (each[0], each[2]) not in known]


def problems(seen, before):
    if seen.status == "failure" and not seen.will_retry:
        yield "ticket" if seen.asset == "crm" else "page", f"{seen.error}, {seen.day}"
    if seen.status == "success":
        if not seen.holiday and seen.rows < 0.5 * sum(before) / len(before):
            yield "page", f"few rows, {seen.day}"
        if seen.null_rate > 0.1:
            yield "ticket", f"nulls, {seen.day}"
        if seen.watermark < at(seen.day + timedelta(days=1), time(0)) - timedelta(hours=1):
            yield "page", f"stale, {seen.day}"


def new(now, seen):
    """What was observed since the last tick."""
    return [each for each in seen if now - TICK < each.at <= now]


def every_failed_attempt(now, seen, raised):
    return [Alert(each.asset, "page") for each in new(now, seen) if each.status == "failure"]


def everything_that_did_not_succeed(now, seen, raised):
    return [Alert(each.asset, "page") for each in new(now, seen)
            if each.status != "success" and not each.will_retry]


def without_memory(now, seen, raised):
    return good(now, seen, ())


def fresh_when_a_run_ended(now, seen, raised):
    return [alert for alert in good(now, seen, raised) if not alert.what.startswith("stale")]


def fewer_rows_than_the_day_before(now, seen, raised):
    latest = {(each.asset, each.day): each for each in seen}
    fewer = [each for each in new(now, seen) if each.asset in SOURCES and each.status == "success"
             and each.rows < 0.5 * latest.get((each.asset, each.day - timedelta(days=1)), each).rows]
    return [*good(now, seen, raised), *(Alert(each.asset, "page", "fewer") for each in fewer)]


def older_than_a_day(now, seen, raised):
    return [Alert(each.asset, "page", "old") for each in new(now, seen)
            if each.watermark and now - each.watermark > timedelta(days=1)]


def silent(now, seen, raised):
    return []


@pytest.mark.parametrize("seed", MONTHS)
def test_a_careful_rule_catches_all_without_a_false_alarm(seed):
    result = scored(seed, good)
    assert (result.missed, result.false_alarms, result.over(Budget())) == ((), (), [])


WRONG = {
    every_failed_attempt: "false alarms",
    everything_that_did_not_succeed: "alerts about what was known",
    without_memory: "alerts about what was known",
    fresh_when_a_run_ended: "incidents missed",
    fewer_rows_than_the_day_before: "false alarms",
    older_than_a_day: "false alarms",
    silent: "incidents missed",
}


@pytest.mark.parametrize("seed", MONTHS)
@pytest.mark.parametrize("rule", WRONG, ids=lambda rule: rule.__name__)
def test_a_careless_rule_is_over_the_budget(rule, seed):
    assert any(WRONG[rule] in words for words in scored(seed, rule).over(Budget())), scored(seed, rule)


@pytest.mark.parametrize("seed", MONTHS)
def test_a_page_for_what_could_wait_is_a_page_at_night(seed):
    crm = next(i for i in month(seed).incidents if i.asset == "crm")
    assert "crm" in {alert.asset for alert in scored(seed, every_failed_attempt).night_pages if crm.since <= alert.at}


def test_a_rule_sees_no_future_and_what_it_raised():
    calls = []

    def rule(now, seen, raised):
        calls.append((now, max(each.at for each in seen), len(raised)))
        return [Alert("stripe", "ticket", at=datetime(2000, 1, 1, tzinfo=UTC))]

    alerts = replay(month(1), rule)
    assert all(newest <= now for now, newest, _ in calls)
    assert [raised for *_, raised in calls] == list(range(len(calls)))
    assert [alert.at for alert in alerts] == [now for now, *_ in calls]


# The month

@pytest.mark.parametrize("seed", MONTHS)
def test_each_kind_of_incident_happens_once_and_no_two_at_a_time(seed):
    incidents = month(seed).incidents
    assert Counter(i.kind for i in incidents) == Counter(KINDS.keys())
    assert all(i.since < i.until for i in incidents)
    assert all(one.until < two.since for one, two in pairwise(incidents))
    assert {i.kind: i.severity for i in incidents} == KINDS


@pytest.mark.parametrize("seed", MONTHS)
def test_every_day_of_every_asset_is_right_in_the_end(seed):
    latest = {(each.asset, each.day): each for each in month(seed).observations}
    days = [FIRST + timedelta(days=n - 1) for n in range(-QUIET, DAYS)]
    assert {(asset, day) for asset in ASSETS for day in days} <= latest.keys()
    for (_, day), each in latest.items():
        assert (each.status, each.null_rate < 0.05) == ("success", True)
        assert each.watermark >= at(day + timedelta(days=1), time(0)) - timedelta(minutes=10)


@pytest.mark.parametrize("seed", MONTHS)
def test_on_a_morning_without_an_incident_all_is_published_when_it_is_due(seed):
    made = month(seed)
    bad = {i.since.astimezone(COMPANY).date() + timedelta(days=n) for i in made.incidents
           for n in range((i.until - i.since).days + 1 + (i.kind == "expired_key"))}
    first = {}
    for each in made.observations:
        if each.asset == "published":
            first.setdefault(each.day, each.at)
    late = [day for day, moment in first.items() if moment > at(day + timedelta(days=1), DUE)
            and day + timedelta(days=1) not in bad]
    assert late == []


@pytest.mark.parametrize("seed", MONTHS)
def test_there_is_noise_of_each_kind_and_never_on_the_morning_of_an_incident(seed):
    made = month(seed)
    assert {noise.kind for noise in made.noise} == {"retry", "late", "backfill", "holiday"}
    assert [noise for noise in made.noise for i in made.incidents if noise.kind != "holiday"
            and noise.since <= i.since < noise.until] == []


def test_the_morning_run_begins_at_six_on_both_sides_of_the_clock_change():
    assert [at(datetime(2026, 3, day).date(), time(6)).hour for day in (28, 29)] == [5, 4]


def test_what_failed_upstream_is_skipped_and_names_its_cause():
    made = month(1)
    outage = next(i for i in made.incidents if i.kind == "outage")
    seen = {each.asset: each for each in made.observations if each.status == "skipped" and each.at == outage.since}
    assert {each.cause for each in seen.values()} == {outage.asset}
    assert seen.keys() == outage.assets - {outage.asset} and seen.keys() <= set(MADE)


def test_holidays_are_quiet_and_marked():
    made = month(1)
    rows = {(each.asset, each.day): each.rows for each in made.observations}
    assert all(rows["stripe", day] < 0.6 * rows["stripe", day - timedelta(weeks=1)] for day in HOLIDAYS)
    assert {each.day for each in made.observations if each.holiday} == set(HOLIDAYS)


def test_a_seed_gives_the_same_month_on_every_machine_and_another_seed_another():
    def digest(seed):
        return sha256(repr(Operations(seed).observations).encode()).hexdigest()[:16]

    assert (digest(7), digest(7) == digest(8)) == ("e7f5431479333aa8", False)


def test_the_frame_has_a_row_for_each_observation():
    frame = month(1).frame()
    assert (len(frame), str(frame["at"].dt.tz), frame["holiday"].sum() > 0) == (
        len(month(1).observations), "UTC", True)


# The score

INCIDENT = month(1).incidents[0]


def alerts(*kinds: tuple) -> list[Alert]:
    """About the first incident: minutes after it began, severity."""
    return [Alert(INCIDENT.asset, severity, at=INCIDENT.since + timedelta(minutes=minutes))
            for minutes, severity in kinds]


def outcome(*kinds: tuple):
    result = score(month(1), alerts(*kinds))
    return result.outcomes[0].minutes, len(result.repeats)


def test_the_first_alert_that_is_loud_enough_catches():
    loud = INCIDENT.severity
    assert (outcome((5, loud), (10, loud)), outcome()) == ((5, 1), (None, 0))


def test_a_ticket_does_not_catch_what_needs_a_page_and_a_page_after_it_is_no_repeat():
    page = next(i for i in month(1).incidents if i.severity == "page")
    raised = [Alert(page.asset, severity, at=page.since + timedelta(minutes=m))
              for m, severity in ((0, "ticket"), (7, "page"))]
    both, ticket = score(month(1), raised), score(month(1), raised[:1])
    assert ([o.minutes for o in both.outcomes if o.alert], both.repeats, ticket.caught) == ([7], (), ())


@pytest.mark.parametrize("asset, moment", [("crm", INCIDENT.since), ("nobody", INCIDENT.since),
                                           (INCIDENT.asset, INCIDENT.since - timedelta(seconds=1)),
                                           (INCIDENT.asset, INCIDENT.until + timedelta(seconds=1))])
def test_another_asset_and_another_time_are_false_alarms(asset, moment):
    assert asset != INCIDENT.asset or INCIDENT.kind != "crm_failed"
    assert len(score(month(1), [Alert(asset, "page", at=moment)]).false_alarms) == 1


def test_an_alert_about_what_depends_on_the_cause_counts_too():
    broken = next(i for i in month(1).incidents if "published" in i.assets)
    assert score(month(1), [Alert("published", "page", at=broken.since)]).caught == (broken,)


@pytest.mark.parametrize("hour, night", [(21, False), (22, True), (0, True), (5, True), (6, False)])
@pytest.mark.parametrize("day", [28, 30])
def test_night_is_by_the_clock_on_the_wall(hour, night, day):
    moment = datetime(2026, 3, day, hour, 59, tzinfo=COMPANY).astimezone(UTC)
    result = score(month(1), [Alert("stripe", "page", at=moment), Alert("stripe", "ticket", at=moment)])
    assert len(result.night_pages) == night


@pytest.mark.parametrize("kind", ["retry", "late", "backfill", "holiday"])
def test_a_false_alarm_says_what_it_was_taken_in_by(kind):
    noise = next(n for n in month(1).noise if n.kind == kind and n.since >= month(1).starts)
    [alarm] = score(month(1), [Alert(noise.asset, "ticket", at=noise.since + timedelta(hours=4))]).false_alarms
    assert alarm.why == kind


def test_the_order_of_alerts_does_not_matter():
    raised = replay(month(2), every_failed_attempt)
    one, other = score(month(2), raised), score(month(2), raised[::-1])
    assert (one.outcomes, one.false_alarms, one.repeats) == (other.outcomes, other.false_alarms, other.repeats)


def test_more_alerts_never_make_a_score_better_but_for_what_they_catch():
    raised = replay(month(2), good)
    noisy = [*raised, *(replace(alert, at=alert.at + timedelta(minutes=1)) for alert in raised)]
    before, after = score(month(2), raised), score(month(2), noisy)
    assert (after.caught, len(after.repeats) + len(after.false_alarms)) == (
        before.caught, len(before.repeats) + len(raised))


def test_a_budget_is_what_is_tolerable():
    assert scored(1, silent).over(Budget(missed=len(KINDS))) == []


@pytest.mark.parametrize("severity", ["high", "", None])
def test_an_alert_is_a_page_or_a_ticket(severity):
    with pytest.raises(ValueError, match="must be page or ticket"):
        Alert("stripe", severity)


def test_the_frame_of_a_score_has_a_row_for_each_incident():
    frame = scored(1, fresh_when_a_run_ended).frame()
    assert (len(frame), list(frame.loc[~frame["caught"], "kind"]), frame["minutes"].isna().sum()) == (
        len(KINDS), ["stale"], 1)
