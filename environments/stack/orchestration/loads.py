"""The loads: one asset per source. A run tries again what may pass, with growing waits, and fails at once otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import dagster as dg

from environments.errors import LabsError
from environments.stack.ingest.errors import Passing
from environments.stack.orchestration.feeds import COMPANY_ZONE, DUTIES, FEEDS, FIRST_DAY
from environments.stack.orchestration.resources import Source, WarehouseFile

DAYS = dg.DailyPartitionsDefinition(start_date=FIRST_DAY, timezone=COMPANY_ZONE)
# 1, 3 and 7 minutes: most outages of a vendor are shorter than that.
PATIENTLY = dg.RetryPolicy(max_retries=3, delay=60, backoff=dg.Backoff.EXPONENTIAL)
WAREHOUSE = "warehouse"  # the pool of those that write into it: one at a time, also from two runs


@contextmanager
def failing_clearly() -> Iterator[None]:
    """What may pass stays as it is, so that the step is tried again; all else ends the step now."""
    try:
        yield
    except (Passing, dg.Failure):
        raise
    except LabsError as e:
        raise dg.Failure(str(e), allow_retries=False) from None
    except Exception as e:
        raise dg.Failure(f"{type(e).__name__}: {e}", allow_retries=False) from e


def asset_like(name: str, **more):
    """The decorator of a load, with what all of them share."""
    duty = DUTIES[name]
    return dg.asset(name=name, group_name="raw", owners=[duty.owner], tags={"alert": duty.severity}, kinds={"duckdb"},
                    pool=WAREHOUSE, retry_policy=PATIENTLY, **more)


@asset_like("stripe", description="Billing: what changed since the last run.")
def stripe(stripe: Source, warehouse: WarehouseFile) -> dg.MaterializeResult:
    return _loaded("stripe", stripe, warehouse)


@asset_like("mixpanel", partitions_def=DAYS, description="The website's events of a day, and of the days before.")
def mixpanel(context: dg.AssetExecutionContext, mixpanel: Source, warehouse: WarehouseFile) -> dg.MaterializeResult:
    return _loaded("mixpanel", mixpanel, warehouse, context.partition_time_window)


@asset_like("amplitude", partitions_def=DAYS, description="The apps' events of a day, and of the days before.")
def amplitude(context: dg.AssetExecutionContext, amplitude: Source, warehouse: WarehouseFile) -> dg.MaterializeResult:
    return _loaded("amplitude", amplitude, warehouse, context.partition_time_window)


@asset_like("production", description="The shop's tables, whole, from the standby.")
def production(production: Source, warehouse: WarehouseFile) -> dg.MaterializeResult:
    return _loaded("production", production, warehouse)


def _loaded(name: str, source: Source, warehouse: WarehouseFile,
            window: dg.TimeWindow | None = None) -> dg.MaterializeResult:
    with failing_clearly():
        read = source.load(warehouse, (window.start, window.end) if window else None)
        newest = newest_of(name, warehouse)
    told = {"newest": dg.MetadataValue.timestamp(newest)} if newest else {}
    return dg.MaterializeResult(metadata={"dagster/row_count": read, **told})


def newest_of(name: str, warehouse: WarehouseFile) -> datetime | None:
    """The watermark of the data itself: when its newest row came to be."""
    feed = FEEDS[name]
    with warehouse.connect() as con:
        newest, = con.execute(f"select epoch(max({feed.time})::timestamptz) from raw.{feed.table}").fetchone()
    return None if newest is None else datetime.fromtimestamp(newest, UTC)
