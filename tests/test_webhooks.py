"""Webhooks of the simulated Stripe: events that come to a receiver, as Stripe's own client reads them."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe

import environments.saas.stripe as module
from environments import faults
from environments.saas import Simulator
from environments.saas.app import State
from environments.saas.log import Log
from environments.saas.stripe import webhooks
from tests.stripe_world import WORLD, client, forgotten, get, http, key, post, saas  # noqa: F401 (fixtures)
from tests.waits import HANG


class Receiver:
    """Takes what is posted to it; answers with the statuses it was given,
    then with 200. A status None: no answer until the end."""

    def __init__(self):
        self.got, self.statuses, self.ended = queue.Queue(), [], threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler):
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                status = self.statuses.pop(0) if self.statuses else 200
                self.got.put((body, handler.headers["Stripe-Signature"]))
                if status is None:
                    self.ended.wait()
                handler.send_response(status or 200)
                handler.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    def next(self) -> dict:
        return json.loads(self.got.get(timeout=HANG)[0])

    def close(self) -> None:
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def endpoint(client, receiver, forgotten, monkeypatch):
    """An endpoint for all events, which is tried again at once."""
    monkeypatch.setattr(webhooks, "RETRIES", (0, 0, 0))
    return client.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["*"], "metadata": {"team": "data"}}
    )


def test_an_event_comes_signed_as_stripes_client_demands(endpoint, receiver, client):
    made = client.v1.customers.create({"name": "Ada"})
    event = stripe.Webhook.construct_event(*receiver.got.get(timeout=HANG), endpoint.secret)
    assert (event.type, event.data.object.id, event.api_version) == ("customer.created", made.id, "2023-08-16")


def test_another_secret_does_not_fit(endpoint, receiver, client):
    client.v1.customers.create({"name": "Ada"})
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(*receiver.got.get(timeout=HANG), "whsec_another")


def test_what_comes_is_what_the_list_of_events_has(endpoint, receiver, client, get):
    client.v1.customers.create({"name": "Ada"})
    came, listed = receiver.next(), get("/v1/events", limit=1).json()["data"][0]
    assert came | {"pending_webhooks": 0} == listed | {"pending_webhooks": 0}


def test_only_the_types_that_an_endpoint_wants_are_sent_to_it(receiver, client, forgotten):
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["customer.deleted"]})
    client.v1.customers.delete(client.v1.customers.create({"name": "Ada"}).id)
    assert receiver.next()["type"] == "customer.deleted"


def test_a_secret_is_shown_once(endpoint, client, get):
    assert endpoint.secret.startswith("whsec_") and "secret" not in get("/v1/webhook_endpoints").json()["data"][0]


def test_the_same_key_gives_the_same_secret(client, receiver, forgotten):
    made = [
        client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]}, {"idempotency_key": "hook"})
        for _ in range(2)
    ]
    assert made[0].secret == made[1].secret and made[0].id == made[1].id


def test_an_endpoint_is_changed_disabled_and_deleted(endpoint, client, get):
    changed = client.v1.webhook_endpoints.update(endpoint.id, {"enabled_events": ["charge.refunded"], "disabled": True})
    gone = client.v1.webhook_endpoints.delete(endpoint.id)
    assert (
        changed.status,
        changed.enabled_events,
        gone.deleted,
        get(f"/v1/webhook_endpoints/{endpoint.id}").status_code,
        get("/v1/webhook_endpoints").json()["data"],
    ) == ("disabled", ["charge.refunded"], True, 404, [])


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook", "http://192.168.0.1/", "http://127.0.0.1@example.com/", "http://0.0.0.0/",
        "ftp://127.0.0.1/", "https://127.0.0.1/", "127.0.0.1:80", "http://127.0.0.1:99999/",
        "http://127.0.0.1/\r\nX-Evil: 1", "http://[::ffff:8.8.8.8]/",
    ],
)
def test_events_go_to_this_machine_alone(url, post, get, forgotten):
    answer = post("/v1/webhook_endpoints", url=url, **{"enabled_events[]": "*"})
    assert (answer.status_code, answer.json()["error"]["param"], get("/v1/webhook_endpoints").json()["data"]) == (
        400,
        "url",
        [],
    )


@pytest.mark.parametrize(
    "form, param",
    [
        ({"enabled_events[]": "customer.made"}, "enabled_events[0]"),
        ({"enabled_events": "*"}, "enabled_events"),
        ({}, "enabled_events"),
        ({"enabled_events[]": "*", "api_version": "rubbish"}, "api_version"),
    ],
)
def test_a_broken_endpoint_is_refused(form, param, post):
    answer = post("/v1/webhook_endpoints", url="http://127.0.0.1:1/", **form)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_what_failed_is_sent_again(endpoint, receiver, client):
    receiver.statuses = [500, 302]
    client.v1.customers.create({"name": "Ada"})
    assert len({receiver.next()["id"] for _ in range(3)}) == 1


def test_it_is_not_tried_for_ever_and_the_event_is_listed_as_not_delivered(endpoint, receiver, client, get, watch):
    receiver.statuses = [500] * 4
    client.v1.customers.create({"name": "Ada"})
    tried = [receiver.next()["id"] for _ in range(4)]
    client.v1.customers.create({"name": "Bob"})
    assert receiver.next()["id"] != tried[0]
    watch(lambda: [event["id"] for event in get("/v1/events", delivery_success="false").json()["data"]] == tried[:1])
    assert get(f"/v1/events/{tried[0]}").json()["pending_webhooks"] == 1 and receiver.got.empty()


def test_a_dead_receiver_disturbs_nobody(client, get, forgotten, receiver):
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    made = client.v1.customers.create({"name": "Ada"})
    assert receiver.next()["data"]["object"]["id"] == made.id


def test_a_receiver_that_does_not_answer_holds_up_neither_the_api_nor_others(client, get, forgotten, receiver, hung):
    for url in (hung.url, receiver.url):
        client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
    made = [client.v1.customers.create({"name": name}).id for name in "abc"]
    assert [receiver.next()["data"]["object"]["id"] for _ in made] == made


@pytest.fixture
def hung():
    opened = Receiver()
    opened.statuses = [None] * 10
    yield opened
    opened.close()


def test_a_healthy_receiver_gets_events_in_their_order(endpoint, receiver, client):
    made = [client.v1.customers.create({"name": str(n)}).id for n in range(20)]
    assert [receiver.next()["data"]["object"]["id"] for _ in made] == made


def test_an_event_may_come_twice(endpoint, receiver, client, saas):
    with saas.stripe.inject(faults.WEBHOOK_TWICE) as hits:
        client.v1.customers.create({"name": "Ada"})
        assert receiver.next() == receiver.next() and hits.count == 1


@pytest.mark.slow
def test_events_may_come_in_another_order(endpoint, receiver, client, saas):
    with saas.stripe.inject(faults.WEBHOOK_LATE):
        for name in "ab":
            client.v1.customers.create({"name": name})
        assert [receiver.next()["data"]["object"]["name"] for _ in "ab"] == ["b", "a"]


def test_a_reset_forgets_endpoints_and_sends_nothing_more(endpoint, receiver, client, saas, get):
    saas.reset()
    client.v1.customers.create({"name": "Ada"})
    assert get("/v1/webhook_endpoints").json()["data"] == [] and receiver.got.empty()


def test_a_simulator_that_was_killed_sends_what_is_left_and_no_more(receiver, tmp_path, monkeypatch):
    """The log alone says what is due: one event was taken before the end, the other was not."""
    monkeypatch.setattr(webhooks, "RETRIES", ())
    made = Simulator(WORLD, modules={"stripe": module})
    keys = made.state.keys

    def simulator():
        again = Simulator(WORLD, modules={"stripe": module})
        again.state = State(WORLD, made.state.clock, Log(tmp_path / "log.jsonl", made.state.clock), keys)
        return again

    with simulator() as saas:
        client = stripe.StripeClient(keys.stripe, base_addresses={"api": saas.stripe.base_url})
        secret = client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]}).secret
        client.v1.customers.create({"name": "Ada"})
        receiver.next()
        receiver.statuses = [None]
        left = client.v1.customers.create({"name": "Bob"}).id
        receiver.next()
    with simulator() as saas:
        stripe.StripeClient(keys.stripe, base_addresses={"api": saas.stripe.base_url}).v1.customers.list()
        event = stripe.Webhook.construct_event(*receiver.got.get(timeout=HANG), secret)
        assert event.data.object.id == left and receiver.got.empty()


@pytest.fixture
def watch():
    from environments.waiting import wait_until

    return lambda fact: wait_until(fact, HANG, "the event to be given up")
