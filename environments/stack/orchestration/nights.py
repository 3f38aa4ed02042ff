"""Somebody's pipeline through simulated days, and what came of it, as plain data.

    with Nights(text) as nights:                                 # Python that ends with defs = dg.Definitions(...)
        outcome = nights.run(Scenario("2026-03-06T12:00-05:00", "2026-03-08T12:00-04:00"))
        outcome.attempts("stripe"), outcome.alerts, outcome.runs
        nights.rows("select count(*) from raw.stripe_charges")

    through(lambda: defs, scenario)                              # the same for definitions made in a notebook

A pipeline gets the resources stripe, mixpanel, amplitude, production, warehouse, dbt, public, crm_folder, alerts and
clock, whatever its own were. It runs in a process forked for it, never in the one that judges. What it leaves is read
within limits, and is only as true as its author lets it be: give points for days that he could not foresee, and for
what a question of yours finds in the tables.
"""

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from environments import forks
from environments.busy import FairClock
from environments.errors import LabsError, TookTooLong
from environments.stack.dbt_project import KEPT, look
from environments.stack.orchestration.scenario import Scenario

TIMEOUT_S = 60  # of a machine that works for it
MAX_ANSWER = 32 * 2**20
MAX_TEXT = 2000
NAP = 0.02  # seconds between two looks at whether it has ended
STOPPED = "the pipeline ended without a result: it was killed, or ran out of memory."
ENDLESS = "Look for a loop that does not end, or a wait that is not Dagster's."


@dataclass(frozen=True)
class Run:
    """One run: what each of its steps came to, and when."""

    id: str
    job: str
    status: str                        # SUCCESS | FAILURE | STARTED | CANCELED
    partition: str
    created: datetime
    tags: dict[str, str]
    attempts: dict[str, list[datetime]]  # by step, when each attempt began
    steps: dict[str, str]              # success | failed | skipped
    materialized: list[dict]           # asset, partition, at, metadata
    checks: list[dict]                 # asset, check, passed, severity, at
    log: str


@dataclass(frozen=True)
class Tick:
    """One evaluation of a schedule or a sensor."""

    name: str
    kind: str
    at: datetime
    status: str                        # requested | reacted | skipped | failed
    runs: tuple[str, ...]
    why: str


@dataclass(frozen=True, repr=False)
class Outcome:
    """All of it. `error`: why the pipeline did not run; else it is empty."""

    error: str = ""
    runs: tuple[Run, ...] = ()
    ticks: tuple[Tick, ...] = ()
    alerts: list[dict] = field(default_factory=list)   # at, body
    refused: list[dict] = field(default_factory=list)  # at, status
    beats: list[dict] = field(default_factory=list)    # at, watcher, every: each heartbeat
    calls: list[dict] = field(default_factory=list)    # source, at, first, end, outcome: every load

    def __repr__(self) -> str:
        return (f"{type(self).__name__}({self.error!r})" if self.error else
                f"{type(self).__name__}: {len(self.runs)} runs, {len(self.ticks)} ticks, {len(self.calls)} calls, "
                f"{len(self.alerts)} alerts")

    def attempts(self, step: str) -> list[datetime]:
        """When a step was tried, over all runs."""
        return [at for run in self.runs for at in run.attempts.get(step, ())]

    def materialized(self, asset: str) -> list[str]:
        """The partitions of an asset that were made, in that order; empty text where it has none."""
        return [made["partition"] for run in self.runs for made in run.materialized if made["asset"] == asset]

    def scheduled(self, name: str = "") -> list[datetime]:
        """When a schedule asked for a run."""
        return [tick.at for tick in self.ticks
                if tick.kind == "schedule" and tick.status == "requested" and name in ("", tick.name)]

    def said(self, status: str = "firing") -> list[str]:
        """The keys of the alerts with this status, in the order of their posts."""
        return [str(alert["body"].get("key", "")) for alert in self.alerts if alert["body"].get("status") == status]


class Nights:
    """A pipeline's text, and the folder that it leaves its tables in; gone after the block."""

    def __init__(self, text: str, within: float = TIMEOUT_S):
        self.text, self.within = text, within

    def __enter__(self) -> "Nights":
        self.folder = Path(tempfile.mkdtemp(prefix="labs-nights-"))
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    def run(self, scenario: Scenario, later: Mapping[str, str] | None = None, **environment: str) -> Outcome:
        """Through these days. `later` is added to the environment when the definitions are loaded, before any run.
        TookTooLong where it does not end."""
        answer = self.folder / "answer.json"
        answer.unlink(missing_ok=True)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        asked = {"text": self.text, "scenario": scenario.as_dict(), "folder": str(self.folder), "answer": str(answer),
                 "environment": kept | environment, "later": dict(later or {})}
        try:
            forks.run("environments.stack.orchestration.performing:perform", asked, self.within)
        except TookTooLong:
            raise TookTooLong(f"the pipeline did not end within {self.within:g} s.", ENDLESS) from None
        return believed(answer)

    def rows(self, sql: str, *values) -> list[tuple]:
        """Ask the warehouse that it left."""
        return look(self.warehouse, sql, *values)


def through(definitions: Callable[[], Any], scenario: Scenario, within: float = TIMEOUT_S,
            folder: Path | None = None) -> Outcome:
    """The definitions that `definitions()` makes in a fork of this process, through these days. Their tables are in
    the folder's warehouse.duckdb, where one is given."""
    with _folder(folder) as place:
        answer = place / "answer.json"
        answer.unlink(missing_ok=True)
        _forked(lambda: _perform_here(definitions, scenario, place, answer), within)
        return believed(answer)


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="labs-nights-", ignore_cleanup_errors=True) as made:
        yield Path(made)


def _perform_here(definitions: Callable[[], Any], scenario: Scenario, folder: Path, answer: Path) -> None:
    from environments.stack.orchestration import performing

    performing.leave(definitions, scenario, folder, answer)


def _forked(work: Callable[[], None], within: float) -> None:
    """In a process of its own, silent, which has ended when this returns."""
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            silent = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(silent, number)
            work()
        finally:
            os._exit(0)
    clock = FairClock(longest=2)
    try:
        while os.waitpid(child, os.WNOHANG)[0] == 0:
            if clock.seconds() > within:
                raise TookTooLong(f"the pipeline did not end within {within:g} s.", ENDLESS)
            time.sleep(NAP)
    except BaseException:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)
        raise


def believed(answer: Path) -> Outcome:
    """What was left, as far as its form is right."""
    try:
        if answer.is_symlink() or not answer.is_file() or answer.stat().st_size > MAX_ANSWER:
            return Outcome(STOPPED)
        told = json.loads(answer.read_text(encoding="utf-8"))
        if told["error"]:
            return Outcome(str(told["error"])[:MAX_TEXT])
        return Outcome("", tuple(map(_run, told["runs"])), tuple(map(_tick, told["ticks"])),
                    [_post(post) for post in told["alerts"]], [_short(post) for post in told["refused"]],
                    [_short(beat) for beat in told["beats"]], [_short(call) for call in told["calls"]])
    except (LabsError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, OSError):
        return Outcome(STOPPED)


def _run(told: dict) -> Run:
    return Run(
        *(str(told[name])[:MAX_TEXT] for name in ("id", "job", "status", "partition")), created=_at(told["created"]),
        tags=_short(told["tags"]),
        attempts={str(step): [_at(at) for at in times] for step, times in told["attempts"].items()},
        steps=_short(told["steps"]), materialized=[dict(made) for made in told["materialized"]],
        checks=[dict(check) for check in told["checks"]], log=str(told["log"]))


def _tick(told: dict) -> Tick:
    return Tick(str(told["name"]), str(told["kind"]), _at(told["at"]), str(told["status"]),
                tuple(map(str, told["runs"])), str(told["why"])[:MAX_TEXT])


def _post(told: dict) -> dict:
    return {"at": str(told["at"]), "body": dict(told["body"])}


def _short(told: dict) -> dict[str, Any]:
    return {str(name): str(value)[:MAX_TEXT] for name, value in told.items()}


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
