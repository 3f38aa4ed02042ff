"""What Mixpanel and Amplitude have in common: an export of a window of time, as JSON lines of any size.

A window is downloaded whole into a file, then merged and remembered in one transaction. The last days are asked for
again on every run, as events arrive late. A day without data is no error; between days that have some it is asked for
once more on the next run, in case the vendor was behind.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO

import orjson

from environments.stack.ingest.errors import IngestError, KeyRefused, TooMuch, Truncated
from environments.stack.ingest.http import Client
from environments.stack.ingest.report import LoadReport
from environments.stack.ingest.streams import Stream
from environments.stack.ingest.warehouse import Warehouse

DAY, HOUR, MOMENT = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
MAX_ATTEMPTS = 2      # that a day without data gets
MOST_HOLES = 10  # of them that one run asks for again


@dataclass(frozen=True)
class Export:
    """One export. `fetch(client, first, last, file)` writes the records from `first` to `last`, both included, as JSON
    lines; it raises TooMuch where the window is too large."""

    stream: Stream
    fetch: Callable[[Client, datetime, datetime, IO[bytes]], None]
    step: timedelta     # the smallest window
    window: timedelta   # the usual one
    again: timedelta    # how much is read again on every run
    when: str           # the column that windows go by


def sync(export: Export, api: Client, warehouse: Warehouse, since: date, until: datetime) -> LoadReport:
    """Bring an export up to date, from the first day on or from its state. `until`: now, in UTC without a zone."""
    run = ExportRun(export, api, warehouse, since, until)
    return _reported(run, run.go)


def load_window(export: Export, api: Client, warehouse: Warehouse, first: datetime, end: datetime) -> LoadReport:
    """Read one window again, from `first` up to `end` without it, both in UTC without a zone, whatever was loaded
    before. The state stays as it is: for days that are known to be wrong or missing."""
    run = ExportRun(export, api, warehouse, first.date(), end)
    return _reported(run, lambda: run.reload(_floor(first, export.step), _floor(end - MOMENT, export.step)))


def _reported(run: "ExportRun", work: Callable[[], None]) -> LoadReport:
    try:
        work()
    except KeyRefused:
        raise
    except IngestError as e:
        run.report.failed(run.export.stream, e)
    finally:
        run.report.requests[run.export.stream.source] = run.api.requests
    return run.report


class ExportRun:
    """One run of one export."""

    def __init__(self, export: Export, api: Client, warehouse: Warehouse, since: date, until: datetime):
        self.export, self.api, self.warehouse = export, api, warehouse
        self.since, self.last = datetime.combine(since, datetime.min.time()), _floor(until, export.step)
        self.report, self.held = LoadReport(), False

    def go(self) -> None:
        export = self.export
        self.warehouse.create(export.stream)
        state = self.warehouse.state(export.stream)
        first = (
            max(self.since, datetime.fromisoformat(state["until"]) + export.step - export.again)
            if state
            else self.since
        )
        for hole in self.holes(first):
            self._window(hole, hole + DAY - export.step, moves=False)
        self._windows(first, self.last)

    def reload(self, first: datetime, last: datetime) -> None:
        self.warehouse.create(self.export.stream)
        self._windows(first, last, moves=False)

    def _windows(self, first: datetime, last: datetime, moves: bool = True) -> None:
        while first <= last:
            end = min(first + self.export.window - self.export.step, last)
            self._window(first, end, moves)
            first = end + self.export.step
        if self.held:
            self.report.quarantined(self.warehouse, self.export.stream)

    def holes(self, before: datetime) -> list[datetime]:
        """Days without a row between days with some, which have not been asked for twice."""
        rows = self.warehouse.rows(
            f"""
            with had as (select distinct cast("{self.export.when}" as date) as day from {self.export.stream.table})
            select day from ingest.days where source = ? and stream = ? and asked < {MAX_ATTEMPTS} and day < ?
            and day not in (from had) and day > (select min(day) from had) and day < (select max(day) from had)
            order by day limit {MOST_HOLES}""",
            self.export.stream.source,
            self.export.stream.name,
            before,
        )
        return [datetime.combine(day, datetime.min.time()) for day, in rows]

    def _window(self, first: datetime, last: datetime, moves: bool = True) -> None:
        """Load a window; where it is too large, its halves."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export.jsonl"
            try:
                with path.open("w+b") as file:
                    self.export.fetch(self.api, first, last, file)
            except TooMuch:
                pass  # halved below, once this file is gone
            else:
                return self._load(path, first, last, moves)
        self._halves(first, last, moves)

    def _halves(self, first: datetime, last: datetime, moves: bool) -> None:
        steps = (last - first) // self.export.step + 1
        if steps == 1:
            raise IngestError(
                f"{self.api.name} does not answer even for {first}: too much, or out of order. Run again later."
            )
        middle = first + (steps // 2) * self.export.step
        self._window(first, middle - self.export.step, moves)
        self._window(middle, last, moves)

    def _load(self, path: Path, first: datetime, last: datetime, moves: bool) -> None:
        stream = self.export.stream
        with self.warehouse.transaction():
            counts = self.warehouse.merge(stream, path)
            self.warehouse.asked(stream, first.date(), last.date())
            self.held |= counts.quarantined > 0
            if moves and not self.held:
                self.warehouse.remember(stream, {"until": last.isoformat()})
        self.report.add(stream, counts)


def whole_lines(file: IO[bytes]) -> None:
    """Truncated where the last line of a file is cut: a vendor that stops in the middle may still say 200."""
    size = file.seek(0, 2)
    if not size:
        return
    file.seek(max(0, size - 2**20))
    try:
        orjson.loads(file.read().rstrip(b"\n").rpartition(b"\n")[2])
    except orjson.JSONDecodeError:
        raise Truncated("The export ends in the middle of a line; nothing of it was loaded. Run again.") from None


def _floor(moment: datetime, step: timedelta) -> datetime:
    start = datetime.combine(moment.date(), datetime.min.time())
    return start + (moment - start) // step * step

