"""Lists: newest first, a page at a time, by cursor, filtered."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import orjson

from environments.saas.stripe.errors import StripeError, missing
from environments.saas.stripe.filters import ENDED, check_ids, rows_of, tests_of, types_of
from environments.saas.stripe.params import between, flag, whole
from environments.saas.stripe.resources import Resource
from environments.saas.stripe.store import Store

LIMIT = (1, 100)
DEFAULT_LIMIT = 10


@dataclass(frozen=True)
class ListParams:
    """What a request asks of a list. `created` are the first and the last second, both included."""

    limit: int
    after: str | None
    before: str | None
    created: tuple[int, int]

    @classmethod
    def of(cls, params: dict) -> "ListParams":
        """Raises StripeError where a value is none that a list takes."""
        limit = whole(params, "limit")
        if limit is not None and not LIMIT[0] <= limit <= LIMIT[1]:
            side, edge = ("greater", LIMIT[0]) if limit < LIMIT[0] else ("less", LIMIT[1])
            raise StripeError(
                400,
                f"This value must be {side} than or equal to {edge} (it currently is '{limit}').",
                "parameter_invalid_integer",
                "limit",
            )
        after, before = params.get("starting_after"), params.get("ending_before")
        if after and before:
            raise StripeError(
                400, "Received both starting_after and ending_before parameters. Please pass in only one."
            )
        return cls(DEFAULT_LIMIT if limit is None else limit, after, before, between(params))


@dataclass(frozen=True)
class Page:
    """One page: the ids of its objects, newest first, and whether there are more in the direction of travel."""

    ids: list
    has_more: bool


def page(store: Store, resource: Resource, params: dict) -> Page:
    """What a list answers. Raises StripeError."""
    asked, kind = ListParams.of(params), resource.kind
    check_ids(store, params)
    ids, (low, high) = store.ids[kind], store.within(kind, *asked.created)
    rows = rows_of(store, resource, params)
    tests = list(tests_of(resource, params))
    if store.gone:
        tests.append(lambda v: v["id"] not in store.gone)

    def cursor(id: str, param: str) -> int:
        if not _leads_on(store, kind, id, params):
            raise missing(resource.noun, id, param, 400)
        return store.row(id)

    low = max(low, cursor(asked.before, "ending_before") + 1) if asked.before else low
    high = min(high, cursor(asked.after, "starting_after")) if asked.after else high
    found = _walk(rows, low, high, upwards=bool(asked.before))
    if tests:
        found = (row for row in found if all(test(store.values[ids[row]]) for test in tests))
    return _cut([ids[row] for row in _some(found, asked.limit + 1)], asked)


def _leads_on(store: Store, kind: str, id: str, params: dict) -> bool:
    """Whether a list can go on from an object: not from one that was deleted, nor from a subscription that ended in the
    meantime where ended ones are not listed. Stripe then says that there is no such object:
    https://github.com/stripe/stripe-php/issues/1264 and https://github.com/stripe/stripe-node/issues/2368, read on
    2026-11-30."""
    if store.kind.get(id) != kind or id in store.gone:
        return False
    return kind != "subscription" or "status" in params or store.values[id]["status"] not in ENDED


def event_page(store: Store, params: dict) -> Page:
    """The same for events, whose ids are positions in the log."""
    asked, wanted = ListParams.of(params), types_of(params)
    positions, moments = store.events()

    def cursor(id: str, param: str) -> int:
        position = store.event_at(id)
        if position is None:
            raise missing("event", id, param, 400)
        return bisect_left(positions, position)

    first, last = asked.created
    delivered = flag(params, "delivery_success")
    low = cursor(asked.before, "ending_before") + 1 if asked.before else 0
    high = cursor(asked.after, "starting_after") if asked.after else len(positions)
    found = (positions[row] for row in _walk(None, low, high, upwards=bool(asked.before))
             if first <= moments[row] <= last and wanted(store.log[positions[row]].event)
             and delivered in (None, positions[row] not in store.undelivered))
    return _cut(_some(found, asked.limit + 1), asked)


def _cut(found: list, asked: ListParams) -> Page:
    ids = found[:asked.limit]
    return Page(ids[::-1] if asked.before else ids, len(found) > asked.limit)


def _some(found: Iterator, most: int) -> list:
    return list(islice(found, most))


def _walk(rows: list[int] | None, low: int, high: int, upwards: bool) -> Iterator[int]:
    """Positions from low up to but not with high, newest first, or upwards; of all objects or of these rows alone."""
    order = range(low, high) if rows is None else [row for row in rows if low <= row < high]
    return iter(order) if upwards else reversed(order)


def body(url: str, parts: list[bytes], has_more: bool) -> bytes:
    """A list as JSON, put together from objects that are JSON already."""
    head = orjson.dumps({"object": "list", "url": url, "has_more": has_more})
    return head[:-1] + b',"data":[' + b",".join(parts) + b"]}"
