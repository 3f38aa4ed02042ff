"""The simulated Stripe as Stripe's own client finds it: nothing of it is changed but the base address."""

import pytest
import stripe

import environments.saas.stripe as module
from datasets.billing import Billing
from datasets.shape import DAY, SHAPE
from datasets.world import World
from environments import faults
from environments.saas import Simulator
from environments.saas.clock import Clock
from tests.stripe_world import client, forgotten, get, http, key, saas, truth, walked  # noqa: F401 (fixtures)


def test_its_client_pages_through_a_list(client, truth):
    assert (
        len({customer.id for customer in client.v1.customers.list({"limit": 100}).auto_paging_iter()})
        == truth["customers"]
    )


def test_its_client_filters_and_expands(client):
    page = client.v1.charges.list(
        {"limit": 3, "created": {"lt": SHAPE.now - 90 * DAY}, "expand": ["data.customer", "data.balance_transaction"]}
    )
    assert all(charge.customer.object == "customer" and charge.balance_transaction.net for charge in page.data)


def test_its_client_writes_once_however_often_it_is_told(client, forgotten):
    made = [client.v1.customers.create({"email": "sdk@example.com"}, {"idempotency_key": "sdk"}).id for _ in range(3)]
    assert len(set(made)) == 1


@pytest.mark.parametrize(
    "does, error",
    [
        (lambda c: c.v1.customers.retrieve("cus_no"), stripe.InvalidRequestError),
        (lambda c: c.v1.charges.list({"limit": 1000}), stripe.InvalidRequestError),
        (
            lambda c: [c.v1.customers.create({"email": f"{n}@example.com"}, {"idempotency_key": "same"}) for n in "ab"],
            stripe.IdempotencyError,
        ),
    ],
)
def test_its_client_raises_its_own_errors(does, error, client, forgotten):
    with pytest.raises(error):
        does(client)


def test_its_client_knows_a_wrong_key(saas):
    with pytest.raises(stripe.AuthenticationError):
        stripe.StripeClient("sk_test_wrong", base_addresses={"api": saas.stripe.base_url}).v1.customers.list()


@pytest.fixture
def impatient(monkeypatch):
    """Its client waits no longer than needed before it tries again."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.02)


@pytest.mark.parametrize(
    "fault, error",
    [
        (faults.RATE_LIMITED_FOR_GOOD, stripe.RateLimitError),
        (faults.KEY_EXPIRED, stripe.AuthenticationError),
        (faults.PERMISSION_REVOKED.but(route="GET /v1/*"), stripe.PermissionError),
        (faults.DROPPED.but(times=None), stripe.APIConnectionError),
        (faults.INTERNAL_ERROR.but(times=None), stripe.APIError),
    ],
    ids=lambda case: getattr(case, "name", ""),
)
def test_its_client_raises_its_own_error_for_every_failure(fault, error, saas, client):
    with saas.stripe.inject(fault), pytest.raises(error) as raised:
        client.v1.customers.list()
    assert type(raised.value) is error


@pytest.mark.parametrize(
    "fault", [faults.RATE_LIMITED, faults.INTERNAL_ERROR, faults.DROPPED], ids=lambda case: case.name
)
def test_its_client_tries_again_and_finds_all(fault, saas, key, truth, impatient):
    client = stripe.StripeClient(key, base_addresses={"api": saas.stripe.base_url}, max_network_retries=3)
    with saas.stripe.inject(fault):
        assert (
            len({customer.id for customer in client.v1.customers.list({"limit": 20}).auto_paging_iter()})
            == truth["customers"]
        )


def test_a_refund_whose_answer_was_lost_is_made_once(saas, key, get, impatient, forgotten):
    client = stripe.StripeClient(key, base_addresses={"api": saas.stripe.base_url}, max_network_retries=2)
    charge = next(
        o
        for o in walked(get, "/v1/charges")
        if o["status"] == "succeeded" and not o["amount_refunded"] and not o["disputed"]
    )
    with saas.stripe.inject(faults.WRITTEN_BUT_DROPPED) as hits:
        made = client.v1.refunds.create({"charge": charge["id"], "amount": 7})
    assert hits.count == 1 and [o["id"] for o in walked(get, "/v1/refunds", charge=charge["id"])] == [made.id]


def test_its_client_names_the_request_that_failed(client):
    with pytest.raises(stripe.InvalidRequestError) as raised:
        client.v1.charges.retrieve("ch_no")
    assert raised.value.request_id.startswith("req_") and (raised.value.code, raised.value.param) == (
        "resource_missing",
        "id",
    )


def test_its_client_makes_changes_and_ends_a_subscription(client, get, forgotten):
    cheap, dear = sorted(
        (o for o in walked(get, "/v1/prices", active="true", currency="usd")), key=lambda o: o["unit_amount"]
    )[:2]
    customer = client.v1.customers.create({"email": "sdk@example.com", "metadata": {"household_id": "none"}})
    made = client.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": cheap["id"]}], "expand": ["latest_invoice.payment_intent"]}
    )
    client.v1.subscriptions.update(
        made.id, {"items": [{"id": made["items"].data[0].id, "price": dear["id"]}], "cancel_at_period_end": True}
    )
    ended = client.v1.subscriptions.cancel(made.id)
    assert (made.latest_invoice.payment_intent.amount, ended.status, ended["items"].data[0].price.id) == (
        cheap["unit_amount"],
        "canceled",
        dear["id"],
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "clock",
    [Clock.fixed(), Clock.real(), Clock.real(Clock.real().shift - 5 * DAY)],
    ids=["fixed", "real", "for five days"],
)
def test_the_truth_knows_which_events_are_still_kept(clock):
    with Simulator(World(5, 30), clock, modules={"stripe": module}) as saas:
        client = stripe.StripeClient(saas.stripe.credentials["api_key"], base_addresses={"api": saas.stripe.base_url})
        found = {event.id for event in client.v1.events.list({"limit": 100}).auto_paging_iter()}
    assert len(found) == Billing(World(5, 30)).truth(clock.now() - clock.shift)["stripe"]["events"]
