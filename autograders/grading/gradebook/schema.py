"""The gradebook's schema, which nbgrader's alembic revisions define: made where it is new, or brought up to date."""

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from nbgrader import api, dbutil
from sqlalchemy import Connection, inspect


class Schemas:
    """All revisions that this nbgrader knows."""

    def __init__(self):
        self._scripts = ScriptDirectory(dbutil.ALEMBIC_DIR)
        self.newest = self._scripts.get_current_head()

    def made(self, connection: Connection) -> str:
        """The revision of a gradebook: the newest where it was made now, "base" where nbgrader does not say."""
        version = MigrationContext.configure(connection).get_current_revision()
        if version is None and _is_current(connection):  # new, or nbgrader was killed while it made it
            api.Base.metadata.create_all(connection)
            MigrationContext.configure(connection).stamp(self._scripts, "head")
            version = self.newest
        return version or "base"

    def knows(self, version: str) -> bool:
        try:
            self._scripts.get_revision(version)
        except CommandError:
            return False
        return True

    def migrate(self, connection: Connection) -> None:
        """To the newest, all of it or nothing. (`alembic upgrade` sets the whole process's logging.)"""
        with EnvironmentContext(
            Config(), self._scripts, fn=lambda at, _: self._scripts._upgrade_revs("head", at)
        ) as environment:
            environment.configure(connection=connection)
            environment.run_migrations()


def _is_current(connection: Connection) -> bool:
    """Whether all tables that are there are as this nbgrader makes them."""
    known, there = api.Base.metadata.tables, inspect(connection)
    return all(name in known and {column["name"] for column in there.get_columns(name)} >= set(known[name].c.keys())
               for name in there.get_table_names() if name != "alembic_version")
