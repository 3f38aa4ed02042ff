"""What a list leaves out: the rows that do not refer to what was asked for, and the values that fail a test."""

from collections.abc import Callable, Iterator

from environments.saas.stripe.errors import StripeError
from environments.saas.stripe.params import between, flag, listed, text
from environments.saas.stripe.resources import Resource
from environments.saas.stripe.store import Store

TYPES_AT_MOST = 20
Test = Callable[[dict], bool]


def rows_of(store: Store, resource: Resource, params: dict) -> list[int] | None:
    """The rows that fit every reference that is asked for; None for all."""
    asked = [(name, text(params, name)) for name in resource.references if params.get(name)]
    found = [set(store.positions(resource.kind, name, value)) for name, value in asked]
    if resource.kind == "balance_transaction" and params.get("payout"):
        found.append(_paid_out(store, text(params, "payout")))
    return sorted(set.intersection(*found)) if found else None


def _paid_out(store: Store, payout: str) -> set[int]:
    """What a payout consists of, with its own line, which takes all of it off the balance."""
    lines = store.values[payout]["lines"] if store.kind.get(payout) == "payout" else []
    return {store.row(id) for id in lines}


def tests_of(resource: Resource, params: dict) -> Iterator[Test]:
    """One for each other filter that is asked for. Raises StripeError where a value is none that a filter takes."""
    if any(params.get(name) not in (None, "", value) for name, value in resource.same.items()):
        yield lambda v: False
    for name in resource.equals:
        if value := text(params, name):
            yield _is(name, value)
    for name in resource.flags:
        if (value := flag(params, name)) is not None:
            yield _is(name, value)
    for name in resource.ranges:
        if name in params:
            yield _lies(name, *between(params, name))
    if ids := set(map(str, listed(params.get("ids")))):
        yield lambda v: v["id"] in ids
    yield from OF_KIND[resource.kind](params) if resource.kind in OF_KIND else ()


def _is(name: str, value) -> Test:
    return lambda v: v.get(name) == value


def _lies(name: str, first: int, last: int) -> Test:
    return lambda v: first <= v[name] <= last


def _of_invoice_items(params: dict) -> Iterator[Test]:
    """Whether they wait for a bill."""
    pending = flag(params, "pending")
    if pending is not None:
        yield lambda v: (v["invoice"] is None) is pending


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


OF_KIND = {"subscription": _of_subscriptions, "invoiceitem": _of_invoice_items}
ENDED = ("canceled", "incomplete_expired")
STATUSES = ("active", "past_due", "unpaid", "canceled", "incomplete", "incomplete_expired", "trialing", "paused", "ended")


def types_of(params: dict) -> Callable[[str], bool]:
    """Which types of events are asked for. None was ever delivered in vain: there is nowhere to deliver them to."""
    if flag(params, "delivery_success") is False:
        return lambda type: False
    one, several = text(params, "type"), listed(params.get("types"))
    if one and several:
        raise StripeError(400, "You may only specify one of these parameters: type, types.", param="type")
    if len(several) > TYPES_AT_MOST:
        raise StripeError(400, f"Array must have at most {TYPES_AT_MOST} elements.", param="types")
    wanted = [str(one)] if one else [str(type) for type in several]
    exact = {type for type in wanted if not type.endswith("*")}
    begins = tuple(type[:-1] for type in wanted if type.endswith("*"))
    return lambda type: not wanted or type in exact or (bool(begins) and type.startswith(begins))
