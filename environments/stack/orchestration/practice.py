"""The world outside a pipeline, on simulated time: sources with rows and troubles, a dbt that succeeds, the inbox.

They stand in for the resources of environments.stack.orchestration under the same keys. What a source answers is as
environments.stack.ingest would have it: the same errors, and nothing twice.
"""

import hashlib
import math
import os
import secrets
import signal
import unittest.mock
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from pydantic import PrivateAttr

from environments.alerts.alert import LENGTHS, Refused
from environments.alerts.app import InboxApp
from environments.alerts.inbox import Heartbeat, Inbox
from environments.saas.app import LOOPBACK
from environments.saas.drift import Remove, Rename, Retype, Withhold
from environments.saas.effects import Delay, Drop, Rekey, RespondWith, Truncate
from environments.saas.hosting import Hosted
from environments.stack.dbt_project import DbtRun, NodeRun
from environments.stack.ingest.errors import BadRequest, IngestError, KeyRefused, NotAllowed, Passing, Truncated
from environments.stack.ingest.warehouse import Warehouse
from environments.stack.orchestration.alerts import Alerts
from environments.stack.orchestration.crm import CrmFolder
from environments.stack.orchestration.feeds import FEEDS, Feed
from environments.stack.orchestration.resources import WarehouseFile, Window
from environments.stack.orchestration.scenario import HALFWAY, KILLED, Scenario, Trouble
from environments.stack.orchestration.simulation import SimulatedTime
from environments.stack.publishing import publish

DAY = timedelta(days=1)


class Outside:
    """All of it for one scenario, in a folder."""

    def __init__(self, scenario: Scenario, time: SimulatedTime, folder: Path):
        self.scenario, self.time, self.folder = scenario, time, folder
        self.calls: list[dict] = []
        self._struck: Counter[int] = Counter()
        self.warehouse = PracticeWarehouse(path=str(folder / "warehouse.duckdb"))
        for name in ("public", "crm", "alerts"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def resources(self, webhook: "Webhook") -> dict[str, Any]:
        """By the keys of the reference."""
        return {
            **{name: PracticeSource(self, name) for name in FEEDS},
            "clock": PracticeClock(self.time),
            "warehouse": self.warehouse,
            "dbt": PracticeDbt(self),
            "public": PracticePublic(self),
            "crm_folder": CrmFolder(path=str(self.folder / "crm")),
            "alerts": Alerts(url=webhook.url, token=webhook.token, folder=str(self.folder / "alerts"),
                             ui="http://dagster.example", heartbeat_url=webhook.heartbeat_url),
        }

    def fill(self) -> None:
        """The rows that every source had before the scenario begins."""
        if not self.scenario.resume:
            start = self.scenario.begins
            for name in FEEDS:
                self.write(name, start - self.scenario.history * DAY, start)

    def strike(self, what: str) -> Trouble | None:
        """What befalls it at this moment, if anything does."""
        for number, trouble in enumerate(self.scenario.troubles):
            if trouble.strikes == what and trouble.at(self.time.now()) and (
                    trouble.times is None or self._struck[number] < trouble.times):
                self._struck[number] += 1
                return trouble
        return None

    def write(self, name: str, first: datetime, end: datetime, sent: Callable[[int], bool] = lambda number: True,
              field_gone: bool = False) -> int:
        """The rows of a source from `first` up to `end` into its raw table, those that are there replaced; how many.

        `sent` says which of them the source sends. Without the first of its usual columns, where that field is gone.
        """
        feed, step = FEEDS[name], 86_400 / self.scenario.rows
        numbers = range(math.ceil(first.timestamp() / step), math.ceil(end.timestamp() / step))
        rows = [_row(self.scenario.seed, name, feed, number, number * step, field_gone)
                for number in filter(sent, numbers)]
        with self.warehouse.connect() as con:
            _upsert(con, feed, rows, self.time.now().replace(tzinfo=None))
        return len(rows)

    def newest(self, name: str) -> datetime:
        feed = FEEDS[name]
        with self.warehouse.connect() as con:
            found, = con.execute(f"select max({feed.time}) from raw.{feed.table}").fetchone()
        return found.replace(tzinfo=UTC) if found else self.scenario.begins - self.scenario.history * DAY


class PracticeWarehouse(WarehouseFile):
    """The warehouse, held open from one connection to the next: to open a DuckDB file takes longer than what most
    steps do in it. Another process finds the file closed, unless a connection is in use."""

    _held: list[Warehouse] = PrivateAttr(default_factory=list)
    _in_use: int = PrivateAttr(default=0)

    @contextmanager
    def connect(self) -> Iterator:
        if not self._held:
            self._held.append(Warehouse(self.path))
        connection = self._held[0].connection.cursor()
        self._in_use += 1
        try:
            connection.execute("create schema if not exists raw; set timezone = 'UTC'")
            yield connection
        finally:
            connection.close()
            self._in_use -= 1

    @contextmanager
    def held(self) -> Iterator[None]:
        """While the block runs."""
        connect = duckdb.connect

        def connect_alone(*arguments, **more):
            self._release()
            return connect(*arguments, **more)

        with unittest.mock.patch.object(duckdb, "connect", connect_alone):
            yield
        self._release()

    def _release(self) -> None:
        if not self._in_use:
            while self._held:
                self._held.pop().connection.close()


def _upsert(con, feed: Feed, rows: list[tuple], loaded_at: datetime) -> None:
    """These rows into a raw table, in one transaction, those of the same id replaced."""
    table, columns = f"raw.{feed.table}", ["id", feed.time, *feed.usually, "amount"]
    texts = ", ".join(f"{column} varchar" for column in feed.usually)
    con.execute(f"create table if not exists {table}(id varchar, {feed.time} timestamp, {texts}, amount bigint, "
                "_loaded_at timestamp)")
    if not rows:
        return
    values = ", ".join(f'unnest(${number}) as "{column}"' for number, column in enumerate(columns, 1))
    con.execute("begin")
    con.execute(f"create or replace temp table fresh as select {values}, ${len(columns) + 1}::timestamp as _loaded_at",
                [*map(list, zip(*rows, strict=True)), loaded_at])
    con.execute(f"delete from {table} where id in (select id from fresh)")
    con.execute(f"insert into {table} by name from fresh")
    con.execute("commit")


def _row(seed: int, name: str, feed: Feed, number: int, at: float, field_gone: bool) -> tuple:
    digest = hashlib.sha256(f"{seed}:{name}:{number}".encode()).digest()
    usual = [None if digest[place] < 13 or (field_gone and place == 0) else f"{column}_{digest[9] % 50}"
             for place, column in enumerate(feed.usually)]
    return (f"{name}-{number}", datetime.fromtimestamp(at, UTC).replace(tzinfo=None), *usual,
            500 + int.from_bytes(digest[4:6], "big") % 2000)


class PracticeSource:
    """A source whose rows come evenly through the day."""

    def __init__(self, outside: Outside, name: str):
        self._outside, self._name = outside, name

    def load(self, warehouse: WarehouseFile, window: Window | None = None) -> int:
        outside, now = self._outside, self._outside.time.now()
        first, end = window or (outside.newest(self._name) - timedelta(hours=1), now)
        call = {"source": self._name, "at": now.isoformat(), "first": first.isoformat(), "end": end.isoformat(),
                "outcome": "ok"}
        outside.calls.append(call)
        trouble = outside.strike(self._name)
        outside.time.sleep((trouble.minutes if trouble else outside.scenario.minutes) * 60)
        try:
            less = _effects(trouble, self._name)
        except IngestError as e:
            call["outcome"] = f"{type(e).__name__}: {e}"
            raise
        read = outside.write(self._name, first, min(end, now), **less)
        if trouble and trouble.fault == KILLED:
            os.kill(os.getpid(), signal.SIGKILL)
        return read


def _effects(trouble: Trouble | None, name: str) -> dict[str, Any]:
    """How a fault shows in what ingestion loads. Raises what ingestion raises for it."""
    less: dict[str, Any] = {}
    for effect in trouble.known.effects if trouble and trouble.known else ():
        match effect:
            case Rekey(status=status) | RespondWith(status=status):
                raise _refusal(status, name)
            case Drop() | Delay():
                raise Passing(f"{name} did not answer.")
            case Truncate(silent=silent):
                if not silent:
                    raise Truncated(f"{name} broke off in the middle of an answer.")
                less["sent"] = lambda number: number % 2 == 0
            case Withhold(every=every):
                less["sent"] = lambda number, every=every: number % every != 0
            case Rename() | Remove() | Retype():
                less["field_gone"] = True
    return less


def _refusal(status: int, name: str) -> IngestError:
    if status == 401:
        return KeyRefused(f"{name} answered 401: the key that ends in 4242 is no longer taken.")
    if status == 403:
        return NotAllowed(f"{name} answered 403: the key may not read this.")
    if status in (409, 429) or status >= 500:
        return Passing(f"{name} answered {status}.")
    return BadRequest(f"{name} answered {status}: the request is wrong.")


class PracticeClock:
    """The simulated time."""

    def __init__(self, time: SimulatedTime):
        self._time = time

    def now(self) -> datetime:
        return self._time.now()


class PracticePublic:
    """The folder of readers, where a trouble can strike."""

    def __init__(self, outside: Outside):
        self._outside = outside
        self.path = str(outside.folder / "public")

    def put(self, warehouse: WarehouseFile, name: str, tables: Sequence[str]) -> None:
        trouble = self._outside.strike("publication")
        if trouble and trouble.fault == HALFWAY:
            Path(self.path, f".{name}.duckdb.draft").write_bytes(b"half of it")
            os.kill(os.getpid(), signal.SIGKILL)
        _effects(trouble, "publication")
        publish(warehouse.path, f"{self.path}/{name}.duckdb", tables=tables)
        self._outside.calls.append({"source": "publication", "at": self._outside.time.now().isoformat(), "first": "",
                                    "end": "", "outcome": name})
        if trouble and trouble.fault == KILLED:
            os.kill(os.getpid(), signal.SIGKILL)


class PracticeDbt:
    """A dbt whose nodes all succeed."""

    def __init__(self, outside: Outside):
        self._outside = outside

    def build(self, warehouse: WarehouseFile, unique_ids: list[str]) -> DbtRun:
        self._outside.time.sleep(60)
        nodes = [NodeRun(id, id.split(".")[2], id.split(".")[0], "success", "", None, None, 1.0, "", "")
                 for id in unique_ids]
        return DbtRun(True, "", tuple(nodes))


class PracticeInbox(Inbox):
    """The course's inbox in memory, on simulated time, which a trouble of "alerts" makes refuse what is posted."""

    def __init__(self, outside: Outside):
        super().__init__(now=outside.time.time)
        self._outside = outside
        self.beats: list[dict] = []

    def beat(self, watcher: str, every: int) -> Heartbeat:
        beat = super().beat(watcher, every)
        self.beats.append({"at": self._outside.time.now().isoformat(), "watcher": watcher, "every": every})
        return beat

    def _admit(self) -> None:
        if self._outside.strike("alerts"):
            raise Refused(503, "the inbox is down for a moment")
        super()._admit()


class Webhook:
    """The inbox where a pipeline posts, over HTTP; what it refused is noted with the simulated moment."""

    def __init__(self, outside: Outside):
        self._time, self.token = outside.time, secrets.token_urlsafe(12)
        self.inbox = PracticeInbox(outside)
        self.refused: list[dict] = []
        self.url = self.heartbeat_url = ""
        self._app = InboxApp(self.inbox, self.token)
        self.refusal = self._app.refusal

    @property
    def taken(self) -> list[dict]:
        """Every alert, by when it came."""
        return [{"at": datetime.fromtimestamp(alert["at"], UTC).isoformat(),
                 "body": {name: alert[name] for name in LENGTHS}} for alert in self.inbox.alerts()]

    @contextmanager
    def answering(self) -> Iterator[None]:
        with Hosted({"alerts": self}) as ports:
            self.url = f"http://{LOOPBACK}:{ports['alerts']}/alerts"
            self.heartbeat_url = f"http://{LOOPBACK}:{ports['alerts']}/heartbeats"
            yield

    async def __call__(self, scope, receive, send) -> None:
        async def noting(message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                self.refused.append({"at": self._time.now().isoformat(), "status": message["status"]})
            await send(message)

        await self._app(scope, receive, noting)
