"""Warehouses and connectors for checks: made for one question, looked into from outside, gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from autograders.expect import Asked
from autograders.undisturbed import undisturbed
from environments import connector
from environments.errors import LabsError, MachineTooBusy
from environments.saas.handle import Saas

ENDLESS = 1000  # requests; a list of a check has fewer objects
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
    return next((position for position, in _asked(path, "select position from positions where stream = ?", [stream])), None)


def _asked(path: str, sql: str, values: list | None = None) -> list[tuple]:
    """Asked of a copy: an answer in another process may still hold the file, and what it has not committed is not there."""
    with tempfile.TemporaryDirectory(prefix="labs-look-") as folder:
        for file in (path, f"{path}.wal"):
            if Path(file).exists():
                shutil.copy(file, folder)
        with duckdb.connect(Path(folder) / Path(path).name) as connection:
            return connection.execute(sql, values or []).fetchall()


def _expect_an_end(asked: Asked, saas: Saas) -> None:
    requests = len(saas.stripe.requests())
    asked.expect(requests <= ENDLESS, "a connector that stops at the last page", got=f"made one that asked for {requests} pages and more")


def said_by(asked: Asked, paginator: dict | None, incremental: dict | None, saas: Saas, since: int | None = None) -> list[dict]:
    """The messages of one read of charges by a connector with these components; CheckFailed where it fails."""
    for component in (paginator, incremental):
        asked.expect(component is None or isinstance(component, dict) and "type" in component, "a dict with a type")
    state = {"type": "STREAM", "stream": {"stream_descriptor": {"name": "charges"}, "stream_state": {"created": str(since)}}}
    with tempfile.TemporaryDirectory(prefix="labs-connector-") as folder:
        try:
            with undisturbed():
                connector.write(Path(folder), paginator, incremental)
                return connector.messages(Path(folder), "read", saas.stripe.base_url, saas.stripe.credentials["api_key"], ("charges",),
                                          [state] if since else [], watch=lambda: paginator and _expect_an_end(asked, saas))
        except connector.Unfinished as e:  # few requests, and little done: it was waiting for a processor, not for a page
            if e.worked < connector.PATIENCE / 2:
                raise MachineTooBusy(f"the connector came to no end in {connector.PATIENCE} s") from None
            asked.fail("a connector that comes to an end", got=f"made one that does not: {e}")
        except (LabsError, TypeError, ValueError) as e:
            asked.fail("a connector that reads", got=f"made one that does not: {str(e)[:300]}")
