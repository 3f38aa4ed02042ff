"""What a list leaves out: the rows that do not refer to what was asked for, and the values that fail a test."""

import re
from collections.abc import Callable, Iterator

from environments.saas.stripe.errors import StripeError, missing
from environments.saas.stripe.params import between, flag, listed
from environments.saas.stripe.resources import Resource
from environments.saas.stripe.store import Store

TYPES_AT_MOST = 20
# Filters by an object's id, each called as its kind is; and `source`, which is of any.
BY_ID = ("charge", "customer", "invoice", "payment_intent", "payout", "price", "product", "source", "subscription")
Test = Callable[[dict], bool]


def check_ids(store: Store, params: dict) -> None:
    """Raises StripeError for a filter by an object that never was, as Stripe does
    (https://github.com/dubinc/dub/pull/4352, read on 2026-11-30): an empty list would say that there is one, and
    nothing of it. Deleted ones have been."""
    for name in BY_ID:
        if name in params and store.kind.get(params[name]) not in ((name,) if name != "source" else store.ids):
            raise missing(name, params[name], name, 400)


def rows_of(store: Store, resource: Resource, params: dict) -> list[int] | None:
    """The rows that fit every reference that is asked for; None for all."""
    asked = [(name, params[name]) for name in resource.references if name in params]
    found = [set(store.positions(resource.kind, name, value)) for name, value in asked]
    if resource.kind == "balance_transaction" and "payout" in params:
        found.append(_paid_out(store, params["payout"]))
    return sorted(set.intersection(*found)) if found else None


def _paid_out(store: Store, payout: str) -> set[int]:
    """What a payout consists of, with its own line, which takes all of it off the balance."""
    lines = store.values[payout]["lines"] if store.kind.get(payout) == "payout" else []
    return {store.row(id) for id in lines}


def tests_of(resource: Resource, params: dict) -> Iterator[Test]:
    """One for each other filter that is asked for."""
    params = params | {"currency": _currency(params["currency"])} if "currency" in params else params
    if any(name in params and params[name] != value for name, value in resource.same.items()):
        yield lambda v: False
    for name in resource.equals:
        if name in params:
            yield _is(name, params[name])
    for name in resource.flags:
        if name in params:
            yield _is(name, flag(params, name))
    for name in resource.ranges:
        if name in params:
            yield _lies(name, *between(params, name))
    if "ids" in params:
        ids = set(listed(params["ids"]))
        yield lambda v: v["id"] in ids
    yield from OF_KIND[resource.kind](params) if resource.kind in OF_KIND else ()


def _currency(given: str) -> str:
    if not re.fullmatch("[a-z]{3}", given.lower()):
        raise StripeError(400, f"Invalid currency: {given[:20]}", param="currency")
    return given.lower()


def _is(name: str, value) -> Test:
    return lambda v: v.get(name) == value


def _lies(name: str, first: int, last: int) -> Test:
    return lambda v: first <= v[name] <= last


def _of_invoice_items(params: dict) -> Iterator[Test]:
    """Whether they wait for a bill."""
    pending = flag(params, "pending")
    if pending is not None:
        yield lambda v: (v["invoice"] is None) is pending


def _of_prices(params: dict) -> Iterator[Test]:
    """Every price of Teaspoon's is billed by the month, whatever was used."""
    if any(params.get("recurring", {}).get(name, value) != value for name, value in RECURRING.items()):
        yield lambda v: False


def _of_subscriptions(params: dict) -> Iterator[Test]:
    """Without a status, those that have ended are left out. No tax is worked out for any."""
    status, price = params.get("status"), params.get("price")
    if flag(params.get("automatic_tax", {}), "enabled"):
        yield lambda v: False
    if not status:
        yield lambda v: v["status"] not in ENDED
    elif status != "all":
        yield lambda v: v["status"] == status or (status == "ended" and v["status"] in ENDED)
    if price:
        yield lambda v: any(item["price"] == price for item in v["items"])


OF_KIND = {"subscription": _of_subscriptions, "invoiceitem": _of_invoice_items, "price": _of_prices}
ENDED = ("canceled", "incomplete_expired")
RECURRING = {"interval": "month", "usage_type": "licensed"}


def types_of(params: dict) -> Callable[[str], bool]:
    """Which types of events are asked for."""
    single, several = params.get("type"), listed(params.get("types"))
    if single and several:
        raise StripeError(400, "You may only specify one of these parameters: type, types.", param="type")
    if len(several) > TYPES_AT_MOST:
        raise StripeError(400, f"Array must have at most {TYPES_AT_MOST} elements.", param="types")
    return matching([single] if single else several) if single or several else lambda type: True


def matching(wanted: list[str]) -> Callable[[str], bool]:
    """Whether a type of events is one of these, of which some may end in `*`."""
    exact = {type for type in wanted if not type.endswith("*")}
    begins = tuple(type[:-1] for type in wanted if type.endswith("*"))
    return lambda type: type in exact or (bool(begins) and type.startswith(begins))
