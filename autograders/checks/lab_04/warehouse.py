"""Warehouses and connectors for checks: made for one question, looked into from outside, gone afterwards."""

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from autograders.expect import CheckedFunction
from autograders.grading.deadline import Deadline, watched
from autograders.undisturbed import undisturbed
from environments import connector
from environments.errors import LabsError, MachineTooBusy
from environments.saas.handle import SimulatorClient

ENDLESS = 1000  # requests; a list of a check has fewer objects
LONGEST = 20_000  # characters of a connector's component
LARGEST = 200 * 2**20  # bytes of a warehouse; those of a check have a few hundred kilobytes
LONGEST_LOOK = 10  # seconds for its few hundred rows: a view may have no end
# A file that somebody else has written may say what it likes, but not have us read another one.
CLOSED: dict[str, bool | float | int | list[str] | str] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
    "threads": "1",
}
TABLES = """
create table raw (stream text, id text, version bigint, payload json, primary key (stream, id){});
create table positions (stream text primary key, position bigint{})"""


@contextmanager
def empty_warehouse(no_row: str = "", no_position: int | None = None) -> Iterator[str]:
    """The path of a DuckDB file with the tables of Lab 4. It refuses a row of the id `no_row`, and the position
    `no_position`, as a full disk or a kill at that moment would."""
    with tempfile.TemporaryDirectory(prefix="labs-warehouse-") as folder:
        path = Path(folder) / "warehouse.duckdb"
        with duckdb.connect(path) as connection:
            connection.execute(TABLES.format(f", check (id <> '{no_row}')" if no_row else "",
                                             f" check (position <> {no_position})" if no_position is not None else ""))
        yield str(path)


def kept_rows(path: str) -> list[tuple]:
    """The rows of raw that were committed: stream, id, version, payload."""
    return _asked(path, "select stream, id, version, payload::text from raw")


def kept_position(path: str, stream: str) -> int | None:
    return next(
        (position for (position,) in _asked(path, "select position from positions where stream = ?", [stream])), None
    )


def _asked(path: str, sql: str, values: list | None = None) -> list[tuple]:
    """Asked of a copy: an answer in another process may still hold the file,
    and what it has not committed is not there."""
    with tempfile.TemporaryDirectory(prefix="labs-look-") as folder:
        for file in (path, f"{path}.wal"):
            if os.path.lexists(file):
                _copy(file, folder)
        deadline = Deadline(LONGEST_LOOK)
        with duckdb.connect(Path(folder) / Path(path).name, config=CLOSED) as connection:
            try:
                with watched(deadline, connection.interrupt):
                    return connection.execute(sql, values or []).fetchall()
            except duckdb.InterruptException:
                if deadline.busy:
                    raise MachineTooBusy("the warehouse could not be read") from None
                raise OSError(f"the warehouse cannot be read within {LONGEST_LOOK} s") from None


def _copy(file: str, folder: str) -> None:
    """Copy what an answer may have put in a warehouse's place.

    Raises OSError for what is no file, or too large for one.
    """
    there = os.lstat(file)
    if not stat.S_ISREG(there.st_mode) or there.st_size > LARGEST:
        raise OSError("what is in the warehouse's place now is no database of this size")
    shutil.copy(file, folder)


def _expect_an_end(asked: CheckedFunction, saas: SimulatorClient) -> None:
    requests = len(saas.stripe.requests())
    asked.expect(
        requests <= ENDLESS,
        "a connector that stops at the last page",
        got=f"made one that asked for {requests} pages and more",
    )


def _is_short(component: dict | None) -> bool:
    """Whether it is as short as a person writes it: what is not would keep YAML and its schema busy for minutes."""
    try:
        return len(json.dumps(component, default=str)) <= LONGEST
    except (RecursionError, ValueError, TypeError):
        return False


def said_by(
    asked: CheckedFunction,
    paginator: dict | None,
    incremental: dict | None,
    saas: SimulatorClient,
    since: int | None = None,
) -> list[dict]:
    """The messages of one read of charges by a connector with these components; CheckFailed where it fails."""
    for component in (paginator, incremental):
        asked.expect(component is None or isinstance(component, dict) and "type" in component, "a dict with a type")
        asked.expect(_is_short(component), f"a component of at most {LONGEST:,} characters")
    state = {
        "type": "STREAM",
        "stream": {"stream_descriptor": {"name": "charges"}, "stream_state": {"created": str(since)}},
    }

    def watch() -> None:
        if paginator:
            _expect_an_end(asked, saas)

    with tempfile.TemporaryDirectory(prefix="labs-connector-") as folder:
        try:
            with undisturbed():
                connector.write(Path(folder), paginator, incremental)
                return connector.messages(
                    Path(folder),
                    "read",
                    saas.stripe.base_url,
                    saas.stripe.credentials["api_key"],
                    ("charges",),
                    [state] if since else [],
                    watch=watch,
                )
        except (
            connector.Unfinished
        ) as e:  # few requests, and little done: it was waiting for a processor, not for a page
            if e.worked < connector.PATIENCE / 2:
                raise MachineTooBusy(f"the connector came to no end in {connector.PATIENCE} s") from None
            asked.fail("a connector that comes to an end", got=f"made one that does not: {e}")
        except (LabsError, TypeError, ValueError) as e:
            asked.fail("a connector that reads", got=f"made one that does not: {str(e)[:300]}")
