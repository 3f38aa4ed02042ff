"""Small marts of which a check asks an answer's SQL."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from autograders.draws import draw
from autograders.expect import CheckedFunction
from autograders.undisturbed import undisturbed
from environments.errors import LabsError
from environments.stack.dbt_project import look

MOVEMENTS = ("new", "expansion", "reactivation", "contraction", "churn")
LONGEST = 20_000  # characters of an answer's SQL


Tables = Mapping[str, tuple[str, Sequence[tuple] | str]]  # by name, such as marts.fct_mrr: columns with types, and
# rows, or a SELECT for a view


@contextmanager
def marts(tables: Tables) -> Iterator[Path]:
    """A DuckDB file with these tables, which nothing of the student's can reach while the block runs."""
    with undisturbed(), tempfile.TemporaryDirectory(prefix="labs-marts-") as folder:
        path = Path(folder) / "public.duckdb"
        with duckdb.connect(str(path), config={"threads": 1}) as con:
            con.execute("create schema marts")
            for name, (columns, rows) in tables.items():
                if isinstance(rows, str):
                    con.execute(f"create view {name} as {rows}")
                    continue
                con.execute(f"create table {name} ({columns})")
                if rows:
                    con.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)
        yield path


def rows(asked: CheckedFunction, path: Path, sql: str, zone: str = "") -> list[tuple]:
    """What an answer's SQL gives there. CheckFailed where DuckDB does not answer it."""
    asked.expect(len(sql) <= LONGEST, "SQL of a few lines", got=f"returned {len(sql):,} characters")
    found, why = [], ""
    try:
        found = look(path, sql, zone=zone)
    except LabsError as e:
        why = str(e)
    asked.expect(not why, "SQL that DuckDB answers", got=why)
    return found


def asked_of(asked: CheckedFunction, sql: str, tables: Tables, zone: str = "") -> list[tuple]:
    """The same, of tables that are made for this question."""
    with marts(tables) as path:
        return rows(asked, path, sql, zone)


def text(asked: CheckedFunction, value: object) -> str:
    asked.expect(type(value) is str, "a text")
    return str(value)


def months(count: int) -> list[date]:
    """So many months in a row, from one that is drawn."""
    first = draw.randrange(2020 * 12, 2026 * 12)
    return [date((first + i) // 12, (first + i) % 12 + 1, 1) for i in range(count)]
