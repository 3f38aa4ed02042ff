"""Stripe's API as Teaspoon uses it, version 2023-08-16: https://docs.stripe.com/api, over one log (see store)."""

import base64
import binascii
import contextlib
import re
import secrets
from datetime import date
from functools import cached_property
from hashlib import sha256

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from datasets.shape import DAY
from environments.saas.app import State
from environments.saas.stripe import lists
from environments.saas.stripe.checks import check
from environments.saas.stripe.contract import beside, is_stripes, rules
from environments.saas.stripe.errors import StripeError, error, missing, not_served, request_id, unrecognized
from environments.saas.stripe.expand import expanded, paths
from environments.saas.stripe.filters import check_ids
from environments.saas.stripe.params import parsed
from environments.saas.stripe.resources import RESOURCES, Resource
from environments.saas.stripe.shapes import VERSION, line_item

__all__ = ["api", "error"]

# Lists of what Teaspoon has none of; connectors ask for them all the same.
EMPTY = (
    "application_fees", "checkout/sessions", "coupons", "credit_notes", "file_links", "files", "payment_links",
    "payment_methods", "promotion_codes", "quotes", "radar/early_fraud_warnings", "reviews", "setup_attempts",
    "setup_intents", "shipping_rates", "subscription_schedules", "tax_rates", "topups", "transfers",
    "issuing/authorizations", "issuing/cardholders", "issuing/cards", "issuing/transactions",
    "customers/{id}/balance_transactions", "customers/{id}/sources", "customers/{id}/payment_methods",
    "customers/{id}/bank_accounts", "customers/{id}/cards", "accounts/{id}/persons", "accounts/{id}/external_accounts",
    "subscription_items/{id}/usage_record_summaries",
)
REMEMBERED = DAY  # seconds for which an idempotency key is
KEY_AT_MOST = 255  # characters
FORM = "application/x-www-form-urlencoded"
WRITES = ("POST", "POST", "DELETE")  # make one, change it, delete it
# How versions of Stripe's API are called, https://docs.stripe.com/changelog, read on 2026-11-30.
# Those of today's names come every month.
VERSIONS = re.compile(
    r"20(1[1-9]|2\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(\.(acacia|basil|clover|dahlia|endive|preview))?"
)
NAMED_SINCE = "2024-09"  # versions have had a name


class Stripe:
    """What the routes do. The store is made when it is first needed."""

    def __init__(self, state: State, app: Starlette):
        self.state, self.app = state, app
        # Idempotency keys: print of the request, moment,
        # id of the object and position in the log, or the refusal and None.
        self.keys: dict[str, tuple] = {}

    @cached_property
    def store(self):
        from environments.saas.stripe.store import Store

        store = Store(self.state)
        position = len(store.log) - sum(len(entry["changes"]) for entry in self.state.log.entries("stripe"))
        for entry in self.state.log.entries("stripe"):
            position += len(entry["changes"])
            self._remember(entry, position - 1)
        self.__dict__["store"] = store
        self.webhooks.send()  # what was left when the simulator was stopped
        return store

    @cached_property
    def webhooks(self):
        from environments.saas.stripe.webhooks import Webhooks

        return Webhooks(self.store, self.app.state.api)

    def stop(self) -> None:
        """The application is made again: what it has not delivered is not delivered."""
        if "webhooks" in self.__dict__:
            self.webhooks.stop()

    # Reading

    def list(self, request: Request, params: dict, resource: Resource, **more) -> Response:
        params = params | more
        page, wanted = lists.page(self.store, resource, params), paths(params, of_list=True)
        if wanted:
            parts = [
                orjson.dumps(expanded(self.store, self.store.shown(id, resource.as_kind), wanted)) for id in page.ids
            ]
        else:
            parts = [self.store.bytes(id, resource.as_kind) for id in page.ids]
        return _json(lists.body(request.url.path, parts, page.has_more))

    def retrieve(self, request: Request, params: dict, resource: Resource) -> Response:
        id, wanted = self._known(request, resource), paths(params, of_list=False)
        return _json(orjson.dumps(expanded(self.store, self.store.shown(id, resource.as_kind), wanted)))

    def events(self, request: Request, params: dict) -> Response:
        page = lists.event_page(self.store, params)
        return _json(
            lists.body(request.url.path, [self.store.event_bytes(position) for position in page.ids], page.has_more)
        )

    def event(self, request: Request, params: dict) -> Response:
        id = request.path_params["id"]
        position = self.store.event_at(id)
        if position is None:
            raise missing("event", id, "id")
        return _json(self.store.event_bytes(position))

    def account(self, request: Request, params: dict) -> Response:
        """Teaspoon's own, whichever account's id is asked for:
        connectors are told one by hand, and there is no other."""
        id = request.path_params.get("id", self.store.account)
        if not id.startswith("acct_"):
            raise missing("account", id, "id")
        return _json(self.store.bytes(self.store.account))

    def balance(self, request: Request, params: dict) -> Response:
        now, lines = self.state.clock.now(), [self.store.values[id] for id in self.store.ids["balance_transaction"]]
        sums = {
            name: sum(v["net"] for v in lines if (v["available_on"] <= now) is (name == "available"))
            for name in ("available", "pending")
        }
        money = {
            name: [{"amount": amount, "currency": "usd", "source_types": {"card": amount}}]
            for name, amount in sums.items()
        }
        return _json(orjson.dumps({"object": "balance", "livemode": False} | money))

    def lines(self, request: Request, params: dict) -> Response:
        """The lines of one invoice: a list inside an object, paged like any other."""
        invoice = self.store.values[self._known(request, RESOURCES["invoices"])]
        asked, wanted = lists.ListParams.of(params), paths(params, of_list=True)
        rows = [line_item(line, invoice["currency"], self.store.values.__getitem__) for line in invoice["lines"]]
        names = [row["id"] for row in rows]
        for id, param in ((asked.after, "starting_after"), (asked.before, "ending_before")):
            if id and id not in names:
                raise missing("line_item", id, param, 400)
        first = names.index(asked.after) + 1 if asked.after else 0
        last = names.index(asked.before) if asked.before else len(rows)
        if asked.before:
            first = max(first, last - asked.limit)
        page = rows[first:last][:asked.limit]
        more = first > 0 if asked.before else first + len(page) < last
        return _json(
            lists.body(request.url.path, [orjson.dumps(expanded(self.store, row, wanted)) for row in page], more)
        )

    def refunds_of(self, request: Request, params: dict) -> Response:
        charge = self._known(request, RESOURCES["charges"])
        return self.list(request, params, RESOURCES["refunds"], charge=charge)

    def subscriptions_of(self, request: Request, params: dict) -> Response:
        customer = self._known(request, RESOURCES["customers"], alive=True)
        return self.list(request, params, RESOURCES["subscriptions"], customer=customer)

    def nothing(self, request: Request, params: dict) -> Response:
        asked = lists.ListParams.of(params)
        check_ids(self.store, params)
        if "id" in request.path_params:  # what there is nothing of must be there itself
            path = request.url.path.split("/")[2]
            self.account(request, {}) if path == "accounts" else self._known(request, RESOURCES[path], alive=True)
        if beside := asked.after or asked.before:
            raise missing("object", beside, "starting_after" if asked.after else "ending_before", 400)
        return _json(lists.body(request.url.path, [], False))

    def _known(self, request: Request, resource: Resource, alive: bool = False) -> str:
        """The id that a path names.
        A deleted customer can still be retrieved, anything else that was deleted cannot."""
        id = request.path_params["id"]
        if self.store.kind.get(id) != resource.kind or (
            id in self.store.gone and (alive or resource.kind != "customer")
        ):
            raise missing(resource.noun, id, "id")
        return id

    # Writing

    def write(self, request: Request, params: dict, does, resource: Resource) -> Response:
        """Carry out a write once, however often it comes with the same idempotency key."""
        from environments.saas.stripe.writes import Draft

        key, print_ = _key(request), _print(request, params)
        known = self.keys.get(key) if key else None
        if known and known[1] + REMEMBERED > self.state.clock.now():
            return self._again(request, known, print_, params)
        known_id = {"id": self._known(request, resource, alive=True)} if "id" in request.path_params else {}
        draft = Draft(self.store.seed, len(self.store.log))
        try:
            id = does(self.store, draft, self.state.clock.now(), params, **known_id)
        except StripeError as refusal:
            if key and not refusal.param:  # not for its parameters: it was tried
                self.keys[key] = print_, self.state.clock.now(), refusal, None
            raise
        if key and not draft.changes:
            self.keys[key] = print_, self.state.clock.now(), id, len(self.store.log) - 1
        if draft.changes:
            entry = self.state.log.append(
                "stripe",
                {
                    "request": request.state.id,
                    "key": key,
                    "print": print_,
                    "object": id,
                    "changes": [list(change) for change in draft.changes],
                },
            )
            self.store.replay(entry)
            self._remember(entry, len(self.store.log) - 1)
            self.webhooks.send()
        return self._written(self.store.shown(id), params, is_new=not known_id)

    def _written(self, shown: dict, params: dict, is_new: bool) -> Response:
        """An object as the answer to a write: who makes a webhook endpoint is told its secret."""
        if is_new and shown["object"] == "webhook_endpoint":
            from environments.saas.stripe.webhooks import secret

            shown["secret"] = secret(self.state, shown["id"])
        return _json(orjson.dumps(expanded(self.store, shown, paths(params, of_list=False))))

    def _remember(self, entry: dict, position: int) -> None:
        if entry.get("key"):
            self.keys[entry["key"]] = entry["print"], entry["at"], entry["object"], position

    def _again(self, request: Request, known: tuple, print_: str, params: dict) -> Response:
        """The first answer once more: the object as it was then, or the refusal."""
        first, _, id, position = known
        if first != print_:
            raise StripeError(
                400,
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                "Try using a key other than the one given if you meant to execute a different request.",
                type="idempotency_error",
            )
        if isinstance(id, StripeError):
            answer = id.response()
        else:
            shown = self.store.shown_at(id, position, self.store.log[position].at)
            answer = self._written(shown, params, is_new="id" not in request.path_params)
        answer.headers["Idempotent-Replayed"] = "true"
        return answer


def _key(request: Request) -> str | None:
    """The idempotency key of a POST; a DELETE's has no effect:
    https://docs.stripe.com/api/idempotent_requests, read on 2026-11-30."""
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    if key and len(key) > KEY_AT_MOST:
        raise StripeError(
            400,
            f"Idempotency keys can have up to {KEY_AT_MOST} characters, but this one has {len(key)}.",
            type="idempotency_error",
        )
    return key


def _print(request: Request, params: dict) -> str:
    """What tells one write from another."""
    said = orjson.dumps(params, option=orjson.OPT_SORT_KEYS)
    return sha256(f"{request.method} {request.url.path} ".encode() + said).hexdigest()


def api(state: State) -> Starlette:
    """The API over this state."""
    handlers: dict = {HTTPException: lambda request, e: _signed(request, _unknown(request, e, state.keys.stripe)),
                      StripeError: lambda request, e: _signed(request, e.response())}
    app = Starlette(exception_handlers=handlers)
    does = Stripe(state, app)
    app.router.routes.extend(_routes(does))
    app.router.redirect_slashes = False
    app.state.stop = does.stop
    return app


def routes() -> set[str]:
    """Every route that is served, such as "GET /v1/charges/{id}"."""
    every = _routes(Stripe.__new__(Stripe))  # nothing is asked of it, so it needs no state
    return {f"{method} {route.path}" for route in every for method in route.methods - {"HEAD"}} - {
        f"GET {route.path}" for route in _not_objects()
    }


def _routes(does: Stripe):
    from environments.saas.stripe import writes

    may = {"customers": (writes.create_customer, writes.update_customer, writes.delete_customer),
           "subscriptions": (writes.create_subscription, writes.update_subscription, writes.cancel_subscription),
           "refunds": (writes.create_refund, None, None),
           "webhook_endpoints": (writes.create_endpoint, writes.update_endpoint, writes.delete_endpoint)}
    yield _route(does, "accounts/{id}", "GET", does.account)
    yield from _of_lists(does, may)
    yield _route(does, "account", "GET", does.account)
    yield _route(does, "balance", "GET", does.balance)
    yield _route(does, "events", "GET", does.events)
    yield _route(does, "events/{id}", "GET", does.event)
    yield _route(does, "invoices/{id}/lines", "GET", does.lines)
    yield _route(does, "charges/{id}/refunds", "GET", does.refunds_of)
    yield _route(does, "customers/{id}/subscriptions", "GET", does.subscriptions_of)
    for path in EMPTY:
        yield _route(does, path, "GET", does.nothing)


def _of_lists(does: Stripe, may: dict):
    """First of all: the framework tries one route after another, and these are asked for all day."""
    for path, resource in RESOURCES.items():
        yield _route(does, path, "GET", does.list, resource)
    yield from _not_objects()
    for path, resource in RESOURCES.items():
        yield _route(does, f"{path}/{{id}}", "GET", does.retrieve, resource)
        actions = may.get(path, (None, None, None))
        for verb, where, action in zip(WRITES, (path, f"{path}/{{id}}", f"{path}/{{id}}"), actions, strict=True):
            if action:
                yield _route(does, where, verb, does.write, action, resource)


def _not_objects():
    """Routes of Stripe's that would look like an object with an odd id, such as /v1/customers/search."""
    async def endpoint(request: Request) -> Response:
        raise HTTPException(404)

    for path in RESOURCES:
        for name in beside(f"/v1/{path}/"):
            yield Route(f"/v1/{path}/{name}", endpoint)


def _route(does: Stripe, path: str, verb: str, action, *arguments) -> Route:
    from environments.saas.stripe.writes import SERVED

    name = f"{verb} /v1/{path}"
    served = SERVED.get(name)

    async def endpoint(request: Request) -> Response:
        _authorize(request, does.state.keys.stripe)
        _version(request)
        request.state.id = request_id()
        params = await _sent(request)
        check(params, rules(name), served)
        return _signed(request, action(request, params, *arguments))

    return Route(f"/v1/{path}", endpoint, methods=[verb])


async def _sent(request: Request) -> dict:
    """What a request says, in its query and in its form. Raises StripeError where its body is anything else."""
    query = request.url.query
    if (
        request.method == "GET"
        and "content-length" not in request.headers
        and "transfer-encoding" not in request.headers
    ):
        return parsed(query)
    content = await request.body()
    kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if content and kind != FORM:
        raise StripeError(
            400,
            f"Invalid request (check that your POST content type is {FORM}). If you have any questions, we can help at "
            "https://support.stripe.com/.",
        )
    return parsed(query, content.decode("utf-8", "replace"))


def _version(request: Request) -> None:
    """Raises StripeError for a version that Stripe has never had:
    https://github.com/stripe/stripe-java/issues/682, read on 2026-11-30.

    Any other is answered in the one shape that there is, and the answer's header says which.
    """
    asked = request.headers.get("stripe-version")
    if asked not in (None, VERSION) and not (
        VERSIONS.fullmatch(asked) and ("." in asked) is (asked >= NAMED_SINCE) and _is_day(asked[:10])
    ):
        raise StripeError(400, f"Invalid Stripe API version: {asked[:60]}")


def _is_day(text: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(date.fromisoformat(text))
    return False


def _authorize(request: Request, key: str) -> None:
    """Raises StripeError where the key is not the account's."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode("latin-1").partition(":")[0]
        except (binascii.Error, ValueError):
            given = ""
    elif scheme.lower() != "bearer":
        given = ""
    if not given:
        raise StripeError(
            401,
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        )
    if not secrets.compare_digest(given.encode(), key.encode()):
        raise StripeError(401, f"Invalid API Key provided: {given[:8]}***{given[-4:]}")


def _unknown(request: Request, e: HTTPException, key: str) -> Response:
    """A route that is not served: Stripe's own, or nobody's."""
    method, path = request.method, request.url.path
    if e.status_code not in (404, 405):
        return error(e.status_code, None, e.detail)
    if not is_stripes(method, path):
        return unrecognized(method, path).response()
    try:
        _authorize(request, key)
    except StripeError as refusal:
        return refusal.response()
    return not_served(f"{method} {path[:200]}").response()


def _signed(request: Request, answer: Response) -> Response:
    """With the headers that every answer has."""
    answer.headers.setdefault("Request-Id", getattr(request.state, "id", "") or request_id())
    answer.headers["Stripe-Version"] = VERSION
    return answer


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
