"""Checks of Lab 7, parts 4 and 5: what is tried again, what is made twice, and whether data can be believed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import duckdb

from autograders.checks.lab_07.pipelines import (
    Simulated,
    a_day,
    error_in,
    in_words,
    moment,
    morning_after,
    simulated,
)
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from environments.stack.orchestration.feeds import COMPANY, FEEDS, Feed
from environments.stack.orchestration.nights import Outcome, Run
from environments.stack.orchestration.scenario import Backfill, Launch, Scenario, Trouble

__all__ = ["a_key_is_tried_once", "all_of_a_day_or_nothing", "by_the_watermark", "quiet_weeks_pass",
           "remade_days_replace_themselves", "stale_data_stops", "unusual_nulls", "unusual_volume", "waits_grow"]


# 4 Failure

REST = ("other_loads", "models", "published", "jobs", "every_morning")


def _run_of(asked: CheckedFunction, outcome: Outcome) -> Run:
    why = "".join(f" ({tick.name}: {tick.why})"[:160] for tick in outcome.ticks if tick.status == "failed")
    asked.expect(len(outcome.runs) == 1, "one run", got=f"led to {len(outcome.runs)} runs{why}")
    return outcome.runs[0]


def _steps(night: Simulated, asset: str) -> list[str]:
    """The steps that make an asset: one of any name, or those of a graph."""
    name = night.assets.get(asset, {}).get("step", asset)
    return sorted({step for run in night.outcome.runs for step in {**run.attempts, **run.steps}
                   if step == name or step.startswith(f"{name}.")})


def _attempts(night: Simulated, asset: str) -> list[datetime]:
    """When the step of an asset was tried: of a graph's, that which was tried most often."""
    return max((night.outcome.attempts(step) for step in _steps(night, asset)), key=len, default=[])


@repeatable
def waits_grow(function) -> None:
    asked = CheckedFunction(function, look="dg.RetryPolicy(max_retries=..., delay=..., backoff=...) of the asset, and "
                                           "that Passing comes out of it")
    for fault, times in (("server_errors", None), ("timeout", draw.randint(1, 3)), ("truncated", 1)):
        scenario = morning_after(a_day(), history=1, troubles=(Trouble(fault, "stripe", times=times),))
        when = f"where {fault} strikes stripe {f'{times} times' if times else 'all morning'}"
        with simulated(asked, scenario, REST, when=when) as night:
            run, tried = _run_of(asked, night.outcome), _attempts(night, "stripe")
            due = 4 if times is None else times + 1
            calls = [call for call in night.outcome.calls if call["source"] == "stripe"]
            asked.expect(len(calls) == due == len(tried), f"{due} tries", got=f"tried {len(calls)} times, in "
                         f"{len(tried)} attempts of Dagster's")
            waits = [(after - before).total_seconds() - 60 for before, after in zip(tried, tried[1:], strict=False)]
            asked.expect(all(sooner < later for sooner, later in zip(waits, waits[1:], strict=False)),
                         "each wait longer than the one before", got=f"waited {', '.join(f'{w:.0f} s' for w in waits)}")
            asked.expect(30 <= waits[0] <= 300 and sum(waits) <= 1800, "a first wait of 30 s to 5 minutes, and no "
                         "more than 30 minutes in all", got=f"waited {', '.join(f'{wait:.0f} s' for wait in waits)}")
            due = "FAILURE" if times is None else "SUCCESS"
            asked.expect(run.status == due, f"a run that ends as {due}", got=in_words(run))
            asked.expect(due == "SUCCESS" or "answered 5" in run.log, "what the last try raised in the run's log",
                         got=f"tells only: {error_in(run) or 'nothing'}")


@repeatable
def a_key_is_tried_once(function) -> None:
    asked = CheckedFunction(function, look="dg.Failure(..., allow_retries=False), for all but Passing")
    for fault, code in (("key_expired", "401"), ("permission_revoked", "403"), ("no_data", "404")):
        scenario = morning_after(a_day(), history=1, troubles=(Trouble(fault, "stripe"),))
        with simulated(asked, scenario, REST, when=f"where Stripe answers {code}") as night:
            run = _run_of(asked, night.outcome)
            calls = [call for call in night.outcome.calls if call["source"] == "stripe"]
            asked.expect(len(calls) == 1, "one try", got=f"tried {len(calls)} times")
            failed = any(run.steps.get(step) == "failed" for step in _steps(night, "stripe"))
            asked.expect(failed and run.status == "FAILURE",
                         "a step and a run that end as failures", got=in_words(run))
            asked.expect("fct_mrr" not in [made["asset"] for made in run.materialized],
                         "nothing made from what was not loaded", got="went on to fct_mrr")
            asked.expect(f"answered {code}" in run.log, "the error's own text in the run's log",
                         got=f"tells only: {error_in(run) or 'nothing'}")


# What is made twice

REVENUE_JOB = 'made.append(dg.define_asset_job("revenue", selection=["daily_revenue"]))'


def _due(rows: list[tuple], days: list[str]) -> list[tuple]:
    """Cents by day of New York, of all days asked for."""
    sums = dict.fromkeys(days, 0)
    for created, amount in rows:
        day = str(created.replace(tzinfo=UTC).astimezone(COMPANY).date())
        if day in sums:
            sums[day] += amount
    return sorted(sums.items())


def _differing(found: list[tuple], due: list[tuple]) -> str:
    """The first row that is not due."""
    day, cents = next((pair for pair in found if pair not in due), found[0])
    return f"{cents!r:.30} cents on {day!r:.20}"


@repeatable
def remade_days_replace_themselves(function) -> None:
    asked = CheckedFunction(function, look="delete the day's row, then insert it; the day begins at midnight in New "
                                           "York, and created is UTC")
    days = ["2026-03-08", "2026-03-09", "2026-03-10", "2026-02-01"]
    draw.shuffle(days)
    scenario = Scenario("2026-03-12T12:00-04:00", "2026-03-12T20:00-04:00", history=8, seed=draw.randrange(1, 10_000),
                        backfills=(Backfill("2026-03-12T13:00-04:00", "revenue", tuple(days)),
                                   Backfill("2026-03-12T15:00-04:00", "revenue", tuple(days[:2]))))
    with simulated(asked, scenario, ("billing",), REVENUE_JOB, when="for four days, two of them twice") as night:
        bad = next((run for run in night.outcome.runs if run.status != "SUCCESS"), None)
        asked.expect(bad is None, "runs that end well", got=bad and in_words(bad) or "")
        found = night.rows("select cast(day as varchar), cents from marts.daily_revenue order by 1, 2")
        asked.expect("stripe" in night.assets.get("daily_revenue", {"deps": []})["deps"],
                     "an asset daily_revenue that depends on stripe",
                     got=f"depends on {', '.join(night.assets.get('daily_revenue', {'deps': []})['deps']) or 'none'}")
        asked.expect(len(found) == len(days), "one row for each of the four days", got=f"left {len(found)} rows")
        charges = night.rows("select created, amount from raw.stripe_charges")
        asked.expect(found == _due(charges, days), "the cents of that day of New York, and 0 where there is none",
                     got=f"left {_differing(found, _due(charges, days))}")


@repeatable
def all_of_a_day_or_nothing(function) -> None:
    asked = CheckedFunction(function, look="con.begin() before the delete, con.commit() after the insert")
    refused = a_day()
    many, large = refused + timedelta(days=1), refused + timedelta(days=2)
    cents = draw.randint(2, 99)

    def plant(con, _) -> None:
        con.execute("create schema marts; create schema raw")
        con.execute("create table marts.daily_revenue (day date, cents bigint check (cents < 100 or cents > 500))")
        con.execute("insert into marts.daily_revenue values (?, ?), (?, 8), (?, 7)",
                    [refused, cents, large, refused - timedelta(days=1)])
        _charges(con, FEEDS["stripe"], [datetime(day.year, day.month, day.day, hour)
                                        for day, hour in ((refused, 16), (many, 16), (many, 17),
                                                          (large, 16), (large, 17))])
        con.execute("update raw.stripe_charges set amount = 2_000_000_000 where created >= ?", [many])
        con.execute("update raw.stripe_charges set amount = ? where created >= ?", [2**63 - 1, large])

    launches = tuple(Launch(moment(large + timedelta(days=1), time(hour)), "revenue", str(day))
                     for hour, day in ((9, refused), (10, large), (11, many)))
    with _planted(asked, plant, launches, ("billing",), REVENUE_JOB,
                  when="where a day's row is refused, another day's sum is more than a bigint holds, and a third's "
                       "more than an int") as night:
        runs = night.outcome.runs
        asked.expect(len(runs) == 3, "three runs", got=f"led to {len(runs)}")
        asked.expect(runs[2].status == "SUCCESS", "a run that ends well where a bigint holds the sum",
                     got=in_words(runs[2]))
        asked.expect(runs[1].status == "FAILURE", "a run that fails where a bigint cannot hold the sum",
                     got=in_words(runs[1]))
        new = 500 if runs[0].status == "SUCCESS" else cents  # a table that is replaced has no such check
        found = night.rows("select cents from marts.daily_revenue order by day")
        asked.expect(found == [(7,), (new,), (4 * 10**9,), (8,)], "the rows of before, all of them, of what "
                     "failed, and the third day's sum",
                     got=f"left {len(found)} rows: {', '.join(str(row[0]) for row in found)}"[:80])


# 5 Ran is not fresh

# In place of the loads: nothing is loaded, and what depends on a load notes that it was made.
STILL = """
days = dg.DailyPartitionsDefinition("2025-01-01", timezone="America/New_York")

def loaded(name):
    @dg.asset(name=name, partitions_def=days if name in ("mixpanel", "amplitude") else None)
    def asset():
        pass
    return asset

def downstream(name):
    @dg.asset(name=f"after_{name}", deps=[name])
    def asset(warehouse: WarehouseFile):
        with warehouse.connect() as con:
            con.execute("create table if not exists raw.made (name varchar)")
            con.execute("insert into raw.made values (?)", [name])
    return asset

made += [of(name) for name in FEEDS for of in (loaded, downstream)]
made.append(dg.define_asset_job("look", selection=dg.AssetSelection.all()))
"""


@contextmanager
def _planted(asked: CheckedFunction, plant, launches: tuple[Launch, ...], course: tuple[str, ...], rest: str,
             when: str) -> Iterator[Simulated]:
    """Runs in a warehouse of which `plant` made all tables."""
    first, last = launches[0].at, datetime.fromisoformat(launches[-1].at)
    scenario = Scenario(first, (last + timedelta(hours=2)).isoformat(), launches=launches, history=0)
    with simulated(asked, scenario, course, rest, when, plant=plant) as night:
        yield night


def _charges(con: duckdb.DuckDBPyConnection, feed: Feed, times: list[datetime], empty: int = 0) -> None:
    """A raw table with a row at each of these times, in UTC, of which the first `empty` have only nulls."""
    texts = ", ".join(f"{column} varchar" for column in feed.usually)
    con.execute(f"create table if not exists raw.{feed.table} "
                f"(id varchar, {feed.time} timestamp, {texts}, amount bigint, _loaded_at timestamp)")
    if times:
        values = ", ".join(f"if(n <= {empty}, null, 'x')" for _ in feed.usually)
        con.execute(f"insert into raw.{feed.table} select uuid()::varchar, moment, {values}, 500, moment from "
                    "(select unnest(?::timestamp[]) as moment, generate_subscripts(?::timestamp[], 1) as n)",
                    [times, times])


def _verdicts(asked: CheckedFunction, night: Simulated, check: str) -> dict[str, bool]:
    """By source, whether the check passed."""
    run = _run_of(asked, night.outcome)
    errors = sorted(step for step, status in run.steps.items() if status == "failed" and step not in FEEDS)
    told = {each["asset"]: each["passed"] for each in run.checks if each["check"] == check}
    asked.expect(told.keys() == FEEDS.keys(), f"a check {check} of each of {', '.join(FEEDS)}",
                 got=f"told of {', '.join(sorted(told)) or 'none'}"
                     + (f" ({errors[0]} failed: {error_in(run)})" if errors and len(told) < len(FEEDS) else ""))
    return told


def _went_on(night: Simulated) -> set[str]:
    """The sources from which something was made afterwards."""
    there = night.rows("select 1 from information_schema.tables where table_name = 'made'")
    return {name for name, in night.rows("select name from raw.made")} if there else set()


@repeatable
def by_the_watermark(function) -> None:
    asked = CheckedFunction(function, look="the newest time among the rows against clock.now(); not _loaded_at, not "
                                           "the run's end, not datetime.now()")
    at = datetime.combine(a_day(), time(6, draw.randrange(60)), COMPANY)
    now = at.astimezone(UTC).replace(tzinfo=None)
    second = timedelta(seconds=1)
    empty = draw.choice(list(FEEDS))
    for less, due, when in ((0 * second, True, "where the newest row is as old as it may be"),
                            (-second, False, "where the newest row is 1 s older than it may be"),
                            (second, True, f"where the newest row is 1 s newer, but {empty} has none")):
        def plant(con, _, less=less) -> None:
            con.execute("create schema raw")
            for name, feed in FEEDS.items():
                rows = [now - feed.late + less, now - feed.late - 3 * second]
                _charges(con, feed, [] if name == empty and less > 0 * second else rows)
                con.execute(f"update raw.{feed.table} set _loaded_at = ?", [now])

        launch = Launch(at.isoformat(), "look", str(at.date() - timedelta(days=1)))
        with _planted(asked, plant, (launch,), (), STILL, when) as night:
            told = _verdicts(asked, night, "is_fresh")
            for name, passed in told.items():
                right = due and not (name == empty and less > 0 * second)
                asked.expect(passed is right, f"{name} to {'pass' if right else 'fail'}",
                             got=f"{'passed' if passed else 'failed'} {name}")


@repeatable
def stale_data_stops(function) -> None:
    asked = CheckedFunction(function, look="blocking=True, and the severity that dg.AssetCheckResult has by itself")
    at = datetime.combine(a_day(), time(6), COMPANY)
    now = at.astimezone(UTC).replace(tzinfo=None)
    stale = draw.choice(list(FEEDS))

    def plant(con, _) -> None:
        con.execute("create schema raw")
        for name, feed in FEEDS.items():
            _charges(con, feed, [now - (feed.late + timedelta(days=1) if name == stale else timedelta(hours=1))])

    launch = Launch(at.isoformat(), "look", str(at.date() - timedelta(days=1)))
    with _planted(asked, plant, (launch,), (), STILL, f"where {stale} alone is stale") as night:
        _run_of(asked, night.outcome)
        made = _went_on(night)
        asked.expect(stale not in made, f"nothing made from {stale}", got="went on with old rows")
        asked.expect(made == FEEDS.keys() - {stale}, "all else made", got=f"made only what is from "
                     f"{', '.join(sorted(made)) or 'none'}")


def _day(day: date, rows: int) -> list[datetime]:
    """Times of these rows, in UTC, through a day of New York, of which the first is at its first moment."""
    start, end = (datetime.combine(each, time(), COMPANY).astimezone(UTC).replace(tzinfo=None)
                  for each in (day, day + timedelta(days=1)))
    return [start + (end - start) * number / max(1, rows) for number in range(rows)]


Case = tuple[list[tuple[int, int]], tuple[int, int], bool, str]  # weeks before, now, what is due, in words


def _compared(asked: CheckedFunction, check: str, day: date, cases: list[Case]) -> None:
    """The verdict on a day of each source, with so many rows and empty rows, after weeks with those, the last first."""
    names = list(FEEDS)
    draw.shuffle(names)
    given = dict(zip(names, cases, strict=True))

    def plant(con, _) -> None:
        con.execute("create schema raw")
        for name, (weeks, now, _, _) in given.items():
            feed = FEEDS[name]
            for number, (rows, empty) in enumerate(weeks, 1):
                _charges(con, feed, _day(day - timedelta(weeks=number), rows), empty)
            _charges(con, feed, _day(day, now[0]), now[1])
            _charges(con, feed, _day(day - timedelta(days=1), 500) + _day(day + timedelta(days=1), 500), 500)

    launch = Launch(moment(day + timedelta(days=1), time(6)), "look", str(day))
    words = "; ".join(case[3] for case in cases)
    with _planted(asked, plant, (launch,), (), STILL, f"on {day}: {words}") as night:
        told, made = _verdicts(asked, night, check), _went_on(night)
        for name, (_, _, due, words) in given.items():
            asked.call = f"{asked.function.__name__}() on {words}"
            asked.expect(told[name] is due, f"{name} to {'pass' if due else 'fail'}",
                         got=f"{'passed' if told[name] else 'failed'} {name}")
            asked.expect(due or name not in made, f"nothing made from {name}", got="went on with what is unusual")


@repeatable
def unusual_volume(function) -> None:
    asked = CheckedFunction(function, look="the same weekday of the last four weeks, those without rows left out; "
                                           "half and double are usual still")
    usual = 10 * draw.randint(4, 9)
    weeks = [(usual - 10, 0), (usual, 0), (usual + 10, 0), (usual, 0), (9 * usual, 0)]
    _compared(asked, "has_usual_volume", date(2026, 3, 8), [  # a day of 23 hours
        (weeks, (rows, 0), due, f"{rows} rows, where {usual} are usual")
        for rows, due in ((usual // 2, True), (usual // 2 - 1, False), (2 * usual, True), (2 * usual + 1, False))])
    _compared(asked, "has_usual_volume", a_day(), [
        ([(0, 0), (41, 0), (0, 0), (42, 0), (6, 0)], (83, 0), True,
         "83 rows, where two of four weeks had rows, 41 and 42"),
        ([(19, 0), (20, 0), (19, 0), (21, 0)], (0, 0), True, "no rows, where 19.75 are usual"),
        ([(20, 0)] * 4, (0, 0), False, "no rows, where 20 are usual"),
        ([(0, 0)] * 4 + [(60, 0)], (400, 0), True, "400 rows, where none of the last four weeks had any")])


@repeatable
def unusual_nulls(function) -> None:
    asked = CheckedFunction(function, look="nulls among all cells of the columns in FEEDS[name].usually, all four "
                                           "weeks taken together")
    weeks = [(100, 10), (50, 5), (50, 5), (200, 20), (1000, 1000)]  # 0.1 in the last four
    tenth = "where a tenth is usual"
    _compared(asked, "has_usual_nulls", a_day(), [
        (weeks, (rows, empty), due, f"{rows} rows, {empty} of them null, {tenth}")
        for rows, empty, due in ((100, 29, True), (100, 31, False), (19, 19, True), (20, 20, False))])
    _compared(asked, "has_usual_nulls", a_day(), [
        ([(20, 20), (180, 0)], (100, 31), False, "100 rows, 31 null, where 20 of 200 were, all in one week"),
        ([(0, 0)] * 4 + [(60, 0)], (100, 100), True, "100 rows, all null, where no week had any"),
        ([(100, 5), (50, 5), (50, 0), (200, 10)], (100, 25), True, "100 rows, 25 null, where 20 of 400 were"),  # exact
        (weeks, (60, 19), False, f"60 rows, 19 of them null, {tenth}")])


@repeatable
def quiet_weeks_pass(function) -> None:
    asked = CheckedFunction(function, look="a check that fails on an ordinary day will be switched off soon")
    first = a_day()
    scenario = Scenario(moment(first, time(12)), moment(first + timedelta(days=5), time(12)), history=36,
                        seed=draw.randrange(1, 10_000))
    course = ("billing", "other_loads", "models", "published", "jobs", "every_morning")
    with simulated(asked, scenario, course, when="in five days in which nothing happens") as night:
        failed = sorted({f"{each['check']} of {each['asset']}" for run in night.outcome.runs for each in run.checks
                         if not each["passed"]})
        asked.expect(not failed, "no check to fail", got=f"failed {', '.join(failed)}")
        bad = next((run for run in night.outcome.runs if run.status != "SUCCESS"), None)
        asked.expect(bad is None and len(night.outcome.runs) == 5, "five runs that end well",
                     got=in_words(bad) if bad else f"led to {len(night.outcome.runs)} runs")
        seen = {(each["asset"], each["check"]) for run in night.outcome.runs for each in run.checks}
        asked.expect(len(seen) == 2 * len(FEEDS), "two checks of each source", got=f"made {len(seen)} checks")
