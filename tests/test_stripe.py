"""The simulated Stripe: as its contract says, as its schema says, and as its own client finds it."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
import requests
import stripe
from jsonschema import Draft202012Validator

import environments.saas.stripe as module
from datasets.billing import Billing
from datasets.shape import DAY, SHAPE
from datasets.world import World
from environments.saas import Simulator
from environments.saas.clock import Clock

CONTRACT = json.loads((Path(__file__).parent / "contracts/stripe-subset.json").read_text())
ENDPOINTS = sorted(CONTRACT["x-endpoints"])
NAMES = {"/v1/invoiceitems": "invoice_items"}  # of streams in the truth, where a path is another word
WORLD = World(11, 60)


@pytest.fixture(scope="module")
def saas():
    with Simulator(WORLD, modules={"stripe": module}) as saas:
        yield saas


@pytest.fixture(scope="module")
def key(saas):
    return saas.stripe.credentials["api_key"]


@pytest.fixture(scope="module")
def http(key):
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {key}"
        yield session


@pytest.fixture
def get(saas, http):
    def get(path, **params):
        return http.get(saas.stripe.base_url + path, params=params, timeout=10)

    return get


@pytest.fixture
def post(saas, http):
    def post(path, key=None, verb="POST", **form):
        return http.request(verb, saas.stripe.base_url + path, data=form, headers={"Idempotency-Key": key} if key else {}, timeout=10)

    return post


@pytest.fixture
def client(saas, key):
    return stripe.StripeClient(key, base_addresses={"api": saas.stripe.base_url}, stripe_version="2023-08-16", max_network_retries=0)


@pytest.fixture(scope="module")
def truth():
    return Billing(WORLD).truth()["stripe"]


def walked(get, path, limit=100, backwards=False, **params):
    """All objects of a list, newest first, page by page; from its end to its beginning where backwards."""
    found, cursor = [], {}
    if backwards:
        cursor = {"ending_before": walked(get, path, **params)[-1]["id"]}
        found = walked(get, path, **params)[-1:]
    while True:
        page = get(path, limit=limit, **params, **cursor).json()
        found = page["data"] + found if backwards else found + page["data"]
        if not page["has_more"]:
            return found
        cursor = {"ending_before": page["data"][0]["id"]} if backwards else {"starting_after": page["data"][-1]["id"]}


def needed(path, get):
    """The filter without which a list does not answer."""
    return {"subscription": get("/v1/subscriptions", status="all").json()["data"][0]["id"]} if path == "/v1/subscription_items" else {}


def of_schema(name_or_schema) -> Draft202012Validator:
    schema = {"$ref": f"#/$defs/{name_or_schema}"} if isinstance(name_or_schema, str) else name_or_schema
    return Draft202012Validator(schema | {"$defs": CONTRACT["$defs"]})


def complaints(validator, value) -> list[str]:
    return [f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in validator.iter_errors(value)]


# Lists

@pytest.mark.parametrize("path", ENDPOINTS)
def test_every_page_of_a_list_is_as_the_schema_says(path, get):
    more, valid = needed(path, get), of_schema(CONTRACT["x-endpoints"][path]["response"])
    pages = [get(path, limit=100, **more, **({"status": "all"} if path.endswith("subscriptions") else {})).json()]
    while pages[-1]["has_more"] and len(pages) < 6:
        pages.append(get(path, limit=100, starting_after=pages[-1]["data"][-1]["id"], **more).json())
    assert [line for page in pages for line in complaints(valid, page)] == []


@pytest.mark.parametrize("path", [p for p in ENDPOINTS if p not in ("/v1/coupons", "/v1/plans", "/v1/subscription_items")])
def test_a_walk_finds_what_the_truth_says(path, get, truth):
    with_ended = {"status": "all"} if path == "/v1/subscriptions" else {}
    found = [one["id"] for one in walked(get, path, **with_ended)]
    assert len(found) == len(set(found)) == truth[NAMES.get(path, path.removeprefix("/v1/"))]


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/charges", "/v1/events", "/v1/invoices", "/v1/balance_transactions"])
@pytest.mark.parametrize("limit", [7, 100])
def test_a_walk_backwards_finds_the_same_in_the_same_order(path, limit, get):
    assert [o["id"] for o in walked(get, path, limit, backwards=True)] == [o["id"] for o in walked(get, path)]


def test_subscription_items_are_listed_for_each_subscription(get, truth):
    subscriptions = walked(get, "/v1/subscriptions", status="all")
    items = [get("/v1/subscription_items", subscription=one["id"]).json()["data"] for one in subscriptions]
    assert len({item["id"] for its in items for item in its}) == truth["subscription_items"]


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/charges", "/v1/events", "/v1/payouts"])
def test_a_list_is_newest_first(path, get):
    moments = [one["created"] for one in walked(get, path)]
    assert moments == sorted(moments, reverse=True)


def test_a_page_has_ten_objects_unless_told(get):
    assert len(get("/v1/charges").json()["data"]) == 10


@pytest.mark.parametrize("word, keeps", [("gt", lambda a, b: a > b), ("gte", lambda a, b: a >= b), ("lt", lambda a, b: a < b), ("lte", lambda a, b: a <= b)])
def test_created_bounds_a_list(word, keeps, get):
    everything = walked(get, "/v1/invoices")
    edge = everything[len(everything) // 2]["created"]
    due = [one["id"] for one in everything if keeps(one["created"], edge)]
    assert [one["id"] for one in walked(get, "/v1/invoices", **{f"created[{word}]": edge})] == due


def test_created_may_be_one_moment(get):
    moment = get("/v1/charges").json()["data"][3]["created"]
    assert {one["created"] for one in get("/v1/charges", created=moment).json()["data"]} == {moment}


@pytest.mark.parametrize("path, name", [("/v1/charges", "customer"), ("/v1/invoices", "subscription"), ("/v1/invoices", "customer"), ("/v1/refunds", "charge"),
                                        ("/v1/payment_intents", "customer"), ("/v1/prices", "product"), ("/v1/balance_transactions", "type"),
                                        ("/v1/invoices", "status"), ("/v1/customers", "email"), ("/v1/charges", "payment_intent"),
                                        ("/v1/balance_transactions", "source"), ("/v1/disputes", "charge")])
def test_a_filter_keeps_what_fits_and_nothing_else(path, name, get):
    everything = walked(get, path)
    value = everything[len(everything) // 2][name]
    assert [o["id"] for o in walked(get, path, **{name: value})] == [o["id"] for o in everything if o[name] == value]


def test_ended_subscriptions_are_listed_only_when_asked_for(get):
    statuses = [{o["status"] for o in walked(get, "/v1/subscriptions", **more)} for more in ({}, {"status": "all"}, {"status": "canceled"})]
    assert "canceled" not in statuses[0] and "canceled" in statuses[1] and statuses[2] == {"canceled"}


def test_a_parameter_that_is_unknown_is_passed_over(get):
    assert get("/v1/charges", page_size=7, whatever="x", **{"a[b][]": "c"}).json() == get("/v1/charges").json()


def test_lines_of_a_bill_are_paged_too(get):
    bill = max(walked(get, "/v1/invoices"), key=lambda o: len(o["lines"]["data"]))
    path = f"/v1/invoices/{bill['id']}/lines"
    assert walked(get, path, limit=1) == walked(get, path, limit=1, backwards=True) == bill["lines"]["data"]


@pytest.mark.parametrize("path", ["application_fees", "setup_intents", "credit_notes", "transfers", "checkout/sessions", "issuing/cards"])
def test_what_teaspoon_has_none_of_is_an_empty_list(path, get):
    assert get(f"/v1/{path}").json() == {"object": "list", "url": f"/v1/{path}", "has_more": False, "data": []}


# Single objects

@pytest.mark.parametrize("path", [p for p in ENDPOINTS if p not in ("/v1/coupons", "/v1/events")])
def test_an_object_is_the_same_alone_and_in_its_list(path, get):
    one = get(path, **needed(path, get)).json()["data"][0]
    assert get(f"{path}/{one['id']}").json() == one


def test_an_event_can_be_retrieved(get):
    one = get("/v1/events").json()["data"][5]
    assert get(f"/v1/events/{one['id']}").json() == one


def test_the_account_names_its_dashboard(get):
    assert get("/v1/account").json()["settings"]["dashboard"]["display_name"] == "Teaspoon"


def test_the_balance_is_the_sum_of_its_lines(get):
    balance = get("/v1/balance").json()
    assert balance["available"][0]["amount"] + balance["pending"][0]["amount"] == sum(o["net"] for o in walked(get, "/v1/balance_transactions"))


@pytest.mark.parametrize("written", ["expand[]", "expand[0]"])
def test_an_id_is_expanded_into_its_object(written, get):
    page = get("/v1/charges", **{written: "data.customer"}).json()
    assert [complaints(of_schema("customer"), one["customer"]) for one in page["data"]] == [[]] * 10


def test_expansion_goes_along_a_path(get):
    bill = next(o for o in walked(get, "/v1/invoices") if o["payment_intent"])
    shown = get(f"/v1/subscriptions/{bill['subscription']}", **{"expand[]": "latest_invoice.payment_intent.latest_charge.balance_transaction"}).json()
    assert shown["latest_invoice"]["object"] == "invoice"


def test_a_charge_shows_its_refunds_when_asked(get):
    refund = get("/v1/refunds").json()["data"][0]
    assert get(f"/v1/charges/{refund['charge']}", **{"expand[]": "refunds"}).json()["refunds"]["data"][0]["id"] == refund["id"]


def test_expansion_has_a_depth(get):
    assert get("/v1/charges", **{"expand[]": "data.a.b.c.d"}).status_code == 400


# Events

@pytest.mark.parametrize("asked, keeps", [({"type": "charge.*"}, r"charge\."), ({"type": "invoice.paid"}, r"invoice\.paid$"), ({"type": "*"}, ""),
                                          ({"types[]": ["invoice.paid", "customer.subscription.*"]}, r"invoice\.paid$|customer\.subscription\."),
                                          ({"types[0]": "payout.paid"}, r"payout\.paid$")])
def test_events_are_chosen_by_type(asked, keeps, get):
    due = [e["id"] for e in walked(get, "/v1/events") if re.match(keeps, e["type"])]
    assert due and [e["id"] for e in walked(get, "/v1/events", **asked)] == due


def test_events_are_kept_for_thirty_days(get):
    assert SHAPE.now - 30 * DAY <= walked(get, "/v1/events")[-1]["created"]


def test_type_and_types_exclude_each_other_and_twenty_are_the_most(get):
    both = get("/v1/events", type="a", **{"types[]": "b"})
    many = get("/v1/events", **{"types[]": [f"a{n}" for n in range(21)]})
    assert (both.status_code, many.status_code) == (400, 400)


def test_only_updates_say_what_was_before(get):
    assert {e["type"].endswith(".updated") for e in walked(get, "/v1/events") if "previous_attributes" in e["data"]} == {True}


def test_the_last_event_of_an_object_shows_it_as_it_is(get):
    """Of those that have events of their own: nothing changes untold."""
    last = {}
    for event in walked(get, "/v1/events"):
        last.setdefault(event["data"]["object"]["id"], event["data"]["object"])
    shown = {o["id"]: o for path in ("charges", "invoices", "customers", "refunds", "payouts", "payment_intents") for o in walked(get, f"/v1/{path}")}
    assert [id for id, was in last.items() if id in shown and shown[id] != was] == []


def test_an_update_is_undone_by_what_was_before(get):
    """From the newest event of an object back: each one's object with its previous attributes is that of the one before."""
    events = [e for e in walked(get, "/v1/events", type="customer.subscription.updated")]
    pairs = [(new, old) for n, new in enumerate(events) for old in events[n + 1:] if old["data"]["object"]["id"] == new["data"]["object"]["id"]][:20]
    assert pairs and all((new["data"]["object"] | new["data"]["previous_attributes"])["current_period_end"]
                         == old["data"]["object"]["current_period_end"] for new, old in pairs)


# Refusals

@pytest.mark.parametrize("params, param", [({"limit": 0}, "limit"), ({"limit": 101}, "limit"), ({"limit": -5}, "limit"), ({"limit": "ten"}, "limit"),
                                           ({"limit": "9" * 40}, "limit"), ({"starting_after": "ch_no"}, "starting_after"),
                                           ({"ending_before": "cus_no"}, "ending_before"), ({"created[gte]": "soon"}, "created[gte]")])
def test_a_bad_parameter_is_named(params, param, get):
    answer = get("/v1/charges", **params)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_an_unknown_cursor_is_a_missing_resource(get):
    assert get("/v1/charges", starting_after="ch_no").json()["error"]["code"] == "resource_missing"


@pytest.mark.parametrize("path", ["/v1/nothing", "/", "/v2/charges", "/v1/charges/", "/v1/customers/cus_x/nothing"])
def test_an_unknown_path_is_answered_in_json(path, get):
    answer = get(path)
    assert answer.status_code == 404 and answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer sk_test_wrong"}, {"Authorization": "Basic !!!"},
                                     {"Authorization": "Digest x"}])
def test_without_its_key_nothing_is_told(headers, saas):
    answer = requests.get(f"{saas.stripe.base_url}/v1/charges", headers=headers, timeout=10)
    assert answer.status_code == 401 and "data" not in answer.json()


def test_the_key_may_come_as_a_user_name(saas, key):
    assert requests.get(f"{saas.stripe.base_url}/v1/account", auth=(key, ""), timeout=10).status_code == 200


def test_every_answer_has_an_id_and_the_version_that_was_asked_for(saas, http):
    answers = [http.get(saas.stripe.base_url + path, headers={"Stripe-Version": "2022-11-15"}, timeout=10) for path in ("/v1/charges", "/v1/no", "/v1/charges/ch_no")]
    assert [a.headers["Stripe-Version"] for a in answers] == ["2022-11-15"] * 3 and len({a.headers["Request-Id"] for a in answers}) == 3


# Writing

@pytest.fixture
def forgotten(saas):
    """What a test writes is forgotten after it."""
    yield
    saas.reset()


def test_a_customer_that_was_made_is_first_in_the_list(post, get, forgotten):
    made = post("/v1/customers", email="new@example.com", **{"metadata[from]": "test", "address[city]": "Lyon"}).json()
    assert get("/v1/customers", limit=1).json()["data"] == [made] and complaints(of_schema("customer"), made) == []


def test_an_update_is_told_with_what_was_before(post, get, forgotten):
    one = get("/v1/customers").json()["data"][0]
    post(f"/v1/customers/{one['id']}", name="Another Name", **{"metadata[vip]": "yes"})
    assert get("/v1/events", limit=1).json()["data"][0]["data"]["previous_attributes"] == {"name": one["name"], "metadata": {"vip": None}}


def test_a_refund_moves_money_and_marks_its_charge(post, get, forgotten):
    charge = next(o for o in walked(get, "/v1/charges") if o["status"] == "succeeded" and not o["amount_refunded"] and not o["disputed"])
    before = get("/v1/balance").json()
    refund = post("/v1/refunds", charge=charge["id"], amount=100).json()
    line = get(f"/v1/balance_transactions/{refund['balance_transaction']}").json()
    assert get(f"/v1/charges/{charge['id']}").json()["amount_refunded"] == 100
    assert get("/v1/balance").json()["pending"][0]["amount"] == before["pending"][0]["amount"] + line["net"] < before["pending"][0]["amount"]


def test_no_more_is_refunded_than_was_paid(post, get, forgotten):
    charge = next(o for o in walked(get, "/v1/charges") if o["status"] == "succeeded" and not o["amount_refunded"] and not o["disputed"])
    answers = [post("/v1/refunds", charge=charge["id"], **more) for more in ({"amount": charge["amount"] + 1}, {}, {})]
    assert [a.status_code for a in answers] == [400, 200, 400] and answers[2].json()["error"]["code"] == "charge_already_refunded"


def test_a_subscription_is_billed_changed_and_ended(post, get, forgotten):
    customer = post("/v1/customers", email="sub@example.com").json()["id"]
    cheap, dear = sorted((o for o in walked(get, "/v1/prices", active="true", currency="usd")), key=lambda o: o["unit_amount"])[:2]
    made = post("/v1/subscriptions", customer=customer, **{"items[0][price]": cheap["id"], "expand[]": "latest_invoice"}).json()
    post(f"/v1/subscriptions/{made['id']}", **{"items[0][id]": made["items"]["data"][0]["id"], "items[0][price]": dear["id"]})
    ended = post(f"/v1/subscriptions/{made['id']}", verb="DELETE").json()
    assert (made["latest_invoice"]["status"], ended["status"], ended["items"]["data"][0]["price"]["id"]) == ("paid", "canceled", dear["id"])
    told = Counter(e["type"] for e in get("/v1/events", limit=100).json()["data"] if e["data"]["object"].get("customer") == customer)
    assert told["customer.subscription.created"] == told["customer.subscription.updated"] == told["customer.subscription.deleted"] == 1


def test_a_trial_is_billed_at_nothing(post, get, forgotten):
    customer = post("/v1/customers", email="try@example.com").json()["id"]
    price = get("/v1/prices", active="true", currency="cad").json()["data"][0]["id"]
    made = post("/v1/subscriptions", customer=customer, trial_period_days=14, **{"items[0][price]": price, "expand[]": "latest_invoice"}).json()
    assert (made["status"], made["latest_invoice"]["total"]) == ("trialing", 0)


def test_the_same_key_gives_the_same_answer_and_writes_once(post, get, forgotten):
    first, again = (post("/v1/customers", key="once", email="once@example.com") for _ in range(2))
    assert first.json() == again.json() and len(walked(get, "/v1/customers", email="once@example.com")) == 1


def test_the_first_answer_is_given_even_after_a_change(post, forgotten):
    first = post("/v1/customers", key="first", email="first@example.com").json()
    post(f"/v1/customers/{first['id']}", name="Changed")
    assert post("/v1/customers", key="first", email="first@example.com").json() == first


def test_the_same_key_with_other_parameters_is_refused(post, forgotten):
    post("/v1/customers", key="k", email="k@example.com")
    answer = post("/v1/customers", key="k", email="other@example.com")
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "idempotency_error")


@pytest.mark.parametrize("path, form, param", [("/v1/refunds", {}, "payment_intent"), ("/v1/refunds", {"charge": "ch_no"}, "charge"),
                                               ("/v1/subscriptions", {}, "customer"), ("/v1/customers", {"email": "nobody"}, "email")])
def test_a_write_that_cannot_be_is_refused_and_changes_nothing(path, form, param, post, get):
    before = get("/v1/events", limit=1).json()
    answer = post(path, **form)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param) and get("/v1/events", limit=1).json() == before


def test_nothing_is_missed_or_doubled_while_others_write(post, get, forgotten):
    before, found, cursor = {o["id"] for o in walked(get, "/v1/customers")}, [], {}
    while True:
        page = get("/v1/customers", limit=9, **cursor).json()
        found += [o["id"] for o in page["data"]]
        post("/v1/customers", email="meanwhile@example.com")
        if not page["has_more"]:
            break
        cursor = {"starting_after": found[-1]}
    assert len(found) == len(set(found)) and set(found) == before


# Two clocks

def test_with_the_real_clock_the_world_ends_now_and_events_are_fresh():
    clock = Clock.real()
    with Simulator(World(5, 30), clock, modules={"stripe": module}) as saas:
        answer = requests.get(f"{saas.stripe.base_url}/v1/events", params={"limit": 100}, auth=(saas.stripe.credentials["api_key"], ""), timeout=10)
    moments = [one["created"] for one in answer.json()["data"]]
    assert clock.now() - 3 * DAY < max(moments) <= clock.now() and min(moments) >= clock.now() - 30 * DAY


def test_every_moment_of_an_object_is_moved_by_the_same(get):
    with Simulator(WORLD, Clock.real(7 * DAY), modules={"stripe": module}) as saas:
        moved = requests.get(f"{saas.stripe.base_url}/v1/subscriptions", params={"limit": 3}, auth=(saas.stripe.credentials["api_key"], ""), timeout=10)
    names = ("created", "current_period_start", "current_period_end", "billing_cycle_anchor", "start_date")
    here = get("/v1/subscriptions", limit=3).json()["data"]
    assert [[o[n] - 7 * DAY for n in names] for o in moved.json()["data"]] == [[o[n] for n in names] for o in here]


# Stripe's own client

def test_its_client_pages_through_a_list(client, truth):
    assert len({one.id for one in client.v1.customers.list({"limit": 100}).auto_paging_iter()}) == truth["customers"]


def test_its_client_filters_and_expands(client):
    page = client.v1.charges.list({"limit": 3, "created": {"lt": SHAPE.now - 90 * DAY}, "expand": ["data.customer", "data.balance_transaction"]})
    assert all(one.customer.object == "customer" and one.balance_transaction.net for one in page.data)


def test_its_client_writes_once_however_often_it_is_told(client, forgotten):
    made = [client.v1.customers.create({"email": "sdk@example.com"}, {"idempotency_key": "sdk"}).id for _ in range(3)]
    assert len(set(made)) == 1


@pytest.mark.parametrize("does, error", [
    (lambda c: c.v1.customers.retrieve("cus_no"), stripe.InvalidRequestError), (lambda c: c.v1.charges.list({"limit": 1000}), stripe.InvalidRequestError),
    (lambda c: [c.v1.customers.create({"email": f"{n}@example.com"}, {"idempotency_key": "same"}) for n in "ab"], stripe.IdempotencyError)])
def test_its_client_raises_its_own_errors(does, error, client, forgotten):
    with pytest.raises(error):
        does(client)


def test_its_client_knows_a_wrong_key(saas):
    with pytest.raises(stripe.AuthenticationError):
        stripe.StripeClient("sk_test_wrong", base_addresses={"api": saas.stripe.base_url}).v1.customers.list()
