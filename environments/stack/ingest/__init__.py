"""Teaspoon's ingestion: billing and product data from Stripe,
Mixpanel and Amplitude into DuckDB, completely, once, every day.

    from environments.stack.ingest import ingest

    report = ingest("warehouse.duckdb", saas().as_dict(), until=datetime(2026, 7, 1))
    report.counts["stripe.charges"], report.failures, report.requests

Each run goes on from where the last one ended; run it as often as you like, or kill it: rows and state are written
together.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from environments.stack.ingest import amplitude, exports, mixpanel, stripe
from environments.stack.ingest.errors import KeyRefused
from environments.stack.ingest.report import LoadReport
from environments.stack.ingest.warehouse import Warehouse

LAUNCH = date(2024, 7, 1)  # no event is older


def ingest(warehouse: Path | str, sources: dict[str, dict], until: datetime | None = None, since: date = LAUNCH,
           only: tuple[str, ...] = ("stripe", "mixpanel", "amplitude")) -> LoadReport:
    """Bring the warehouse at this path up to date.

    `sources`: by name the base_url and what opens it, as `labs up saas --json` prints them. `until`: now, in UTC
    without a zone, where the world's clock stands. What fails is in the report, by stream; the rest is loaded.
    """
    until = until or datetime.now(UTC).replace(tzinfo=None)
    report = LoadReport()
    with Warehouse(warehouse) as opened:
        for name in only:
            _one(name, partial(SOURCES[name], opened, sources[name], since, until), report)
    return report


def _one(name: str, sync: Callable[[], LoadReport], report: LoadReport) -> None:
    """One source; where its key is refused, that is its failure, and the other sources go on."""
    try:
        done = sync()
    except KeyRefused as e:
        report.failures[name] = e
        return
    report.counts |= done.counts
    report.failures |= done.failures
    report.requests |= done.requests


def _stripe(warehouse, source: dict, since: date, until: datetime) -> LoadReport:
    with stripe.client(source["base_url"], source["api_key"]) as api:
        return stripe.sync(api, warehouse)


def _mixpanel(warehouse, source: dict, since: date, until: datetime) -> LoadReport:
    with mixpanel.client(source["base_url"], source["username"], source["secret"]) as api:
        return exports.sync(mixpanel.export(source["project_id"]), api, warehouse, since, until)


def _amplitude(warehouse, source: dict, since: date, until: datetime) -> LoadReport:
    with amplitude.client(source["base_url"], source["api_key"], source["secret_key"]) as api:
        return exports.sync(amplitude.export(), api, warehouse, since, until)


SOURCES = {"stripe": _stripe, "mixpanel": _mixpanel, "amplitude": _amplitude}
