"""Stripe: everything once from its lists, then what changed from its events.

A list filtered by `created` never shows an old charge that was refunded; the events do, as objects as they became.
The events are kept for 30 days (https://docs.stripe.com/api/events, read 2026-11): a run finds the last event it has
seen, and where that is gone, so may be others, and the lists are read again. No clock of ours has a part in this.
"""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

import orjson

from environments.stack.ingest import gaps
from environments.stack.ingest.errors import IngestError, KeyRefused
from environments.stack.ingest.http import Client, Patience
from environments.stack.ingest.report import LoadReport
from environments.stack.ingest.streams import Stream, columns
from environments.stack.ingest.warehouse import Warehouse

VERSION = "2023-08-16"  # of the API; without it an upgrade of the account would change what we get
PAGE_SIZE = 100         # objects a page
LOOK_BACK = 3600        # seconds of events that are read again, as one may become visible late
LATE = 3 * 86_400       # the same for lists that are followed by `created`

_COLUMNS = {
    "accounts": "id:text! country:text email:text default_currency:text",
    "customers": "id:text! created:seconds! email:text name:text currency:text delinquent:boolean metadata:json",
    "products": "id:text! created:seconds! name:text! active:boolean!",
    "prices": "id:text! created:seconds! product:text! active:boolean! currency:text! unit_amount:integer type:text! "
    "recurring:json",
    "subscriptions": "id:text! created:seconds! customer:text! status:text! currency:text! start_date:seconds! "
    "current_period_start:seconds! current_period_end:seconds! cancel_at_period_end:boolean! "
    "canceled_at:seconds ended_at:seconds",
    "subscription_items": "id:text! created:seconds! subscription:text! price:text!=price.id quantity:integer",
    "invoices": "id:text! created:seconds! customer:text subscription:text charge:text status:text currency:text! "
    "paid:boolean! amount_due:integer! amount_paid:integer! total:integer! period_start:seconds! period_end:seconds!",
    "invoice_items": "id:text! date:seconds! customer:text! invoice:text amount:integer! currency:text! "
    "proration:boolean!",
    "charges": "id:text! created:seconds! customer:text invoice:text payment_intent:text balance_transaction:text "
    "status:text! paid:boolean! refunded:boolean! disputed:boolean! amount:integer! amount_captured:integer! "
    "amount_refunded:integer! currency:text!",
    "payment_intents": "id:text! created:seconds! customer:text status:text! amount:integer! currency:text! "
    "latest_charge:text",
    "refunds": "id:text! created:seconds! charge:text payment_intent:text status:text reason:text amount:integer! "
    "currency:text! balance_transaction:text",
    "disputes": "id:text! created:seconds! charge:text! status:text! reason:text! amount:integer! currency:text!",
    "balance_transactions": "id:text! created:seconds! available_on:seconds! source:text type:text! "
    "reporting_category:text! status:text! amount:integer! fee:integer! net:integer! currency:text!",
    "payouts": "id:text! created:seconds! arrival_date:seconds! status:text! amount:integer! currency:text! "
    "balance_transaction:text",
    "events": "id:text! created:seconds! type:text! object:text=data.object.id",
}
STREAMS = {name: Stream("stripe", name, columns(text), ("id",)) for name, text in _COLUMNS.items()}
# What an event's object calls itself, where that is not the stream's name in the singular.
OBJECTS = {"invoiceitem": "invoice_items"} | {
    name.removesuffix("s"): name for name in STREAMS if name not in ("events", "invoice_items")
}
PATHS = {"invoice_items": "/v1/invoiceitems"}
MORE = {"subscriptions": {"status": "all"}}  # canceled ones are left out otherwise
# No event tells of every one of these, so their lists are followed as well: new ones by `created`, or all, where few.
BY_CREATED, ALWAYS = ("refunds", "balance_transactions"), ("accounts",)
INSIDE = ("subscription_items",)  # come with their subscriptions; their own list is one request for each of those
ITEMS_GONE = """
    update stripe.subscription_items i set _deleted = true from stripe.subscriptions s where i.subscription = s.id
    and not i._deleted and not list_contains(json_extract_string(s._payload, '$.items.data[*].id'), i.id)"""
LISTED = tuple(name for name in STREAMS if name not in ("events", *INSIDE))


def client(base_url: str, api_key: str, patience: Patience = Patience()) -> Client:
    return Client(
        "Stripe", base_url, None, api_key, {"Authorization": f"Bearer {api_key}", "Stripe-Version": VERSION}, patience
    )


def objects(api: Client, path: str, params: dict | None = None, page: int = PAGE_SIZE) -> Iterator[dict]:
    """A whole list, newest first, by cursor: what is added in the meantime moves nothing."""
    params = {"limit": page} | (params or {})
    while True:
        answer = api.json(path, params)
        yield from answer["data"]
        if not answer["has_more"]:
            return
        params = params | {"starting_after": answer["data"][-1]["id"]}


def sync(
    api: Client, warehouse: Warehouse, page: int = PAGE_SIZE, streams: tuple[str, ...] = tuple(STREAMS)
) -> LoadReport:
    """Bring these streams up to date.

    KeyRefused stops all; what else fails is in the report, and the other streams go on.
    """
    with tempfile.TemporaryDirectory() as folder:
        return StripeRun(api, warehouse, page, streams, Path(folder)).go()


class StripeRun:
    """One run over all streams."""

    def __init__(self, api: Client, warehouse: Warehouse, page: int, streams: tuple[str, ...], folder: Path):
        self.api, self.warehouse, self.page, self.streams = api, warehouse, page, streams
        self.report, self.files = LoadReport(), Files(folder)
        self.states = {name: warehouse.state(STREAMS[name]) for name in streams if name not in INSIDE}
        self.newest: dict | None = None  # the last event there was when the run began
        self.met: set[str] = set()       # of the events that states name, those that are still kept
        self.held: set[str] = set()      # streams with records in quarantine: they stay where they are

    def go(self) -> LoadReport:
        try:
            if self._alone("events", self._events):  # without it nobody knows what else is due
                for name in [name for name in self.states if name in LISTED]:
                    self._alone(name, partial(self._listed, name))
                self._gaps()
        finally:
            self.report.requests["stripe"] = self.api.requests
        return self.report

    def _alone(self, name: str, action: Callable[[], None]) -> bool:
        """Whether it was done. A stream's own failure is its own; a key that is refused is everyone's."""
        try:
            action()
        except KeyRefused:
            raise
        except IngestError as e:
            self.report.failed(STREAMS[name], e)
            return False
        return True

    # Changes

    def _events(self) -> None:
        """Read the events since the oldest state, and load all that they say in one transaction."""
        named = {state["event"] for state in self.states.values() if state.get("event")}
        for number, event in enumerate(objects(self.api, "/v1/events", self._since(), self.page)):
            self.newest = self.newest or event
            self.met |= named & {event["id"]}
            self.files.put("events", event, event["created"], -number)
            self._object(event, -number)
        with self.warehouse.transaction():
            for name in self.files.names():
                self._merge(name)
            for name in self._following():
                self._remember(name, {})
            self._remember("events", {})

    def _since(self) -> dict:
        moments = [self.states[name].get("created", 0) for name in {"events", *self._followed()} & set(self.states)]
        return {"created[gte]": max(0, min(moments) - LOOK_BACK)} if moments and min(moments) else {}

    def _followed(self) -> list[str]:
        """Streams that were loaded whole before."""
        return [name for name, state in self.states.items() if state.get("event")]

    def _following(self) -> list[str]:
        """Those of them for which no event can have been missed."""
        return [name for name in self._followed() if name != "events" and self.states[name]["event"] in self.met]

    def _object(self, event: dict, order: int) -> None:
        """What the event is about, as it became; kept where its stream is followed, else its list will say."""
        thing = event["data"]["object"]
        name = OBJECTS.get(thing.get("object"), "")
        if name in self._followed():
            self.files.put(name, thing, event["created"], order, deleted=event["type"] == f"{thing['object']}.deleted")

    # Lists

    def _listed(self, name: str) -> None:
        state = self.states[name]
        params: dict[str, str | int] = {**MORE.get(name, {})}
        whole = name not in self._following()
        if not whole and name not in (*BY_CREATED, *ALWAYS):
            return
        if not whole and name in BY_CREATED:
            params["created[gte]"] = max(0, state.get("latest", 0) - LATE)
        latest = state.get("latest", 0)
        self.files.empty(name)
        for thing in objects(self.api, PATHS.get(name, f"/v1/{name}"), params, self.page):
            latest = max(latest, thing.get("created", 0))
            self.files.put(name, thing, self._now(), 0)
        with self.warehouse.transaction():
            self._merge(name)
            self._remember(name, {"latest": latest})

    def _gaps(self) -> None:
        """A list that lacks what others name is read again on the next run;
        what is lacking then as well does not exist."""
        loaded = {name: STREAMS[name] for name in self.states if f"stripe.{name}" not in self.report.failures}
        for name in loaded:
            missing = gaps.missing(self.warehouse, loaded, name, self._now())
            state = self.warehouse.state(STREAMS[name])
            if missing and missing != state.get("missing"):
                self.warehouse.remember(STREAMS[name], {"missing": missing})
                self.report.failed(STREAMS[name], IngestError(
                    f"{missing} {name.replace('_', ' ')} are named by other objects, but Stripe did not list them.\n"
                    "It may be late with them: the whole list is read again on the next run."))

    def _now(self) -> int:
        """The version of what lists say: not older than any event of this run."""
        return self.newest["created"] if self.newest else 0

    # Loading

    def _merge(self, name: str) -> None:
        if name not in self.streams:
            return
        file = self.files.closed(name)
        counts = self.warehouse.merge(STREAMS[name], file, wrapped=True)
        self.report.add(STREAMS[name], counts)
        if counts.quarantined:
            self.held.add(name)
            self.report.quarantined(self.warehouse, STREAMS[name])
        if name == "subscriptions" and INSIDE[0] in self.streams:
            self._items(file)

    def _items(self, file: Path) -> None:
        """Subscriptions' items, a row each; one that its subscription no longer has counts as deleted."""
        name = INSIDE[0]
        with file.open("rb") as lines:
            for record in map(orjson.loads, lines):
                for item in record["payload"].get("items", {}).get("data", ()):
                    self.files.put(name, item, record["version"], record["order"])
        self.report.add(STREAMS[name], self.warehouse.merge(STREAMS[name], self.files.closed(name), wrapped=True))
        self.warehouse.rows(ITEMS_GONE)

    def _remember(self, name: str, more: dict) -> None:
        if name in self.held or name not in self.states:
            return
        event = self.newest or {"created": 0, "id": None}
        self.warehouse.remember(
            STREAMS[name], self.states[name] | {"created": event["created"], "event": event["id"]} | more
        )


class Files:
    """Records on their way, a file of JSON lines for each stream, so that memory stays flat."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._open: dict[str, IO[bytes]] = {}

    def put(self, name: str, record: dict, version: int, order: int, deleted: bool = False) -> None:
        if name not in self._open:
            self._open[name] = self._file(name)
        self._open[name].write(
            orjson.dumps({"version": version, "order": order, "deleted": deleted, "payload": record}) + b"\n"
        )

    def names(self) -> list[str]:
        return list(self._open)

    def empty(self, name: str) -> None:
        self.closed(name).write_bytes(b"")

    def closed(self, name: str) -> Path:
        """The file, all written."""
        path = self._folder / f"{name}.jsonl"
        if name in self._open:
            self._open.pop(name).close()
        path.touch()
        return path

    def _file(self, name: str) -> IO[bytes]:
        return (self._folder / f"{name}.jsonl").open("ab", buffering=2**20)
