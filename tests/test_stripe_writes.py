"""Writing through the simulated Stripe: carried out once, told in events, and remembered."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

import environments.saas.stripe as module
from datasets.world import World
from environments.saas import Simulator
from environments.saas.stripe.store import Store
from tests.stripe_world import (  # noqa: F401 (fixtures)
    complaints,
    forgotten,
    get,
    http,
    key,
    of_schema,
    post,
    saas,
    walked,
)
from tests.waits import HANG


def test_a_customer_that_was_made_is_first_in_the_list(post, get, forgotten):
    made = post("/v1/customers", email="new@example.com", **{"metadata[from]": "test", "address[city]": "Lyon"}).json()
    assert get("/v1/customers", limit=1).json()["data"] == [made] and complaints(of_schema("customer"), made) == []


def test_an_update_is_told_with_what_was_before(post, get, forgotten):
    customer = get("/v1/customers").json()["data"][0]
    post(f"/v1/customers/{customer['id']}", name="Another Name", **{"metadata[vip]": "yes"})
    assert get("/v1/events", limit=1).json()["data"][0]["data"]["previous_attributes"] == {
        "name": customer["name"],
        "metadata": {"vip": None},
    }


def test_what_was_charged_and_billed_keeps_its_customers_old_name(post, get, forgotten):
    """And so says every answer: list, single object, and event."""
    bill = next(o for o in walked(get, "/v1/invoices") if o["charge"])
    before = [
        bill,
        get(f"/v1/charges/{bill['charge']}").json(),
        *walked(get, "/v1/events", type="charge.succeeded")[:5],
    ]
    post(f"/v1/customers/{bill['customer']}", name="Another Name", email="another@example.com")
    after = [get(f"/v1/invoices/{bill['id']}").json(), get(f"/v1/charges/{bill['charge']}").json(),
             *walked(get, "/v1/events", type="charge.succeeded")[:5]]
    assert after == before and bill in walked(get, "/v1/invoices", customer=bill["customer"])


def test_a_refund_moves_money_and_marks_its_charge(post, get, forgotten):
    charge = next(
        o
        for o in walked(get, "/v1/charges")
        if o["status"] == "succeeded" and not o["amount_refunded"] and not o["disputed"]
    )
    before = get("/v1/balance").json()
    refund = post("/v1/refunds", charge=charge["id"], amount=100).json()
    line = get(f"/v1/balance_transactions/{refund['balance_transaction']}").json()
    assert get(f"/v1/charges/{charge['id']}").json()["amount_refunded"] == 100
    assert (
        get("/v1/balance").json()["pending"][0]["amount"]
        == before["pending"][0]["amount"] + line["net"]
        < before["pending"][0]["amount"]
    )


def test_no_more_is_refunded_than_was_paid(post, get, forgotten):
    charge = next(
        o
        for o in walked(get, "/v1/charges")
        if o["status"] == "succeeded" and not o["amount_refunded"] and not o["disputed"]
    )
    answers = [post("/v1/refunds", charge=charge["id"], **more) for more in ({"amount": charge["amount"] + 1}, {}, {})]
    assert [a.status_code for a in answers] == [400, 200, 400]
    assert answers[2].json()["error"]["code"] == "charge_already_refunded"


def test_a_subscription_is_billed_changed_and_ended(post, get, forgotten):
    customer = post("/v1/customers", email="sub@example.com").json()["id"]
    cheap, dear = sorted(
        (o for o in walked(get, "/v1/prices", active="true", currency="usd")), key=lambda o: o["unit_amount"]
    )[:2]
    made = post(
        "/v1/subscriptions", customer=customer, **{"items[0][price]": cheap["id"], "expand[]": "latest_invoice"}
    ).json()
    post(
        f"/v1/subscriptions/{made['id']}",
        **{"items[0][id]": made["items"]["data"][0]["id"], "items[0][price]": dear["id"]},
    )
    ended = post(f"/v1/subscriptions/{made['id']}", verb="DELETE").json()
    assert (made["latest_invoice"]["status"], ended["status"], ended["items"]["data"][0]["price"]["id"]) == (
        "paid",
        "canceled",
        dear["id"],
    )
    told = Counter(
        e["type"]
        for e in get("/v1/events", limit=100).json()["data"]
        if e["data"]["object"].get("customer") == customer
    )
    assert (
        told["customer.subscription.created"]
        == told["customer.subscription.updated"]
        == told["customer.subscription.deleted"]
        == 1
    )


def test_every_answer_to_a_write_is_as_the_schema_says(post, get, forgotten):
    customer = post("/v1/customers", email="schema@example.com").json()
    price, other = (o["id"] for o in get("/v1/prices", active="true", currency="eur", limit=2).json()["data"])
    made = post("/v1/subscriptions", customer=customer["id"], **{"items[0][price]": price}).json()
    paused = post(
        f"/v1/subscriptions/{made['id']}",
        **{
            "items[0][id]": made["items"]["data"][0]["id"],
            "items[0][price]": other,
            "pause_collection[behavior]": "void",
        },
    ).json()
    ended = post(f"/v1/subscriptions/{made['id']}", verb="DELETE").json()
    refund = post(
        "/v1/refunds", charge=get("/v1/charges", customer=customer["id"]).json()["data"][0]["id"], amount=1
    ).json()
    assert [complaints(of_schema(shown["object"]), shown) for shown in (customer, made, paused, ended, refund)] == [
        []
    ] * 5


def test_a_trial_is_billed_at_nothing(post, get, forgotten):
    customer = post("/v1/customers", email="try@example.com").json()["id"]
    price = get("/v1/prices", active="true", currency="cad").json()["data"][0]["id"]
    made = post(
        "/v1/subscriptions",
        customer=customer,
        trial_period_days=14,
        **{"items[0][price]": price, "expand[]": "latest_invoice"},
    ).json()
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


def test_the_same_key_gives_a_refusal_again_and_no_other_parameters(post, get, forgotten):
    paid = next(o for o in walked(get, "/v1/charges") if o["refunded"])["id"]
    answers = [post("/v1/refunds", key="r", charge=paid, **more) for more in ({}, {}, {"reason": "duplicate"})]
    assert [answer.json()["error"].get("code") or answer.json()["error"]["type"] for answer in answers] == [
        "charge_already_refunded",
        "charge_already_refunded",
        "idempotency_error",
    ] and "Idempotent-Replayed" in answers[1].headers


def test_a_key_has_no_effect_on_a_deletion(post, get, forgotten):
    made = post("/v1/customers", key="d", email="d@example.com").json()["id"]
    assert [post(f"/v1/customers/{made}", key="d", verb="DELETE").status_code for _ in range(2)] == [200, 404]


def test_a_key_that_is_too_long_is_refused(post, get):
    assert post("/v1/customers", key="k" * 256).json()["error"]["type"] == "idempotency_error"


def test_a_refund_of_a_charge_by_another_payment_is_refused(post, get, forgotten):
    charge, other = [o for o in walked(get, "/v1/charges") if o["paid"] and not o["refunded"] and not o["disputed"]][:2]
    answers = [
        post("/v1/refunds", charge=charge["id"], payment_intent=intent, amount=1)
        for intent in ("pi_no", other["payment_intent"], charge["payment_intent"])
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 200]


def test_an_ended_subscription_takes_metadata_and_nothing_else(post, get, forgotten):
    ended = get("/v1/subscriptions", status="canceled", limit=1).json()["data"][0]["id"]
    answers = [
        post(f"/v1/subscriptions/{ended}", **form)
        for form in ({"metadata[why]": "moved"}, {"cancel_at_period_end": "true"})
    ]
    assert [answer.status_code for answer in answers] == [200, 400] and answers[0].json()["metadata"]["why"] == "moved"


@pytest.mark.parametrize(
    "path, form, param",
    [
        ("/v1/refunds", {}, "payment_intent"),
        ("/v1/refunds", {"charge": "ch_no"}, "charge"),
        ("/v1/subscriptions", {}, "customer"),
        ("/v1/customers", {"email": "nobody"}, "email"),
        ("/v1/customers", {"nmae": "x"}, "nmae"),
        ("/v1/customers?nmae=x", {}, "nmae"),
        ("/v1/customers", {"name[]": "x"}, "name"),
        ("/v1/customers", {"metadata": "x"}, "metadata"),
        ("/v1/customers", {"name": ["a", "b"]}, "name"),
        ("/v1/customers", {"address[town]": "x"}, "address[town]"),
        ("/v1/refunds", {"charge": "ch_no", "amount": "all"}, "amount"),
        ("/v1/refunds", {"charge": "ch_no", "reason": "boredom"}, "reason"),
        ("/v1/customers", {"metadata[]": "x"}, "metadata"),
        ("/v1/customers", {"metadata[a]": "v" * 501}, "metadata[a]"),
        ("/v1/customers", {f"metadata[{'k' * 41}]": "v"}, f"metadata[{'k' * 41}]"),
        ("/v1/customers", {f"metadata[{n}]": "v" for n in range(51)}, "metadata"),
        ("/v1/customers", {"expand[]": "bogus"}, "expand"),
    ],
)
def test_a_write_that_cannot_be_is_refused_and_changes_nothing(path, form, param, post, get):
    before = get("/v1/events", limit=1).json()
    answer = post(path, **form)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param) and get(
        "/v1/events", limit=1
    ).json() == before


@pytest.mark.parametrize(
    "body",
    [
        {"json": {"email": "a@example.com"}},
        {"data": "x", "headers": {"Content-Type": "text/plain"}},
        {"files": {"name": (None, "x")}},
        {"data": '{"email": "a@example.com"}', "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    ],
)
def test_a_body_that_is_no_form_is_refused_and_changes_nothing(body, saas, http, get):
    before = get("/v1/customers").json()
    answer = http.post(f"{saas.stripe.base_url}/v1/customers", timeout=HANG, **body)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error") and get(
        "/v1/customers"
    ).json() == before


@pytest.mark.parametrize(
    "path, form",
    [
        ("/v1/customers", {"shipping[name]": "x", "shipping[address][line1]": "y"}),
        ("/v1/customers", {"balance": "5"}),
        ("/v1/subscriptions", {"customer": "cus_x", "items[0][quantity]": "2"}),
        ("/v1/subscriptions", {"customer": "cus_x", "coupon": "HALF"}),
    ],
)
def test_a_parameter_that_the_simulator_does_not_serve_is_told_apart(path, form, post, get):
    before = get("/v1/events", limit=1).json()
    answer = post(path, **form)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], "simulator does not serve" in error["message"]) == (
        400,
        "not_served_by_simulator",
        True,
    )
    assert get("/v1/events", limit=1).json() == before


def test_a_second_price_is_not_taken_for_another_price(post, get, forgotten):
    subscription, other = get("/v1/subscriptions").json()["data"][0], get("/v1/prices").json()["data"][0]["id"]
    assert (
        post(f"/v1/subscriptions/{subscription['id']}", **{"items[0][price]": other}).json()["error"]["code"]
        == "not_served_by_simulator"
    )


def test_a_refund_keeps_its_metadata(post, get, forgotten):
    charge = next(o for o in walked(get, "/v1/charges") if o["paid"] and not o["refunded"] and not o["disputed"])
    assert post("/v1/refunds", charge=charge["id"], amount=1, **{"metadata[ticket]": "7"}).json()["metadata"] == {
        "ticket": "7"
    }


# Deleting a customer

@pytest.fixture
def deleted(post, get, forgotten):
    """A customer with a running subscription, deleted; what it was before."""
    customer = get(f"/v1/customers/{get('/v1/subscriptions').json()['data'][0]['customer']}").json()
    assert post(f"/v1/customers/{customer['id']}", verb="DELETE").json() == {
        "id": customer["id"],
        "object": "customer",
        "deleted": True,
    }
    return customer


def test_of_a_deleted_customer_a_stub_is_left(deleted, get):
    stub = get(f"/v1/customers/{deleted['id']}").json()
    assert (
        stub == {"id": deleted["id"], "object": "customer", "deleted": True}
        and complaints(of_schema("deleted_customer"), stub) == []
    )


def test_a_deleted_customer_is_expanded_into_nothing(deleted, get):
    path = f"/v1/customers/{deleted['id']}"
    assert (
        get(path, **{"expand[]": "subscriptions"}).json() == get(path).json()
        and get(f"{path}/sources").status_code == 404
    )


def test_a_deleted_customer_is_in_no_list(deleted, get):
    assert (
        deleted["id"] not in {o["id"] for o in walked(get, "/v1/customers")}
        and get("/v1/customers", email=deleted["email"]).json()["data"] == []
    )


@pytest.mark.parametrize("cursor", ["starting_after", "ending_before"])
def test_a_list_does_not_go_on_from_a_deleted_customer(cursor, deleted, get):
    answer = get("/v1/customers", **{cursor: deleted["id"]})
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["message"]) == (
        400, "resource_missing", f"No such customer: '{deleted['id']}'")


def test_with_a_customer_its_subscriptions_end(deleted, get):
    assert {o["status"] for o in walked(get, "/v1/subscriptions", customer=deleted["id"], status="all")} == {"canceled"}


def test_a_deletion_is_told_with_the_customer_as_it_was(deleted, get):
    told = get("/v1/events", limit=2).json()["data"]
    assert [event["type"] for event in told] == ["customer.deleted", "customer.subscription.deleted"]
    assert told[0]["data"]["object"] == deleted


def test_what_a_deleted_customer_paid_stays(deleted, get):
    charges = walked(get, "/v1/charges", customer=deleted["id"], **{"expand[]": "data.customer"})
    assert charges and charges[0]["customer"] == {"id": deleted["id"], "object": "customer", "deleted": True}


@pytest.mark.parametrize(
    "verb, path, form",
    [
        ("POST", "/v1/customers/{id}", {"name": "x"}),
        ("DELETE", "/v1/customers/{id}", {}),
        ("POST", "/v1/subscriptions", {"customer": "{id}"}),
    ],
)
def test_nothing_more_is_done_to_a_deleted_customer(verb, path, form, deleted, post):
    answer = post(
        path.format(id=deleted["id"]),
        verb=verb,
        **{name: value.format(id=deleted["id"]) for name, value in form.items()},
    )
    assert answer.json()["error"]["message"] == f"No such customer: '{deleted['id']}'"


def test_a_reset_brings_a_deleted_customer_back(deleted, saas, get):
    saas.reset()
    assert get(f"/v1/customers/{deleted['id']}").json() == deleted


def test_a_list_does_not_go_on_from_a_subscription_that_ended_meanwhile(post, get, forgotten):
    subscription = get("/v1/subscriptions").json()["data"][0]["id"]
    post(f"/v1/subscriptions/{subscription}", verb="DELETE")
    answers = [
        get("/v1/subscriptions", starting_after=subscription, **more).status_code for more in ({}, {"status": "all"})
    ]
    assert answers == [400, 200]


def test_nothing_is_missed_or_doubled_while_others_write(post, get, forgotten):
    before, found, cursor = {o["id"] for o in walked(get, "/v1/customers")}, [], {}
    while True:
        page = get("/v1/customers", limit=9, **cursor).json()
        found += [o["id"] for o in page["data"]]
        post("/v1/customers", email="added@example.com")
        if not page["has_more"]:
            break
        cursor = {"starting_after": found[-1]}
    assert len(found) == len(set(found)) and set(found) == before


def test_one_key_from_many_at_once_writes_once(post, get, forgotten):
    with ThreadPoolExecutor(8) as many:
        answers = list(
            many.map(lambda _: post("/v1/customers", key="many", email="many@example.com").json()["id"], range(24))
        )
    assert len(set(answers)) == len(walked(get, "/v1/customers", email="many@example.com")) == 1


def test_the_log_alone_makes_the_same_world_again():
    simulator = Simulator(World(3, 20), modules={"stripe": module})
    with simulator as saas, requests.Session() as http:
        http.auth, url = (saas.stripe.credentials["api_key"], ""), saas.stripe.base_url
        customer = http.post(f"{url}/v1/customers", {"email": "a@example.com"}, timeout=HANG).json()
        charge = next(
            o
            for o in http.get(f"{url}/v1/charges?limit=100", timeout=HANG).json()["data"]
            if o["paid"] and not o["amount_refunded"]
        )
        http.post(f"{url}/v1/refunds", {"charge": charge["id"], "amount": 5}, timeout=HANG)
        seen = [
            http.get(f"{url}/v1/{path}?limit=100", timeout=HANG).json()["data"]
            for path in ("events", "charges", "balance_transactions")
        ]
    again = Store(simulator.state)
    assert again.shown(customer["id"]) == customer and seen == [
        [again.event(p) for p in again.events()[0][:-101:-1]],
        *([again.shown(id) for id in again.ids[kind][:-101:-1]] for kind in ("charge", "balance_transaction")),
    ]
