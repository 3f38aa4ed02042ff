"""The same project on PostgreSQL: raw tables carried over from a DuckDB file, and how dbt reaches them there.

    with Server.create(root / "neighbour") as server:        # beside the standby, on which nobody can write
        neighbour = Neighbour.on(server)
        neighbour.load_raw(project.warehouse)
        run = project.run("build", target="postgres", environment=neighbour.environment)
        neighbour.rows("select * from marts.fct_mrr")
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString, cast

import duckdb
import psycopg
from psycopg.sql import SQL, Identifier, Literal

from environments.errors import LabsError
from environments.postgres import Server

ROLE, DATABASE = "dbt", "warehouse"
BATCH = 5000  # rows that are in memory at once
# PostgreSQL's type by DuckDB's, where the two have not the same name.
TYPES = {"DOUBLE": "double precision", "JSON": "jsonb", "VARCHAR": "text"}
SAME = ("BOOLEAN", "SMALLINT", "INTEGER", "BIGINT", "REAL", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE",
        "UUID", "INTERVAL")
RELATIONS = """select table_name, list(column_name order by ordinal_position),
                      list(data_type order by ordinal_position)
               from information_schema.columns where table_schema = 'raw' group by 1 order by 1"""


@dataclass(frozen=True)
class Neighbour:
    """The database `warehouse` on a PostgreSQL server, which the role `dbt` owns, and nobody else gets into."""

    server: Server
    password: str

    @classmethod
    def on(cls, server: Server) -> "Neighbour":
        """A new, empty one. LabsError where the server has one already."""
        if server.value("select 1 from pg_database where datname = %s", [DATABASE]):
            raise LabsError(f"{server.name} has a database {DATABASE} already.", "Use that one, or drop it first.")
        password = secrets.token_urlsafe(18)
        with server.connect(database="postgres") as con:
            con.execute(SQL("create role {} login password {}").format(Identifier(ROLE), Literal(password)))
            # lower() knows no letter beyond ASCII in the locale C; this one orders texts as DuckDB does, by code point.
            con.execute(SQL("create database {} owner {} template template0 encoding 'UTF8' "
                            "locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'").format(
                                Identifier(DATABASE), Identifier(ROLE)))
            con.execute(SQL("revoke all on database {} from public").format(Identifier(DATABASE)))
        return cls(server, password)

    @property
    def environment(self) -> dict[str, str]:
        """What the project's profile `postgres` asks for."""
        return {"PGHOST": self.server.runtime.host, "PGPORT": str(self.server.runtime.port), "PGUSER": ROLE,
                "PGPASSWORD": self.password, "PGDATABASE": DATABASE}

    def connect(self):
        return self.server.connect(ROLE, self.password, DATABASE)

    def rows(self, sql: str) -> list[tuple]:
        return self.server.rows(sql, user=ROLE, password=self.password, database=DATABASE)

    def load_raw(self, warehouse: Path | str) -> dict[str, int]:
        """Replace the schema raw by the one of a DuckDB file, all or nothing; rows by table."""
        with duckdb.connect(str(warehouse), read_only=True) as source, self.connect() as target, target.transaction():
            source.execute("set timezone = 'UTC'")
            target.execute("drop schema if exists raw cascade; create schema raw")
            return {name: _carry(source, target, name, dict(zip(columns, types, strict=True)))
                    for name, columns, types in source.execute(RELATIONS).fetchall()}


def _carry(source: duckdb.DuckDBPyConnection, target: psycopg.Connection, name: str, columns: dict[str, str]) -> int:
    table = Identifier("raw", name)
    typed = [SQL("{} {}").format(Identifier(column), SQL(cast(LiteralString, _type(name, column, kind))))
             for column, kind in columns.items()]
    target.execute(SQL("create table {} ({})").format(table, SQL(", ").join(typed)))
    source.execute(f'select * from raw."{name}"')
    count = 0
    with target.cursor().copy(SQL("copy {} from stdin").format(table)) as copy:
        while batch := source.fetchmany(BATCH):
            count += len(batch)
            for row in batch:
                copy.write_row(row)
    return count


def _type(table: str, column: str, kind: str) -> str:
    if kind.endswith("[]"):
        return _type(table, column, kind.removesuffix("[]")) + "[]"
    if kind in SAME:
        return kind.lower()
    if kind.startswith("DECIMAL("):
        return kind.replace("DECIMAL", "numeric")
    if kind not in TYPES:
        raise LabsError(f"PostgreSQL has no type for {kind}, the type of raw.{table}.{column}.",
                        "Cast it in the raw table.")
    return TYPES[kind]
