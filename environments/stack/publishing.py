"""A copy of the warehouse for those who read: written beside the last one and renamed, so a reader sees all of a build
or all of the one before. A DuckDB file has one writer, who shuts everybody else out.

    publish("warehouse.duckdb", "public.duckdb", schemas=("marts",))
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import duckdb

from environments.errors import LabsError


def publish(path: Path | str, public: Path | str, schemas: tuple[str, ...] = ("marts",),
            tables: Sequence[str] | None = None) -> Path:
    """Put the tables and views of these schemas, as tables, into the file `public`, in place of what was there.

    `tables`: only those of these names. A reader who has the old file open goes on reading it. LabsError where the
    warehouse is missing, or still being written.
    """
    path, public = Path(path), Path(public)
    draft = public.with_name(f".{public.name}.{secrets.token_hex(4)}")
    try:
        with _reading(path) as con:
            con.execute(f"attach '{_quoted(draft)}' as public")
            for schema in schemas:
                con.execute(f'create schema if not exists public."{schema}"')
            for schema, name in _relations(con, schemas):
                if tables is not None and name not in tables:
                    continue
                con.execute(f'create table public."{schema}"."{name}" as from warehouse."{schema}"."{name}"')
            con.execute("detach public")
        os.replace(draft, public)
    finally:
        for left in (draft, draft.with_name(f"{draft.name}.wal")):
            left.unlink(missing_ok=True)
    return public


def _reading(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise LabsError(f"there is no warehouse {path}.", "Build it first.")
    con = duckdb.connect()
    try:
        con.execute(f"attach '{_quoted(path)}' as warehouse (read_only); use warehouse")
    except duckdb.IOException:
        con.close()
        raise LabsError(f"the warehouse {path.name} is being written.",
                        "Wait for the build, or close the notebook that has it open, then publish again.") from None
    return con


def _relations(con: duckdb.DuckDBPyConnection, schemas: tuple[str, ...]) -> list[tuple[str, str]]:
    return con.execute("select table_schema, table_name from information_schema.tables "
                       "where table_catalog = 'warehouse' and list_contains(?, table_schema) order by all",
                       [list(schemas)]).fetchall()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
