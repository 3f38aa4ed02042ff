"""The gradebook's database: its connections, and the schema that nbgrader gave it."""

from alembic.config import Config as Settings
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from nbgrader import api
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url

BUSY = 30  # seconds to wait for a gradebook that formgrader is writing


def engine_for(url: str) -> Engine:
    """Connections whose transactions hold SQLite's one write lock from their beginning: what they read stays true."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY})
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def is_current(connection: Connection) -> bool:
    """Whether all tables that are there are as this nbgrader makes them."""
    known, there = api.Base.metadata.tables, inspect(connection)
    return all(name in known and {column["name"] for column in there.get_columns(name)} >= set(known[name].c.keys())
               for name in there.get_table_names() if name != "alembic_version")


def migrate(connection: Connection, schemas: ScriptDirectory) -> None:
    """To nbgrader's current schema, all of it or nothing. (`alembic upgrade` sets the whole process's logging.)"""
    with EnvironmentContext(Settings(), schemas, fn=lambda version, _: schemas._upgrade_revs("head", version)) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()
