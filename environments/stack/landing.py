"""The raw layer of Teaspoon's warehouse: what is in it before dbt has done anything.

    land(World(7, 50), "warehouse.duckdb")                    # all of it, straight from a world: for checks and tests
    with opened("warehouse.duckdb") as con:                   # or a part of it at a time
        land_production(con, standby)                         # in bulk, from a PostgreSQL server
        land_vendors(con, World(7, 50))

A table's name says where it is from: `raw.production_orders`, `raw.stripe_charges`, `raw.mixpanel_export`,
`raw.amplitude_export`, `raw.crm_contacts`. Each has `_loaded_at`, in UTC without a zone: when it came in.

Production is as PostgreSQL has it, types whole. Stripe, Mixpanel and Amplitude are as `environments.stack.ingest` lands
them: typed columns beside the whole record in `_payload`, one row a key. `raw.stripe_events` has the events of
subscriptions since the company began, as a warehouse has them that read the events every day; Stripe itself forgets
them after 30 days. Of the product's events the last `days` are there, with the copies that were sent without an id.
The CRM is the sales person's sheet, each cell as text, with the number of its row.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import orjson

from datasets.crm import spreadsheet
from datasets.mess import Mess
from datasets.product import DAYS, Product
from datasets.world import NOW, World
from environments.stack.ingest import amplitude, mixpanel, stripe
from environments.stack.ingest.streams import Stream
from environments.stack.ingest.warehouse import Warehouse
from environments.stack.postgres_copy import copy_tables

SCHEMAS = ("raw", "staging", "marts")
EVENT_DAYS = 56  # of the product's events, before the world's end: eight weeks
STRIPE = ("customers", "products", "prices", "subscriptions", "invoices", "charges", "refunds", "disputes",
          "balance_transactions", "payouts")
SUBSCRIPTION_EVENTS = "customer.subscription."
# Ingestion runs at 06:00 UTC each day, and has what had been received by then.
NEXT_RUN = "date_trunc('day', {0} + interval 18 hours) + interval 6 hours"
RECEIVED = {"mixpanel_export": "make_timestamp(received_ms * 1000)", "amplitude_export": "server_upload_time",
            "stripe_events": "created"}
PRODUCTION = ("plans", "recipes", "households", "people", "subscriptions", "orders", "order_items")


@contextmanager
def opened(path: Path | str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse by its path, with the three schemas; made where there is none. LabsError where it is in use."""
    with Warehouse(path) as warehouse:
        con = warehouse.connection
        con.execute("drop schema ingest cascade; set timezone = 'UTC'")
        for schema in SCHEMAS:
            con.execute(f"create schema if not exists {schema}")
        yield con


def land(world: World, path: Path | str, days: int = EVENT_DAYS, loaded_at: datetime = NOW) -> Path:
    """Fill the raw schema of the warehouse at this path from a world; what was there of it is replaced.

    `days` of the product's events; `loaded_at` is when production, Stripe and the CRM were read last. About a second
    for 20 households, and three quarters of it are events.
    """
    with opened(path) as con:
        land_world(con, world, loaded_at)
    land_vendors(path, world, days, loaded_at)
    return Path(path)


def land_production(con: duckdb.DuckDBPyConnection, server, tables: tuple[str, ...] = PRODUCTION,
                    loaded_at: datetime | None = None) -> dict[str, int]:
    """Copy production's tables from a PostgreSQL server, such as the standby, in one snapshot; rows by table."""
    with server.connect() as source:
        return copy_tables(source, con, {name: f"raw.production_{name}" for name in tables}, _utc(loaded_at))


def land_world(con: duckdb.DuckDBPyConnection, world: World, loaded_at: datetime = NOW) -> None:
    """The same tables straight from a world, without a server."""
    for name, frame in world.tables().items():
        con.register("frame", frame)
        con.execute(f"create or replace table raw.production_{name} as select *, ? as _loaded_at from frame",
                    [_utc(loaded_at)])
        con.unregister("frame")


def land_vendors(path: Path | str, world: World, days: int = EVENT_DAYS, loaded_at: datetime = NOW) -> None:
    """Stripe, Mixpanel, Amplitude and the CRM of a world, as ingestion lands them."""
    with tempfile.TemporaryDirectory() as folder, Warehouse(path) as warehouse:
        con = warehouse.connection
        con.execute("create schema if not exists raw; set timezone = 'UTC'")
        for stream, lines in _records(world, days):
            file = Path(folder) / "lines"
            with file.open("wb") as out:
                out.writelines(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
            con.execute(f"drop table if exists {stream.table}")
            warehouse.merge(stream, file)
            when = NEXT_RUN.format(RECEIVED[stream.name]) if stream.name in RECEIVED else "$now"
            con.execute(f"update {stream.table} set _loaded_at = least({when}, $now)", {"now": _utc(loaded_at)})
        _crm(con, world, loaded_at)
        con.execute("drop schema ingest cascade")


def _records(world: World, days: int) -> Iterator[tuple[Stream, Iterator[dict]]]:
    yield from _stripe(world)
    product = Product(world)
    last = product.days[max(0, DAYS - days):]
    yield _raw(mixpanel.EVENTS), _website(product, last)
    yield _raw(amplitude.EVENTS), _apps(product, last)


def _stripe(world: World) -> Iterator[tuple[Stream, Iterator[dict]]]:
    from environments.saas.app import Keys, State
    from environments.saas.clock import Clock
    from environments.saas.log import Log
    from environments.saas.stripe.resources import RESOURCES
    from environments.saas.stripe.store import Store

    store = Store(State(world, Clock.fixed(), Log(), Keys.drawn()))
    for name in STRIPE:
        yield _raw(stripe.STREAMS[name]), map(store.shown, store.ids[RESOURCES[name].kind])
    told = (at for at in store.told if store.log[at].event.startswith(SUBSCRIPTION_EVENTS))
    yield _raw(stripe.STREAMS["events"]), map(store.event, told)


def _website(product: Product, days: range) -> Iterator[dict]:
    from environments.saas.mixpanel_events import records

    mess = Mess(product)
    for messy in (messy for day in days for messy in mess.batches(day)):
        yield from records(product, messy.where(messy.events.of("web")), 0)


def _apps(product: Product, days: range) -> Iterator[dict]:
    from environments.saas.amplitude_events import records

    mess = Mess(product)
    for messy in (messy for day in days for messy in mess.batches(day)):
        # A phone's copy with the same insert id is dropped by Amplitude itself.
        yield from records(product, messy.where(~messy.events.of("web") & (messy.copy != 1)), 0)


def _raw(stream: Stream) -> Stream:
    return replace(stream, source="raw", name=f"{stream.source}_{stream.name}")


def _crm(con: duckdb.DuckDBPyConnection, world: World, loaded_at: datetime) -> None:
    """The sheet: names as a database likes them, and `row`, counted from 0."""
    sheet = spreadsheet(world)
    sheet.columns = [str(name).lower().replace(" ", "_") for name in sheet]
    sheet.insert(0, "row", range(len(sheet)))
    con.register("sheet", sheet)
    texts = ", ".join(f'cast("{name}" as varchar) as "{name}"' for name in sheet.columns[1:])
    con.execute(f'create or replace table raw.crm_contacts as select cast("row" as bigint) as "row", {texts}, '
                "? as _loaded_at from sheet", [_utc(loaded_at)])
    con.unregister("sheet")


def _utc(moment: datetime | None) -> datetime:
    return (moment or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
