"""What the checks of Lab 7 share: a student's part in a pipeline, through simulated days, and what came of it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import duckdb

from autograders.draws import draw
from autograders.expect import CheckedFunction
from autograders.undisturbed import undisturbed
from autograders.zones import FAR_EAST
from environments.errors import LabsError
from environments.stack.orchestration.feeds import COMPANY
from environments.stack.orchestration.nights import Nights, Outcome, Run
from environments.stack.orchestration.parts import description_in, name_of, pipeline, why
from environments.stack.orchestration.scenario import Scenario

WITHIN = 30  # seconds for all simulated days of one run
SHOWN = 200  # characters of an error
# An asset in place of all loads, which notes when it ran for which day.
COUNTING = """
@dg.asset(partitions_def=dg.DailyPartitionsDefinition("2026-01-01", timezone="America/New_York"))
def mixpanel(context: dg.AssetExecutionContext, clock: Clock, warehouse: WarehouseFile):
    with warehouse.connect() as con:
        con.execute("create table if not exists raw.seen (day varchar, moment timestamptz)")
        con.execute("insert into raw.seen values (?, ?)", [context.partition_key, clock.now()])

made.append(mixpanel)
"""


@dataclass(frozen=True)
class Simulated:
    """A pipeline that went through its days: what came of it, and the question that may be asked of its tables."""

    asked: CheckedFunction
    nights: Nights
    outcome: Outcome

    def rows(self, sql: str) -> list[tuple]:
        """Rows of its warehouse; CheckFailed where it has no such table."""
        try:
            return self.nights.rows(sql)
        except LabsError as e:
            self.asked.fail("its table in the warehouse", got=f"left {e}"[:SHOWN])

    @property
    def assets(self) -> dict[str, dict[str, Any]]:
        """By key, what each asset says of itself."""
        return {one["asset"]: one for one in description_in(self.nights.folder)}

    def again(self, scenario: Scenario) -> Outcome:
        """What comes of the same pipeline after that, in the same folder."""
        return _run(self.asked, self.nights, replace(scenario, resume=True))


@contextmanager
def simulated(asked: CheckedFunction, scenario: Scenario, course: tuple[str, ...] = (), rest: str = "",
              when: str = "", dies: bool = False, plant: Callable | None = None) -> Iterator[Simulated]:
    """The student's part, with the course's parts of these names, through these days. `rest` is more of the course's
    own; `plant` makes the warehouse's tables before, and files in its folder. CheckFailed where the pipeline cannot
    run; `dies`: the scenario kills it."""
    text = text_of(asked, when)
    try:
        whole = pipeline(text, course=course, rest=rest)
    except LabsError as e:
        asked.fail("a part that defines its own", got=f"is refused: {e}")
    with undisturbed(), Nights(whole, WITHIN) as nights:
        if plant:
            with duckdb.connect(str(nights.warehouse)) as con:
                plant(con, nights.folder)
        yield Simulated(asked, nights, _run(asked, nights, scenario, dies))


def text_of(asked: CheckedFunction, when: str = "") -> str:
    """The text of the student's part."""
    text = asked(when=when)
    asked.expect(type(text) is str, "a part: keep @part above the def, which makes a text of it")
    try:
        name_of(text)
    except LabsError as e:
        asked.fail("a part that defines its own", got=f"is refused: {e}")
    return text


def _run(asked: CheckedFunction, nights: Nights, scenario: Scenario, dies: bool = False) -> Outcome:
    try:
        outcome = nights.run(scenario, TZ=FAR_EAST)  # where a time of the machine's shows
    except LabsError as e:
        asked.fail("an end", got=str(e))
    if outcome.error and not dies:
        asked.fail("a pipeline that can run", got=f"gave {why(outcome.error, nights.text)}"[:2 * SHOWN])
    return outcome


def error_in(run: Run) -> str:
    """The first error that a run tells of, and not Dagster's words around it."""
    found = re.findall(r"^(?!Execution of|.*Error occurred)[\w.]*(?:Error|Exception|Failure|Refused|Passing)\b.*$",
                       run.log, re.M)
    return found[0].strip()[:SHOWN] if found else ""


def in_words(run: Run) -> str:
    """What a run came to, for a message."""
    failed = sorted(step for step, status in run.steps.items() if status == "failed")
    return f"ended as {run.status}" + (f": {', '.join(failed)} failed" if failed else "") + (
        f" ({error_in(run)})" if failed and error_in(run) else "")


def moment(day: date, at: time) -> str:
    """A time by the company's clock, as a scenario takes it."""
    return datetime.combine(day, at, COMPANY).isoformat()


def a_day(first: date = date(2026, 4, 6), last: date = date(2026, 10, 16)) -> date:
    """A day that nobody can foresee, far from both nights on which clocks change."""
    return first + timedelta(days=draw.randrange((last - first).days))


def morning_after(day: date, **more: Any) -> Scenario:
    """From noon of a day to noon of the next: one morning, for that day."""
    return Scenario(moment(day, time(12)), moment(day + timedelta(days=1), time(12)),
                    seed=draw.randrange(1, 10_000), **more)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
