"""What the assets work with: typed, from the environment, and opened when a run needs it, not when it is imported.

A test or a check puts something else in its place by its key; the assets stay as they are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import dagster as dg

from environments.errors import TookTooLong
from environments.stack.dbt_project import DbtProject, DbtRun
from environments.stack.ingest import ingest
from environments.stack.ingest.errors import Passing
from environments.stack.ingest.report import LoadReport
from environments.stack.ingest.warehouse import Warehouse
from environments.stack.orchestration.raw import carry_over

Window = tuple[datetime, datetime]  # from, and up to; both with a zone


class Clock(dg.ConfigurableResource):
    """What time it is. In the course's world it is always the same moment: `stands_at`, ISO 8601 with its offset."""

    stands_at: str = ""

    def now(self) -> datetime:
        return datetime.fromisoformat(self.stands_at) if self.stands_at else datetime.now(UTC)


class WarehouseFile(dg.ConfigurableResource):
    """The warehouse, a file with one writer at a time."""

    path: str

    @contextmanager
    def connect(self) -> Iterator:
        """A DuckDB connection, closed afterwards; times are UTC. LabsError where someone else has the file open."""
        with Warehouse(self.path) as warehouse:
            warehouse.connection.execute("create schema if not exists raw; set timezone = 'UTC'")
            yield warehouse.connection


class Dbt(dg.ConfigurableResource):
    """A dbt project, and how its nodes are built."""

    folder: str
    minutes: float = 10  # that a build may take

    def build(self, warehouse: WarehouseFile, unique_ids: list[str]) -> DbtRun:
        """Build these models, seeds and snapshots, with their tests. Passing where it took too long.

        A test that also asks for a model of a later step is left to that step: "buildable".
        """
        project = DbtProject(self.folder, warehouse.path)
        names = [id.split(".")[2] for id in unique_ids]
        try:
            return project.run("build", "--indirect-selection", "buildable", select=names, within=self.minutes * 60)
        except TookTooLong as e:
            raise Passing(str(e)) from None


class Source(dg.ConfigurableResource):
    """One that data comes from."""

    def load(self, warehouse: WarehouseFile, window: Window | None = None) -> int:
        """Bring its raw tables up to date, and read this window again where one is given; how many records were read.

        Repeating it changes nothing. Fails with an error of environments.stack.ingest.errors: Passing where trying
        again helps, another one where it does not.
        """
        raise NotImplementedError


class StripeSource(Source):
    """Billing. It is followed by its events, so a window means nothing to it."""

    base_url: str
    api_key: str

    def load(self, warehouse: WarehouseFile, window: Window | None = None) -> int:
        return _landed("stripe", warehouse, ingest(
            warehouse.path, {"stripe": {"base_url": self.base_url, "api_key": self.api_key}}, only=("stripe",)))


class MixpanelSource(Source):
    """Events of the website, by the day on which they happened."""

    base_url: str
    username: str
    secret: str
    project_id: str

    def load(self, warehouse: WarehouseFile, window: Window | None = None) -> int:
        from environments.stack.ingest import mixpanel

        with mixpanel.client(self.base_url, self.username, self.secret) as api:
            return _window("mixpanel", mixpanel.export(self.project_id), api, warehouse, window)


class AmplitudeSource(Source):
    """Events of the apps, by the hour in which they came in."""

    base_url: str
    api_key: str
    secret_key: str

    def load(self, warehouse: WarehouseFile, window: Window | None = None) -> int:
        from environments.stack.ingest import amplitude

        with amplitude.client(self.base_url, self.api_key, self.secret_key) as api:
            return _window("amplitude", amplitude.export(), api, warehouse, window)


class ProductionSource(Source):
    """The shop's database, read whole from its standby."""

    dsn: str

    def load(self, warehouse: WarehouseFile, window: Window | None = None) -> int:
        import psycopg

        from environments.stack.landing import PRODUCTION
        from environments.stack.postgres_copy import copy_tables

        try:
            with psycopg.connect(self.dsn, connect_timeout=10) as source, warehouse.connect() as con:
                loaded_at = datetime.now(UTC).replace(tzinfo=None)
                counts = copy_tables(source, con, {name: f"raw.production_{name}" for name in PRODUCTION}, loaded_at)
        except psycopg.OperationalError as e:
            raise Passing(f"The standby did not answer: {str(e).splitlines()[0]}") from None
        return sum(counts.values())


def _window(name: str, export, api, warehouse: WarehouseFile, window: Window | None) -> int:
    from environments.stack.ingest.exports import load_window

    if not window:
        raise ValueError(f"{name} is loaded by the day: give the window of a partition.")
    first, end = (moment.astimezone(UTC).replace(tzinfo=None) for moment in window)
    with Warehouse(warehouse.path) as opened:
        # Events arrive late, so the days before are read again as well.
        report = load_window(export, api, opened, first - export.again, end)
    return _landed(name, warehouse, report)


def _landed(name: str, warehouse: WarehouseFile, report: LoadReport) -> int:
    """Records read. What was loaded is carried over also where something failed; then that failure is raised, first
    one that does not pass by itself."""
    with warehouse.connect() as con:
        carry_over(con, name)
    for failure in sorted(report.failures.values(), key=lambda error: isinstance(error, Passing)):
        raise failure
    return sum(counts.read for counts in report.counts.values())
