"""What a client may write: customers, subscriptions, refunds, webhook endpoints.
A write is a list of changes, which the log then holds.

Subscriptions and refunds go through the same code as the generated past: a bill is paid, money moves, events are told.
What comes here has the types that Stripe demands, and nothing that is not SERVED: see checks.
"""

import re
from ipaddress import ip_address
from types import SimpleNamespace
from urllib.parse import urlsplit

from datasets.billing.customers import Customer
from datasets.billing.facts import Change, Facts, identity
from datasets.billing.invoices import Invoices
from datasets.billing.months import after
from datasets.billing.payments import Payment
from datasets.billing.prices import rounded
from datasets.shape import DAY, NEVER
from environments.saas.stripe.checks import ANY
from environments.saas.stripe.errors import StripeError, missing, not_served
from environments.saas.stripe.filters import ENDED
from environments.saas.stripe.params import flag, listed, whole
from environments.saas.stripe.shapes import VERSION
from environments.saas.stripe.store import Store

PERSONAL = ("email", "name", "phone", "description")
ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")
ABOUT = dict.fromkeys((*PERSONAL, "address", "metadata", "expand"), ANY)
# Of metadata: https://docs.stripe.com/api/metadata, read on 2026-11-30.
KEYS_AT_MOST, KEY_AT_MOST, VALUE_AT_MOST = 50, 40, 500
ENDPOINT = dict.fromkeys(("url", "enabled_events", "description", "metadata", "expand"), ANY)
# By route, the parameters that do something here: any value, or these alone, which mean what is done anyway.
SERVED: dict[str, dict] = {
    "POST /v1/customers": ABOUT,
    "POST /v1/customers/{id}": ABOUT,
    "POST /v1/subscriptions": {
        "customer": ANY,
        "items": {"price": ANY, "quantity": ("1",)},
        "trial_period_days": ANY,
        "metadata": ANY,
        "expand": ANY,
        "collection_method": ("charge_automatically",),
    },
    "POST /v1/subscriptions/{id}": {
        "items": {"id": ANY, "price": ANY, "quantity": ("1",)},
        "cancel_at_period_end": ANY,
        "pause_collection": ANY,
        "metadata": ANY,
        "proration_behavior": ("create_prorations", "none"),
        "expand": ANY,
        "collection_method": ("charge_automatically",),
    },
    "DELETE /v1/subscriptions/{id}": {"expand": ANY, "invoice_now": ("false",), "prorate": ("false",)},
    "POST /v1/refunds": dict.fromkeys(("charge", "payment_intent", "amount", "reason", "metadata", "expand"), ANY),
    "POST /v1/webhook_endpoints": ENDPOINT | {"api_version": (VERSION,), "connect": ("false",)},
    "POST /v1/webhook_endpoints/{id}": ENDPOINT | {"disabled": ANY},
}


class Draft(Facts):
    """Changes that one request makes, at one moment; `nonce` tells its objects from those of any other."""

    def __init__(self, seed: int, nonce: int):
        super().__init__(seed)
        self.nonce = nonce

    def id(self, kind: str, *key) -> str:
        return identity(self.seed, kind, "written", self.nonce, *key)

    def tell(self, at: int, kind: str, id: str, event: str, **values) -> None:
        self.changes.append(Change(at, kind, id, event, values))


def create_customer(store: Store, draft: Draft, at: int, params: dict) -> str:
    id = draft.id("customer")
    draft.tell(
        at,
        "customer",
        id,
        "customer.created",
        created=at,
        currency=None,
        delinquent=False,
        invoice_prefix=id[4:12].upper(),
        **({"metadata": {}} | _about(params, {})),
    )
    return id


def update_customer(store: Store, draft: Draft, at: int, params: dict, id: str) -> str:
    values = _about(params, store.values[id])
    if values:
        draft.tell(at, "customer", id, "customer.updated", **values)
    return id


def _about(params: dict, before: dict) -> dict:
    """The fields that are given; an empty one takes a value away."""
    found = {name: params[name] or None for name in PERSONAL if name in params}
    email = found.get("email")
    if email and not re.fullmatch(r"[^@\s]{1,255}@[^@\s]{1,255}", email):
        raise StripeError(400, f"Invalid email address: {email[:100]}", "email_invalid", "email")
    if "address" in params:
        given = params["address"]
        found["address"] = {name: given.get(name) or None for name in ADDRESS} if given else None
    return found | _metadata(params, before)


def _metadata(params: dict, before: dict) -> dict:
    if "metadata" not in params:
        return {}
    merged = before.get("metadata", {}) | params["metadata"] if params["metadata"] else {}
    merged = {name: value for name, value in merged.items() if value}
    for name, value in merged.items():
        for word, text, most in (("key", name, KEY_AT_MOST), ("value", value, VALUE_AT_MOST)):
            if len(text) > most:
                raise StripeError(
                    400,
                    f"Metadata {word}s can have up to {most} characters, but you passed in a {word} "
                    f"that is {len(text)} characters. Invalid {word}: {text[:100]}",
                    param=f"metadata[{name[:100]}]",
                )
    if len(merged) > KEYS_AT_MOST:
        raise StripeError(
            400, f"Metadata can have up to {KEYS_AT_MOST} keys, but you've set {len(merged)}.", param="metadata"
        )
    return {"metadata": merged}


def delete_customer(store: Store, draft: Draft, at: int, params: dict, id: str) -> str:
    """With the customer end its subscriptions, at once:
    https://docs.stripe.com/api/customers/delete, read on 2026-11-30."""
    for row in store.positions("subscription", "customer", id):
        subscription = store.ids["subscription"][row]
        if store.values[subscription]["status"] not in ENDED:
            cancel_subscription(store, draft, at, {}, subscription)
    draft.tell(at, "customer", id, "customer.deleted", deleted=True)
    return id


# Subscriptions

def create_subscription(store: Store, draft: Draft, at: int, params: dict) -> str:
    """A subscription to one price, begun and billed now, or after a trial."""
    customer, price = _known(store, params, "customer", "customer"), _price(store, params)
    if price is None:
        raise StripeError(400, "Missing required param: items.", "parameter_missing", "items")
    trial = whole(params, "trial_period_days") or 0
    if not 0 <= trial <= 730:
        raise StripeError(
            400,
            "Invalid trial_period_days: must be between 0 and 730",
            "parameter_invalid_integer",
            "trial_period_days",
        )
    life = _life(store, draft, customer, price)
    ends, bill = (at + trial * DAY if trial else after(at, 1)), draft.id("invoice", life.number, 1)
    draft.tell(at, "subscription_item", life.item, "", created=at, price=price, subscription=life.id)
    draft.tell(
        at,
        "subscription",
        life.id,
        "customer.subscription.created",
        created=at,
        customer=customer,
        currency=life.customer.currency,
        status="trialing" if trial else "active",
        billing_cycle_anchor=ends if trial else at,
        start_date=at,
        current_period_start=at,
        current_period_end=ends,
        trial_start=at if trial else None,
        trial_end=ends if trial else None,
        items=[{"id": life.item, "price": price}],
        latest_invoice=bill,
        cancel_at=None,
        canceled_at=None,
        ended_at=None,
        pause_collection=None,
        default_payment_method=life.customer.method,
        **({"metadata": {}} | _metadata(params, {})),
    )
    numbers = {customer: len(store.positions("invoice", "customer", customer))}
    Invoices(draft, numbers, []).first(life, bill, at, ends, 0 if trial else life.amount)
    if store.values[customer].get("currency") is None:
        draft.tell(at, "customer", customer, "customer.updated", currency=life.customer.currency)
    return life.id


def _life(store: Store, draft: Draft, customer: str, price: str):
    """What a bill needs to know of a subscription."""
    who, priced = store.values[customer], store.values[price]
    method = who.get("default_payment_method") or draft.id("payment_method")
    return SimpleNamespace(
        number="written",
        id=draft.id("subscription"),
        item=draft.id("subscription_item"),
        price=price,
        amount=priced["unit_amount"],
        end=NEVER,
        customer=Customer(customer, 0, priced["currency"], method),
    )


def update_subscription(store: Store, draft: Draft, at: int, params: dict, id: str) -> str:
    """Another price, an end announced or taken back, a pause, metadata."""
    before = store.values[id]
    if before["status"] == "canceled" and params.keys() - {"metadata", "expand"}:
        raise StripeError(400, "A canceled subscription can only update its cancellation_details and metadata.")
    _is_its_item(params, before)
    values = _metadata(params, before) | _end(params, before, at) | _pause(params)
    price = _price(store, params)
    if price and price != before["items"][0]["price"]:
        item = before["items"][0]["id"]
        values["items"] = [{"id": item, "price": price}]
        draft.tell(at, "subscription_item", item, "", price=price)
        if params.get("proration_behavior") != "none" and before["status"] != "trialing":
            _prorate(store, draft, at, before, price)
    if values:
        draft.tell(at, "subscription", id, "customer.subscription.updated", **values)
    return id


def _end(params: dict, before: dict, at: int) -> dict:
    asked = flag(params, "cancel_at_period_end")
    if asked is None:
        return {}
    return {
        "cancel_at_period_end": asked,
        "cancel_at": before["current_period_end"] if asked else None,
        "canceled_at": at if asked else None,
    }


def _pause(params: dict) -> dict:
    if "pause_collection" not in params:
        return {}
    given = params["pause_collection"]
    return {
        "pause_collection": {"behavior": given["behavior"], "resumes_at": whole(given, "resumes_at")} if given else None
    }


def _prorate(store: Store, draft: Draft, at: int, before: dict, price: str) -> None:
    """What is left of the period,
    given back at the old price and asked for at the new one: invoice items of the next bill."""
    start, end, item = before["current_period_start"], before["current_period_end"], before["items"][0]
    for sign, billed, word in ((-1, item["price"], "Unused time"), (1, price, "Remaining time")):
        amount = rounded(sign * store.values[billed]["unit_amount"], max(0, end - at), max(1, end - start))
        draft.tell(
            at,
            "invoiceitem",
            draft.id("invoiceitem", word),
            "invoiceitem.created",
            date=at,
            created=at,
            amount=amount,
            currency=before["currency"],
            customer=before["customer"],
            description=word,
            price=billed,
            proration=True,
            period={"start": at, "end": end},
            invoice=None,
            subscription=before["id"],
            subscription_item=item["id"],
            unit_amount=amount,
            metadata={},
        )


def cancel_subscription(store: Store, draft: Draft, at: int, params: dict, id: str) -> str:
    if store.values[id]["status"] == "canceled":
        raise missing("subscription", id, "id")
    draft.tell(at, "subscription", id, "customer.subscription.deleted", status="canceled", canceled_at=at, ended_at=at)
    return id


def _price(store: Store, params: dict) -> str | None:
    items = listed(params.get("items"))
    if len(items) > 1:
        raise not_served("more than one item", "a subscription", "items")
    given = items[0].get("price") if items else None
    if not given:
        return None
    if store.kind.get(given) != "price":
        raise missing("price", given, "items[0][price]", 400)
    return given


def _is_its_item(params: dict, before: dict) -> None:
    """A price without the id of an item would be a second item:
    https://docs.stripe.com/api/subscriptions/update, read on 2026-11-30."""
    for item in listed(params.get("items")):
        item_id = before["items"][0]["id"]
        if "id" not in item and item.get("price") not in (None, before["items"][0]["price"]):
            raise not_served(
                f"a second item (to change the price, send items[0][id]={item_id} with it)", "a subscription", "items"
            )
        if item.get("id", item_id) != item_id:
            raise missing("subscription_item", item["id"], "items[0][id]", 400)


def _known(store: Store, params: dict, name: str, kind: str) -> str:
    given = params.get(name)
    if not given:
        raise StripeError(400, f"Missing required param: {name}.", "parameter_missing", name)
    if store.kind.get(given) != kind or given in store.gone:
        raise missing(kind, given, name, 400)
    return given


# Refunds

def create_refund(store: Store, draft: Draft, at: int, params: dict) -> str:
    """Money back for a charge: a part, or what is left of it."""
    charge = _charge_of(store, params)
    charged = store.values[charge]
    left = charged["amount"] - charged["amount_refunded"]
    amount, reason = whole(params, "amount"), params.get("reason")
    if charged["status"] != "succeeded" or not left:
        raise StripeError(
            400,
            f"Charge {charge} has already been refunded."
            if charged["refunded"]
            else f"Charge {charge} did not succeed.",
            "charge_already_refunded" if charged["refunded"] else "charge_not_refundable",
        )
    if charged["disputed"]:
        raise StripeError(400, f"Charge {charge} has been charged back; cannot issue a refund.", "charge_disputed")
    if amount is not None and not 0 < amount <= left:
        raise StripeError(
            400,
            f"Refund amount ({amount}) is not between 1 and the unrefunded amount on charge ({left})",
            "parameter_invalid_integer" if amount < 1 else "amount_too_large",
            "amount",
        )
    payment = _payment(store, draft, charged)
    payment.refund(at, left if amount is None else amount, reason)
    id = draft.id("refund", "refund", 1)
    draft.changes = [
        change._replace(values=change.values | _metadata(params, {})) if change.id == id else change
        for change in draft.changes
    ]
    return id


def _charge_of(store: Store, params: dict) -> str:
    if not (params.get("charge") or params.get("payment_intent")):
        raise StripeError(
            400,
            "One of the following params should be provided for this request: payment_intent or charge.",
            "parameter_missing",
            "payment_intent",
        )
    charge = _known(store, params, "charge", "charge") if params.get("charge") else None
    if charge and params.get("payment_intent") in (None, "", store.values[charge]["payment_intent"]):
        return charge
    intent = _known(store, params, "payment_intent", "payment_intent")
    if charge:
        raise StripeError(400, f"Charge {charge} does not belong to PaymentIntent {intent}.", param="payment_intent")
    charge = store.values[intent]["latest_charge"]
    if not charge:
        raise StripeError(
            400, f"This PaymentIntent ({intent}) does not have a successful charge to refund.", "charge_not_refundable"
        )
    return charge


def _payment(store: Store, draft: Draft, charge: dict) -> Payment:
    """The payment that a charge is part of, as it stands."""
    payment = Payment(
        draft,
        Customer(charge["customer"], 0, charge["currency"], charge["payment_method"]),
        charge["amount"],
        ("refund",),
    )
    payment.id, payment.charge, payment.returned = charge["payment_intent"], charge["id"], charge["amount_refunded"]
    return payment


# Webhook endpoints

def create_endpoint(store: Store, draft: Draft, at: int, params: dict) -> str:
    id = draft.id("webhook_endpoint")
    draft.tell(at, "webhook_endpoint", id, "", created=at, status="enabled", api_version=params.get("api_version"),
               **({"metadata": {}, "description": None} | _endpoint(params, {})))
    return id


def update_endpoint(store: Store, draft: Draft, at: int, params: dict, id: str) -> str:
    values = _endpoint(params, store.values[id])
    if "disabled" in params:
        values["status"] = "disabled" if flag(params, "disabled") else "enabled"
    if values:
        draft.tell(at, "webhook_endpoint", id, "", **values)
    return id


def delete_endpoint(store: Store, draft: Draft, at: int, params: dict, id: str) -> str:
    draft.tell(at, "webhook_endpoint", id, "", deleted=True)
    return id


def _endpoint(params: dict, before: dict) -> dict:
    """The fields of an endpoint that are given."""
    found: dict = {"url": _loopback(params["url"])} if "url" in params else {}
    if "enabled_events" in params:
        found["enabled_events"] = listed(params["enabled_events"])
    if "description" in params:
        found["description"] = params["description"] or None
    return found | _metadata(params, before)


def _loopback(url: str) -> str:
    """The address of a receiver. Stripe refuses those that it cannot reach;
    what this simulator sends stays on this machine."""
    try:
        parts = urlsplit(url)
        near = parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
        known = (
            parts.scheme == "http" and parts.port != 0 and not parts.username and not re.search(r"[\s\x00-\x1f]", url)
        )
    except ValueError:
        near = known = False
    if not (near and known):
        raise StripeError(
            400,
            f"Invalid URL: {url[:100]}. This simulator delivers to this machine alone: give an address such as "
            "http://127.0.0.1:4242/webhook",
            "url_invalid",
            "url",
        )
    return url
