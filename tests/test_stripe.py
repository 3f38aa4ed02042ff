"""What the simulated Stripe answers: as its contract says, and as its schema says."""

import re
from http.client import HTTPConnection

import pytest
import requests

import environments.saas.stripe as module
from datasets.shape import DAY, SHAPE
from datasets.world import World
from environments.saas import Simulator
from environments.saas.clock import Clock
from environments.saas.stripe.contract import rules
from tests.stripe_world import (  # noqa: F401 (fixtures)
    CONTRACT,
    ENDPOINTS,
    NAMES,
    WORLD,
    complaints,
    get,
    http,
    key,
    needed,
    of_schema,
    saas,
    truth,
    walked,
)
from tests.waits import HANG

# Lists

@pytest.mark.slow
@pytest.mark.parametrize("path", ENDPOINTS)
def test_every_page_of_a_list_is_as_the_schema_says(path, get):
    more, valid = needed(path, get), of_schema(CONTRACT["x-endpoints"][path]["response"])
    pages = [get(path, limit=100, **more, **({"status": "all"} if path.endswith("subscriptions") else {})).json()]
    while pages[-1]["has_more"] and len(pages) < 6:
        pages.append(get(path, limit=100, starting_after=pages[-1]["data"][-1]["id"], **more).json())
    assert [line for page in pages for line in complaints(valid, page)] == []


def test_the_object_of_every_kind_of_event_is_as_the_schema_says(get):
    by_type = {event["type"]: event["data"]["object"] for event in walked(get, "/v1/events")}
    assert len(by_type) > 15 and {
        type: complaints(of_schema(shown["object"]), shown) for type, shown in by_type.items()
    } == dict.fromkeys(by_type, [])


def test_lines_of_a_bill_are_as_the_schema_says(get):
    bill = max(walked(get, "/v1/invoices"), key=lambda o: len(o["lines"]["data"]))
    assert [
        complaints(of_schema("line_item"), line) for line in get(f"/v1/invoices/{bill['id']}/lines").json()["data"]
    ] == [[]] * len(bill["lines"]["data"])


@pytest.mark.parametrize(
    "path", [p for p in ENDPOINTS if p not in ("/v1/coupons", "/v1/plans", "/v1/subscription_items")]
)
def test_a_walk_finds_what_the_truth_says(path, get, truth):
    with_ended = {"status": "all"} if path == "/v1/subscriptions" else {}
    found = [item["id"] for item in walked(get, path, **with_ended)]
    assert len(found) == len(set(found)) == truth[NAMES.get(path, path.removeprefix("/v1/"))]


@pytest.mark.parametrize(
    "path", ["/v1/customers", "/v1/charges", "/v1/events", "/v1/invoices", "/v1/balance_transactions"]
)
@pytest.mark.parametrize("limit", [7, 100])
def test_a_walk_backwards_finds_the_same_in_the_same_order(path, limit, get):
    assert [o["id"] for o in walked(get, path, limit, backwards=True)] == [o["id"] for o in walked(get, path)]


def test_subscription_items_are_listed_for_each_subscription(get, truth):
    subscriptions = walked(get, "/v1/subscriptions", status="all")
    items = [
        get("/v1/subscription_items", subscription=subscription["id"]).json()["data"] for subscription in subscriptions
    ]
    assert len({item["id"] for part in items for item in part}) == truth["subscription_items"]


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/charges", "/v1/events", "/v1/payouts"])
def test_a_list_is_newest_first(path, get):
    moments = [item["created"] for item in walked(get, path)]
    assert moments == sorted(moments, reverse=True)


def test_a_page_has_ten_objects_unless_told(get):
    assert len(get("/v1/charges").json()["data"]) == 10


@pytest.mark.parametrize(
    "word, keeps",
    [
        ("gt", lambda a, b: a > b),
        ("gte", lambda a, b: a >= b),
        ("lt", lambda a, b: a < b),
        ("lte", lambda a, b: a <= b),
    ],
)
def test_created_bounds_a_list(word, keeps, get):
    everything = walked(get, "/v1/invoices")
    edge = everything[len(everything) // 2]["created"]
    due = [charge["id"] for charge in everything if keeps(charge["created"], edge)]
    assert [invoice["id"] for invoice in walked(get, "/v1/invoices", **{f"created[{word}]": edge})] == due


def test_created_may_be_one_moment(get):
    moment = get("/v1/charges").json()["data"][3]["created"]
    assert {charge["created"] for charge in get("/v1/charges", created=moment).json()["data"]} == {moment}


@pytest.mark.parametrize(
    "path, name",
    [
        ("/v1/charges", "customer"),
        ("/v1/invoices", "subscription"),
        ("/v1/invoices", "customer"),
        ("/v1/refunds", "charge"),
        ("/v1/payment_intents", "customer"),
        ("/v1/prices", "product"),
        ("/v1/balance_transactions", "type"),
        ("/v1/invoices", "status"),
        ("/v1/customers", "email"),
        ("/v1/charges", "payment_intent"),
        ("/v1/balance_transactions", "source"),
        ("/v1/disputes", "charge"),
    ],
)
def test_a_filter_keeps_what_fits_and_nothing_else(path, name, get):
    everything = walked(get, path)
    value = everything[len(everything) // 2][name]
    assert [o["id"] for o in walked(get, path, **{name: value})] == [o["id"] for o in everything if o[name] == value]


def test_a_payout_has_its_own_lines_and_they_come_to_nothing(get):
    payout = get("/v1/payouts", limit=2).json()["data"][1]
    lines = walked(get, "/v1/balance_transactions", payout=payout["id"])
    assert sum(line["net"] for line in lines) == 0 and payout["balance_transaction"] in {line["id"] for line in lines}


@pytest.mark.parametrize(
    "path, name",
    [
        ("/v1/subscriptions", "current_period_end"),
        ("/v1/subscriptions", "current_period_start"),
        ("/v1/payouts", "arrival_date"),
    ],
)
def test_other_moments_bound_a_list_too(path, name, get):
    everything = walked(get, path)
    edge = everything[len(everything) // 2][name]
    assert [o["id"] for o in walked(get, path, **{f"{name}[gt]": edge})] == [
        o["id"] for o in everything if o[name] > edge
    ]


@pytest.mark.parametrize("pending", ["true", "false"])
def test_invoice_items_wait_for_a_bill_or_stand_on_one(pending, get):
    found = walked(get, "/v1/invoiceitems", pending=pending)
    assert [o["id"] for o in found] == [
        o["id"] for o in walked(get, "/v1/invoiceitems") if (o["invoice"] is None) is (pending == "true")
    ]


@pytest.mark.parametrize(
    "path, name, value, other",
    [
        ("/v1/prices", "type", "recurring", "one_time"),
        ("/v1/prices", "recurring[interval]", "month", "week"),
        ("/v1/prices", "recurring[usage_type]", "licensed", "metered"),
        ("/v1/subscriptions", "automatic_tax[enabled]", "false", "true"),
        ("/v1/invoices", "collection_method", "charge_automatically", "send_invoice"),
        ("/v1/balance_transactions", "currency", "usd", "eur"),
        ("/v1/events", "delivery_success", "true", "false"),
    ],
)
def test_a_filter_by_what_all_share_keeps_all_or_nothing(path, name, value, other, get):
    assert get(path, **{name: value}).json() == get(path).json() and get(path, **{name: other}).json()["data"] == []


def test_ended_subscriptions_are_listed_only_when_asked_for(get):
    statuses = [
        {o["status"] for o in walked(get, "/v1/subscriptions", **more)}
        for more in ({}, {"status": "all"}, {"status": "canceled"})
    ]
    assert "canceled" not in statuses[0] and "canceled" in statuses[1] and statuses[2] == {"canceled"}


@pytest.mark.parametrize(
    "path, name",
    [
        (path, name)
        for path in ENDPOINTS
        for name, rule in CONTRACT["x-endpoints"][path]["params"].items()
        if rule["schema"].get("type") == "string" and not name.startswith(("starting", "ending"))
    ],
)
def test_no_filter_goes_unnoticed(path, name, get):
    answer = get(path, **needed(path, get) | {name: "zzz"})
    assert answer.status_code == 400 or answer.json()["data"] == []


@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_list_takes_what_the_schema_says_and_nothing_else(path):
    params = CONTRACT["x-endpoints"][path]["params"]
    assert rules(f"GET {path}").properties.keys() == params.keys()


def test_lines_of_a_bill_are_paged_too(get):
    bill = max(walked(get, "/v1/invoices"), key=lambda o: len(o["lines"]["data"]))
    path = f"/v1/invoices/{bill['id']}/lines"
    assert walked(get, path, limit=1) == walked(get, path, limit=1, backwards=True) == bill["lines"]["data"]


@pytest.mark.parametrize(
    "path", ["application_fees", "setup_intents", "credit_notes", "transfers", "checkout/sessions", "issuing/cards"]
)
def test_what_teaspoon_has_none_of_is_an_empty_list(path, get):
    assert get(f"/v1/{path}").json() == {"object": "list", "url": f"/v1/{path}", "has_more": False, "data": []}


# Single objects

@pytest.mark.parametrize("path", [p for p in ENDPOINTS if p not in ("/v1/coupons", "/v1/events")])
def test_an_object_is_the_same_alone_and_in_its_list(path, get):
    shown = get(path, **needed(path, get)).json()["data"][0]
    assert get(f"{path}/{shown['id']}").json() == shown


def test_an_event_can_be_retrieved(get):
    event = get("/v1/events").json()["data"][5]
    assert get(f"/v1/events/{event['id']}").json() == event


def test_the_account_names_its_dashboard(get):
    assert get("/v1/account").json()["settings"]["dashboard"]["display_name"] == "Teaspoon"


def test_any_account_that_a_connector_is_told_is_this_one(get):
    assert (
        get("/v1/accounts/acct_of_a_config").json() == get("/v1/account").json()
        and get("/v1/accounts/nobody").status_code == 404
    )


def test_the_balance_is_the_sum_of_its_lines(get):
    balance = get("/v1/balance").json()
    assert balance["available"][0]["amount"] + balance["pending"][0]["amount"] == sum(
        o["net"] for o in walked(get, "/v1/balance_transactions")
    )


@pytest.mark.parametrize("written", ["expand[]", "expand[0]"])
def test_an_id_is_expanded_into_its_object(written, get):
    page = get("/v1/charges", **{written: "data.customer"}).json()
    assert [complaints(of_schema("customer"), item["customer"]) for item in page["data"]] == [[]] * 10


def test_expansion_goes_along_a_path(get):
    bill = next(o for o in walked(get, "/v1/invoices") if o["payment_intent"])
    shown = get(
        f"/v1/subscriptions/{bill['subscription']}",
        **{"expand[]": "latest_invoice.payment_intent.latest_charge.balance_transaction"},
    ).json()
    assert shown["latest_invoice"]["object"] == "invoice"


def test_a_charge_shows_its_refunds_when_asked(get):
    refund = get("/v1/refunds").json()["data"][0]
    assert (
        get(f"/v1/charges/{refund['charge']}", **{"expand[]": "refunds"}).json()["refunds"]["data"][0]["id"]
        == refund["id"]
    )


def test_a_customer_shows_its_running_subscriptions_when_asked(get):
    subscription = get("/v1/subscriptions").json()["data"][0]
    inside = get(
        f"/v1/customers/{subscription['customer']}", **{"expand[]": ["subscriptions", "sources", "tax_ids"]}
    ).json()
    assert (inside["subscriptions"]["data"], inside["sources"]["data"]) == ([subscription], [])
    assert get(inside["subscriptions"]["url"]).json()["data"] == [subscription]


def test_a_dispute_shows_its_lines_as_they_are(get):
    lines = [line for dispute in walked(get, "/v1/disputes") for line in dispute["balance_transactions"]]
    assert lines and lines == [get(f"/v1/balance_transactions/{line['id']}").json() for line in lines]


def test_a_card_from_abroad_pays_in_another_currency(get):
    found = {(o["currency"], o["payment_method_details"]["card"]["country"]) for o in walked(get, "/v1/charges")}
    assert found == {("usd", "US"), ("cad", "CA"), ("eur", "FR")}


@pytest.mark.parametrize(
    "path, expand, said",
    [
        ("/v1/charges", "data.customer.a.b.c", "more than 4 levels"),
        ("/v1/customers", "subscriptions", "'data.subscriptions' instead"),
        ("/v1/invoices", "data.bogus", "expanded (data.bogus)"),
        ("/v1/invoices", "data.customer.email", "expanded (data.customer.email)"),
        ("/v1/invoices", "data.lines.price", "expanded (data.lines.price)"),
        ("/v1/charges", "data.metadata", "expanded (data.metadata)"),
        ("/v1/coupons", "bogus", "'data.bogus' instead"),
        ("/v1/account", "bogus", "expanded (bogus)"),
        ("/v1/balance", "livemode", "expanded (livemode)"),
    ],
)
def test_what_cannot_be_expanded_is_refused(path, expand, said, get):
    answer = get(path, **{"expand[]": expand})
    assert (answer.status_code, said in answer.json()["error"]["message"], answer.json()["error"]["param"]) == (
        400,
        True,
        "expand",
    )


@pytest.mark.parametrize(
    "path, expand", [("/v1/subscriptions", "data.plan.product"), ("/v1/invoiceitems", "data.plan.product")]
)
def test_a_plan_that_is_shown_can_be_expanded(path, expand, get):
    assert {o["plan"]["product"]["object"] for o in get(path, **{"expand[]": expand}).json()["data"]} == {"product"}


def test_expansion_goes_through_a_list_inside(get):
    bills = get("/v1/invoices", **{"expand[]": "data.lines.data.price"}).json()["data"]
    assert {line["price"]["object"] for bill in bills for line in bill["lines"]["data"]} == {"price"}


# Events

@pytest.mark.parametrize(
    "asked, keeps",
    [
        ({"type": "charge.*"}, r"charge\."),
        ({"type": "invoice.paid"}, r"invoice\.paid$"),
        ({"type": "*"}, ""),
        ({"types[]": ["invoice.paid", "customer.subscription.*"]}, r"invoice\.paid$|customer\.subscription\."),
        ({"types[0]": "payout.paid"}, r"payout\.paid$"),
    ],
)
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
    assert {
        e["type"].endswith(".updated") for e in walked(get, "/v1/events") if "previous_attributes" in e["data"]
    } == {True}


def test_the_last_event_of_an_object_shows_it_as_it_is(get):
    """Of those that have events of their own: nothing changes untold."""
    last = {}
    for event in walked(get, "/v1/events"):
        last.setdefault(event["data"]["object"]["id"], event["data"]["object"])
    shown = {
        o["id"]: o
        for path in ("charges", "invoices", "customers", "refunds", "payouts", "payment_intents")
        for o in walked(get, f"/v1/{path}")
    }
    assert [id for id, was in last.items() if id in shown and shown[id] != was] == []


def test_an_update_is_undone_by_what_was_before(get):
    """From the newest event of an object back:
    each one's object with its previous attributes is that of the one before."""
    events = [e for e in walked(get, "/v1/events", type="customer.subscription.updated")]
    pairs = [
        (new, old)
        for n, new in enumerate(events)
        for old in events[n + 1 :]
        if old["data"]["object"]["id"] == new["data"]["object"]["id"]
    ][:20]
    assert pairs and all((new["data"]["object"] | new["data"]["previous_attributes"])["current_period_end"]
                         == old["data"]["object"]["current_period_end"] for new, old in pairs)


# Refusals

@pytest.mark.parametrize(
    "params, param",
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": -5}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": "9" * 40}, "limit"),
        ({"starting_after": "ch_no"}, "starting_after"),
        ({"ending_before": "cus_no"}, "ending_before"),
        ({"created[gte]": "soon"}, "created[gte]"),
    ],
)
def test_a_bad_parameter_is_named(params, param, get):
    answer = get("/v1/charges", **params)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/charges", "/v1/charges/ch_no", "/v1/events", "/v1/account", "/v1/balance", "/v1/coupons",
        "/v1/customers/cus_no/cards", "/v1/invoices/in_no/lines",
    ],
)
@pytest.mark.parametrize(
    "name, param",
    [("creatd[gte]", "creatd"), ("page_size", "page_size"), ("limit ", "limit "), ("created[gte", "created[gte")],
)
def test_an_unknown_parameter_is_refused(path, name, param, get):
    answer = get(path, **{name: 1})
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"], error["param"], error["message"]) == (
        400, "invalid_request_error", "parameter_unknown", param, f"Received unknown parameter: {param}")


@pytest.mark.parametrize(
    "path, query, param",
    [
        ("/v1/charges", "created[after]=1", "created[after]"),
        ("/v1/charges", "limit=1&limit=2", "limit"),
        ("/v1/charges", "limit[]=1", "limit"),
        ("/v1/charges", "created=1&created[gt]=1", "created[gt]"),
        ("/v1/charges", "customer[id]=cus_1", "customer"),
        ("/v1/charges", "customer=", "customer"),
        ("/v1/charges", "expand=customer", "expand"),
        ("/v1/events", "types=charge.refunded", "types"),
        ("/v1/products", "active=True", "active"),
        ("/v1/products", "ids[a]=1", "ids"),
        ("/v1/subscriptions", "status=alive", "status"),
        ("/v1/prices", "recurring[interval]=fortnight", "recurring[interval]"),
        ("/v1/prices", "recurring[every]=week", "recurring[every]"),
        ("/v1/prices", "recurring=week", "recurring"),
        ("/v1/charges", "limit=%D9%A1", "limit"),
        ("/v1/subscriptions", "automatic_tax[enabled]=yes", "automatic_tax[enabled]"),
        ("/v1/subscription_items", "", "subscription"),
        ("/v1/charges", "=1", ""),
        ("/v1/charges", "created[]=1", "created"),
        ("/v1/prices", "currency=dollars", "currency"),
        ("/v1/charges", "customer=" + "c" * 6000, "customer"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(path, query, param, saas, http):
    answer = http.get(f"{saas.stripe.base_url}{path}?{query}", timeout=HANG)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    "path, name, noun",
    [
        ("/v1/charges", "customer", "customer"),
        ("/v1/invoices", "subscription", "subscription"),
        ("/v1/refunds", "charge", "charge"),
        ("/v1/subscription_items", "subscription", "subscription"),
        ("/v1/disputes", "payment_intent", "payment_intent"),
        ("/v1/prices", "product", "product"),
        ("/v1/subscriptions", "price", "price"),
        ("/v1/invoiceitems", "invoice", "invoice"),
        ("/v1/balance_transactions", "payout", "payout"),
        ("/v1/balance_transactions", "source", "source"),
        ("/v1/setup_intents", "customer", "customer"),
    ],
)
def test_a_filter_by_what_never_was_is_a_missing_resource(path, name, noun, get):
    error = get(path, **{name: "ch_no"}).json()["error"]
    assert (error["code"], error["param"], error["message"]) == ("resource_missing", name, f"No such {noun}: 'ch_no'")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/customers/cus_no/sources",
        "/v1/customers/cus_no/payment_methods",
        "/v1/accounts/no/persons",
        "/v1/subscription_items/si_no/usage_record_summaries",
    ],
)
def test_what_is_not_there_has_no_empty_lists(path, get):
    answer = get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "resource_missing")


def test_a_currency_may_be_in_capitals(get):
    assert (
        get("/v1/prices", currency="USD").json()
        == get("/v1/prices", currency="usd").json()
        != get("/v1/prices", currency="cad").json()
    )


def test_an_unknown_cursor_is_a_missing_resource(get):
    assert get("/v1/charges", starting_after="ch_no").json()["error"]["code"] == "resource_missing"


@pytest.mark.parametrize("path", ["/v1/nothing", "/", "/v2/charges", "/v1/charges/", "/v1/customers/cus_x/nothing"])
def test_an_unknown_path_is_answered_in_json(path, get):
    answer = get(path)
    assert answer.status_code == 404 and answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "verb, path",
    [
        ("GET", "/v1/payment_methods/pm_x"),
        ("POST", "/v1/charges"),
        ("GET", "/v1/customers/search?query=x"),
        ("GET", "/v1/invoices/upcoming"),
        ("DELETE", "/v1/products/prod_x"),
        ("GET", "/v1/terminal/readers"),
    ],
)
def test_what_stripe_has_and_the_simulator_has_not_does_not_look_missing(verb, path, saas, http):
    answer = http.request(verb, saas.stripe.base_url + path, timeout=HANG)
    assert answer.status_code == 501 and "simulator does not serve" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer sk_test_wrong"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Digest x"},
    ],
)
def test_without_its_key_nothing_is_told(headers, saas):
    answer = requests.get(f"{saas.stripe.base_url}/v1/charges", headers=headers, timeout=HANG)
    assert answer.status_code == 401 and "data" not in answer.json()


def test_the_key_may_come_as_a_user_name(saas, key):
    assert requests.get(f"{saas.stripe.base_url}/v1/account", auth=(key, ""), timeout=HANG).status_code == 200


@pytest.mark.parametrize("asked", [None, "2023-08-16", "2022-11-15", "2026-10-28.endive"])
def test_every_answer_has_an_id_and_says_the_version_whose_shape_it_has(asked, saas, http):
    answers = [
        http.get(saas.stripe.base_url + path, headers={"Stripe-Version": asked}, timeout=HANG)
        for path in ("/v1/charges", "/v1/no", "/v1/charges/ch_no")
    ]
    assert [a.headers["Stripe-Version"] for a in answers] == ["2023-08-16"] * 3 and len(
        {a.headers["Request-Id"] for a in answers}
    ) == 3


@pytest.mark.parametrize(
    "asked", ["rubbish", "2019-2-19", "2025-07-30", "2019-02-19.acacia", "2023-08-16 ", "", "2023-02-31"]
)
def test_a_version_that_never_was_is_refused(asked, saas, key):
    connection = HTTPConnection(saas.stripe.base_url.removeprefix("http://"), timeout=HANG)
    connection.request("GET", "/v1/subscriptions", headers={"Authorization": f"Bearer {key}", "Stripe-Version": asked})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Stripe-Version"]) == (400, "2023-08-16")


def test_a_refusal_names_its_request_as_its_header_does(get):
    answers = [get(path) for path in ("/v1/charges/ch_no", "/v1/no", "/v1/charges/ch_no")]
    names = [a.json()["error"]["request_log_url"].rpartition("/")[2] for a in answers]
    assert names == [a.headers["Request-Id"] for a in answers] and len(set(names)) == 3


# Two clocks

def test_with_the_real_clock_the_world_ends_now_and_events_are_fresh():
    clock = Clock.real()
    with Simulator(World(5, 30), clock, modules={"stripe": module}) as saas:
        answer = requests.get(
            f"{saas.stripe.base_url}/v1/events",
            params={"limit": 100},
            auth=(saas.stripe.credentials["api_key"], ""),
            timeout=HANG,
        )
    moments = [event["created"] for event in answer.json()["data"]]
    assert clock.now() - 3 * DAY < max(moments) <= clock.now() and min(moments) >= clock.now() - 30 * DAY


def test_every_moment_of_an_object_is_moved_by_the_same(get):
    with Simulator(WORLD, Clock.real(7 * DAY), modules={"stripe": module}) as saas:
        moved = requests.get(
            f"{saas.stripe.base_url}/v1/subscriptions",
            params={"limit": 3},
            auth=(saas.stripe.credentials["api_key"], ""),
            timeout=HANG,
        )
    names = ("created", "current_period_start", "current_period_end", "billing_cycle_anchor", "start_date")
    here = get("/v1/subscriptions", limit=3).json()["data"]
    assert [[o[n] - 7 * DAY for n in names] for o in moved.json()["data"]] == [[o[n] for n in names] for o in here]
