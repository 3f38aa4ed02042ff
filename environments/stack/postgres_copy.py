"""Tables out of PostgreSQL into DuckDB, in bulk and with their types whole.

    with server.connect() as source:
        copy_tables(source, con, {"orders": "raw.production_orders"})

COPY writes the rows as text, whatever their number, and DuckDB reads them in parallel. numeric stays exact,
timestamptz a moment, an array an array, and an empty text is not NULL.
"""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString, cast

import duckdb
from psycopg.sql import SQL, Identifier

from environments.errors import LabsError

# DuckDB's type by PostgreSQL's, as format_type() names it; what is not here is text in the warehouse as well.
TYPES = {
    "smallint": "smallint", "integer": "integer", "bigint": "bigint", "real": "real", "double precision": "double",
    "boolean": "boolean", "text": "varchar", "date": "date", "uuid": "uuid", "json": "json", "jsonb": "json",
    "timestamp with time zone": "timestamp with time zone", "timestamp without time zone": "timestamp",
    "time without time zone": "time", "interval": "interval",
}
DIGITS = 38  # that a DECIMAL of DuckDB has
COLUMNS = """
    select attname, format_type(atttypid, atttypmod) from pg_attribute
    where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum"""


def copy_tables(source, con: duckdb.DuckDBPyConnection, tables: dict[str, str],
                loaded_at: datetime | None = None) -> dict[str, int]:
    """Replace each table of the warehouse by the one of production, all as of one moment; rows by production's name.

    source: a psycopg connection. With `loaded_at` each row says when it came, in `_loaded_at`.
    """
    with source.transaction(), tempfile.TemporaryDirectory() as folder:
        source.execute("set transaction isolation level repeatable read, read only")
        source.execute("set local timezone = 'UTC'; set local datestyle = 'ISO'; set local extra_float_digits = 1")
        return {name: _copy(source, con, name, target, Path(folder) / "rows.csv", loaded_at)
                for name, target in tables.items()}


def _copy(source, con: duckdb.DuckDBPyConnection, name: str, target: str, file: Path, loaded_at) -> int:
    columns = _columns(source, name)
    chosen = SQL(", ").join(SQL("array_to_json({})").format(Identifier(column)) if kind.endswith("[]")
                            else Identifier(column) for column, kind in columns.items())
    command = SQL("copy (select {} from {}) to stdout (format csv)").format(chosen, SQL(cast(LiteralString, name)))
    with file.open("wb") as out, source.cursor().copy(command) as rows:
        out.writelines(rows)
    typed = ", ".join(_typed(n, column, kind) for n, (column, kind) in enumerate(columns.items()))
    values: list[Any] = [str(file), {f"c{n}": "VARCHAR" for n in range(len(columns))}]
    stamp = ", ? as _loaded_at" if loaded_at else ""
    con.execute(f"create or replace table {target} as select {typed}{stamp} from read_csv(?, columns = ?, "
                "header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, "
                "auto_detect = false, max_line_size = 16777216)",
                ([loaded_at] if loaded_at else []) + values)
    return con.execute(f"select count(*) from {target}").fetchall()[0][0]


def _columns(source, name: str) -> dict[str, str]:
    """DuckDB's type of each column, in production's order."""
    found = source.execute(COLUMNS, [name]).fetchall()
    if not found:
        raise LabsError(f"production has no table {name} that this role may see.",
                        "Ask for the table's name, or for the right to read it.")
    return {column: _type(source, name, column, kind) for column, kind in found}


def _type(source, name: str, column: str, kind: str) -> str:
    if kind.endswith("[]"):
        return _type(source, name, column, kind.removesuffix("[]")) + "[]"
    if kind == "numeric":
        return f"decimal({DIGITS}, {_scale(source, name, column)})"
    if kind.startswith("numeric("):
        return kind.replace("numeric", "decimal")
    return TYPES.get(kind, "varchar")


def _scale(source, name: str, column: str) -> int:
    """How many digits the values of an unbounded numeric have behind the point."""
    ask = SQL("select max(scale({0})) from {1} where {0} <> 'NaN'").format(
        Identifier(column), SQL(cast(LiteralString, name)))
    return source.execute(ask).fetchone()[0] or 0


def _typed(number: int, column: str, kind: str) -> str:
    text = f"cast(c{number} as json)" if kind.endswith("[]") else f"c{number}"
    return f'cast({text} as {kind}) as "{column}"'
