"""Lists: newest first, a page at a time, by cursor, filtered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import orjson

from environments.saas.stripe.errors import StripeError, missing
from environments.saas.stripe.params import between, flag, listed, text, whole
from environments.saas.stripe.store import Store

LIMIT = (1, 100)
DEFAULT_LIMIT = 10
TYPES_AT_MOST = 20

Test = Callable[[dict], bool]


@dataclass(frozen=True)
class Resource:
    """One list: its path below /v1/, the kind of its objects, what errors call one, and what it can be filtered by.

    `references` are filters by an object's id, `equals` by a value, `flags` by a boolean.
    """

    path: str
    kind: str
    noun: str
    references: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    needs: str = ""  # a filter without which it does not answer
    as_kind: str = ""  # the shape in which its objects are shown, where that is not their own


RESOURCES = {one.path: one for one in (
    Resource("accounts", "account", "account"),
    Resource("customers", "customer", "customer", equals=("email",)),
    Resource("products", "product", "product", flags=("active",)),
    Resource("prices", "price", "price", ("product",), ("currency",), ("active",)),
    Resource("plans", "price", "plan", ("product",), flags=("active",), as_kind="plan"),
    Resource("subscriptions", "subscription", "subscription", ("customer",)),
    Resource("subscription_items", "subscription_item", "subscription_item", ("subscription",), needs="subscription"),
    Resource("invoices", "invoice", "invoice", ("customer", "subscription"), ("status",)),
    Resource("invoiceitems", "invoiceitem", "invoiceitem", ("customer",), ("invoice",)),
    Resource("charges", "charge", "charge", ("customer", "payment_intent")),
    Resource("payment_intents", "payment_intent", "payment_intent", ("customer",)),
    Resource("refunds", "refund", "refund", ("charge", "payment_intent")),
    Resource("disputes", "dispute", "dispute", ("charge", "payment_intent")),
    Resource("balance_transactions", "balance_transaction", "balance transaction", ("source",), ("type", "currency")),
    Resource("payouts", "payout", "payout", equals=("status",)),
)}


@dataclass(frozen=True)
class Asked:
    """What a request asks of a list. `created` are the first and the last second, both included."""

    limit: int
    after: str | None
    before: str | None
    created: tuple[int, int]

    @classmethod
    def of(cls, params: dict) -> "Asked":
        """Raises StripeError where a value is none that a list takes."""
        limit = whole(params, "limit")
        if limit is not None and not LIMIT[0] <= limit <= LIMIT[1]:
            side, edge = ("greater", LIMIT[0]) if limit < LIMIT[0] else ("less", LIMIT[1])
            raise StripeError(400, f"This value must be {side} than or equal to {edge} (it currently is '{limit}').", "parameter_invalid_integer",
                              "limit")
        after, before = text(params, "starting_after"), text(params, "ending_before")
        if after and before:
            raise StripeError(400, "You may only specify one of these parameters: starting_after, ending_before.")
        return cls(DEFAULT_LIMIT if limit is None else limit, after or None, before or None, between(params))


@dataclass(frozen=True)
class Page:
    """One page: the ids of its objects, newest first, and whether there are more in the direction of travel."""

    ids: list
    has_more: bool


def page(store: Store, resource: Resource, params: dict) -> Page:
    """What a list answers. Raises StripeError."""
    asked, kind = Asked.of(params), resource.kind
    if resource.needs and not params.get(resource.needs):
        raise StripeError(400, f"Missing required param: {resource.needs}.", "parameter_missing", resource.needs)
    ids, (low, high) = store.ids[kind], store.within(kind, *asked.created)
    rows = _rows(store, resource, params)
    tests = list(_tests(resource, params, store))

    def cursor(id: str, param: str) -> int:
        if store.kind.get(id) != kind:
            raise missing(resource.noun, id, param, 400)
        return _position(store, kind, id)

    low = max(low, cursor(asked.before, "ending_before") + 1) if asked.before else low
    high = min(high, cursor(asked.after, "starting_after")) if asked.after else high
    found = _walk(rows, low, high, upwards=bool(asked.before))
    if tests:
        found = (row for row in found if all(test(store.values[ids[row]]) for test in tests))
    return _cut([ids[row] for row in _some(found, asked.limit + 1)], asked)


def event_page(store: Store, params: dict) -> Page:
    """The same for events, whose ids are positions in the log."""
    asked, wanted = Asked.of(params), _types(params)
    positions, moments = store.events()
    names = {store.event_id(position): row for row, position in enumerate(positions)} if asked.after or asked.before else {}

    def cursor(id: str, param: str) -> int:
        if id not in names:
            raise missing("event", id, param, 400)
        return names[id]

    first, last = asked.created
    low = cursor(asked.before, "ending_before") + 1 if asked.before else 0
    high = cursor(asked.after, "starting_after") if asked.after else len(positions)
    found = (positions[row] for row in _walk(None, low, high, upwards=bool(asked.before))
             if first <= moments[row] <= last and wanted(store.log[positions[row]].event))
    return _cut(_some(found, asked.limit + 1), asked)


def _cut(found: list, asked: Asked) -> Page:
    ids = found[:asked.limit]
    return Page(ids[::-1] if asked.before else ids, len(found) > asked.limit)


def _some(found: Iterator, most: int) -> list:
    return [one for one, _ in zip(found, range(most))]


def _walk(rows: list[int] | None, low: int, high: int, upwards: bool) -> Iterator[int]:
    """Positions from low up to but not with high, newest first, or upwards; of all objects or of these rows alone."""
    order = range(low, high) if rows is None else [row for row in rows if low <= row < high]
    return iter(order) if upwards else reversed(order)


def _position(store: Store, kind: str, id: str) -> int:
    created = store.values[id].get("created", store.log[store.history[id][0]].at)
    low, high = store.within(kind, created, created)
    return store.ids[kind].index(id, low, high)


def _rows(store: Store, resource: Resource, params: dict) -> list[int] | None:
    """The rows that fit every reference that is asked for; None for all."""
    asked = [(name, text(params, name)) for name in resource.references if params.get(name)]
    found = [set(store.positions(resource.kind, name, value)) for name, value in asked]
    return sorted(set.intersection(*found)) if found else None


def _tests(resource: Resource, params: dict, store: Store) -> Iterator[Test]:
    """One for each other filter that is asked for."""
    for name in resource.equals:
        if value := text(params, name):
            yield lambda v, name=name, value=value: (v.get(name) or "usd") == value if name == "currency" else v.get(name) == value
    for name in resource.flags:
        value = flag(params, name)
        if value is not None:
            yield lambda v, name=name, value=value: v[name] is value
    ids = set(listed(params.get("ids")))
    if ids:
        yield lambda v: v["id"] in ids
    if resource.kind == "subscription":
        yield from _of_subscriptions(params)


def _of_subscriptions(params: dict) -> Iterator[Test]:
    """Without a status, those that have ended are left out."""
    status, price = text(params, "status"), text(params, "price") or text(params, "plan")
    if status not in (None, "", "all", *STATUSES):
        raise StripeError(400, f"Invalid status: must be one of {', '.join(('all', *STATUSES))}", param="status")
    if not status:
        yield lambda v: v["status"] not in ENDED
    elif status != "all":
        yield lambda v: v["status"] == status or (status == "ended" and v["status"] in ENDED)
    if price:
        yield lambda v: any(item["price"] == price for item in v["items"])


ENDED = ("canceled", "incomplete_expired")
STATUSES = ("active", "past_due", "unpaid", "canceled", "incomplete", "incomplete_expired", "trialing", "paused", "ended")


def _types(params: dict) -> Callable[[str], bool]:
    one, several = text(params, "type"), listed(params.get("types"))
    if one and several:
        raise StripeError(400, "You may only specify one of these parameters: type, types.", param="type")
    if len(several) > TYPES_AT_MOST:
        raise StripeError(400, f"Array must have at most {TYPES_AT_MOST} elements.", param="types")
    wanted = [str(one)] if one else [str(type) for type in several]
    exact = {type for type in wanted if not type.endswith("*")}
    begins = tuple(type[:-1] for type in wanted if type.endswith("*"))
    return lambda type: not wanted or type in exact or (bool(begins) and type.startswith(begins))


def body(url: str, parts: list[bytes], has_more: bool) -> bytes:
    """A list as JSON, put together from objects that are JSON already."""
    head = orjson.dumps({"object": "list", "url": url, "has_more": has_more})
    return head[:-1] + b',"data":[' + b",".join(parts) + b"]}"
