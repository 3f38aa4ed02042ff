"""Every fault shows its symptom over HTTP, only where and as long as it is meant to, and is gone after a reset."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass

import pytest
import requests

from datasets.shape import DAY as DAY_SECONDS
from datasets.shape import SHAPE
from datasets.world import World
from environments.errors import LabsError
from environments.faults import (
    AMPLITUDE_KEY_ROTATED,
    AMPLITUDE_RATE_LIMITED,
    API_VERSION_BUMPED,
    CHANGED_WHILE_PAGED,
    CLOCK_SKEW,
    DROPPED,
    DUPLICATES,
    DUPLICATES_WITHOUT_ID,
    EMPTY_EXPORT,
    ENUM_GROWN,
    EXPORT_TIMED_OUT,
    FAULTS,
    FIELD_GONE,
    FIELD_RENAMED,
    INTERNAL_ERROR,
    KEY_EXPIRED,
    KEY_ROTATED,
    LATE_CHARGES,
    LATE_RECORDS,
    MIXPANEL_DOWN,
    MIXPANEL_KEY_ROTATED,
    MIXPANEL_RATE_LIMITED,
    NO_DATA,
    OLD_CHARGE_REFUNDED,
    PERMISSION_REVOKED,
    PROPERTY_RENAMED,
    RATE_LIMITED,
    RATE_LIMITED_FOR_GOOD,
    SERVER_ERRORS,
    TIMEOUT,
    TRUNCATED,
    TRUNCATED_SILENTLY,
    TYPE_CHANGED,
    WRITTEN_BUT_DROPPED,
)
from environments.saas import Simulator
from environments.saas.effects import Delay
from environments.saas.fault import fault
from environments.waiting import wait_until
from tests.tiny_apis import TINY
from tests.waits import HANG

DAY = {"mixpanel": ("/api/2.0/export", {"from_date": "2026-06-01", "to_date": "2026-06-01"}),
       "amplitude": ("/api/2/export", {"start": "20260601T00", "end": "20260601T23"})}
NO_ANSWER = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@pytest.fixture(scope="module", params=[TINY, None], ids=["tiny", "whole"])
def running(request):
    """A simulator: of APIs with next to nothing in them, and of the whole ones over a small world."""
    with Simulator(World(7, 20), modules=request.param) as saas:
        yield saas


@pytest.fixture
def saas(running):
    yield running
    running.reset()


@dataclass
class Client:
    """Somebody who uses the APIs, with the keys of the day they began."""

    saas: object
    keys: dict

    def get(self, api: str, path: str, timeout: float = HANG, **query):
        return requests.get(self.saas.apis[api].base_url + path, query, timeout=timeout, **self._auth(api))

    def post(self, path: str, **form):
        return requests.post(self.saas.stripe.base_url + path, form, timeout=HANG, **self._auth("stripe"))

    def stripe(self, path: str = "/v1/charges", **query):
        return self.get("stripe", path, **query)

    def charges(self) -> list[dict]:
        """The newest hundred at most."""
        return self.stripe(limit=100).json()["data"]

    def walk(self, path: str) -> list[dict]:
        """All objects of a list, ten by ten."""
        found, more = [], True
        while more:
            page = self.stripe(path, **{"starting_after": found[-1]["id"]} if found else {}).json()
            found, more = found + page["data"], page["has_more"]
        return found

    def export(self, api: str):
        path, query = DAY[api]
        return self.get(api, path, project_id=self.keys["mixpanel"]["project_id"], **query)

    def events(self, api: str) -> list[dict]:
        body = self.export(api).content
        return [json.loads(line) for line in (body if api == "mixpanel" else unpacked(body)).splitlines()]

    def _auth(self, api: str) -> dict:
        mine = self.keys[api]
        if api == "stripe":
            return {"headers": {"Authorization": f"Bearer {mine['api_key']}"}}
        return {
            "auth": (mine["username"], mine["secret"]) if api == "mixpanel" else (mine["api_key"], mine["secret_key"])
        }


def unpacked(body: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(body)) as whole:
        return b"".join(gzip.decompress(whole.read(name)) for name in whole.namelist())


@pytest.fixture
def client(saas):
    return Client(saas, saas.as_dict())


def ask(client: Client, case) -> requests.Response:
    """The request that a fault is about."""
    if case.api != "stripe":
        return client.export(case.api)
    return client.stripe("/v1/balance_transactions" if "balance" in case.route else "/v1/charges")


# The catalogue

@pytest.mark.parametrize("case", FAULTS.values(), ids=FAULTS)
def test_a_fault_says_what_it_looks_like_why_it_happens_and_what_helps(case):
    assert all(20 < len(words) < 250 and words.endswith(".") for words in (case.symptom, case.cause, case.repair))


@pytest.mark.parametrize("case", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_data_and_comes_back_from_json_as_it_was(case):
    assert fault(json.loads(json.dumps(case.as_dict()))) == case


@pytest.mark.parametrize(
    "spoilt",
    [
        {},
        {"effects": []},
        RATE_LIMITED.as_dict() | {"effects": [{"kind": "Nothing"}]},
        RATE_LIMITED.as_dict() | {"effects": [3]},
        RATE_LIMITED.as_dict() | {"effects": [{"kind": "Delay"}]},
        RATE_LIMITED.as_dict() | {"colour": "red"},
    ],
)
def test_what_is_no_fault_is_refused(spoilt):
    with pytest.raises(ValueError):
        fault(spoilt)


# Failures instead of answers

FAILURES = [
    (RATE_LIMITED, 429),
    (RATE_LIMITED_FOR_GOOD, 429),
    (MIXPANEL_RATE_LIMITED, 429),
    (AMPLITUDE_RATE_LIMITED, 429),
    (SERVER_ERRORS, 503),
    (INTERNAL_ERROR, 500),
    (MIXPANEL_DOWN, 502),
    (EXPORT_TIMED_OUT, 504),
    (KEY_EXPIRED, 401),
    (KEY_ROTATED, 401),
    (MIXPANEL_KEY_ROTATED, 401),
    (AMPLITUDE_KEY_ROTATED, 401),
    (PERMISSION_REVOKED, 403),
    (NO_DATA, 404),
]


@pytest.mark.parametrize("case, status", FAILURES, ids=lambda value: getattr(value, "name", None))
def test_a_failure_has_its_status_and_is_over_with_the_block(saas, client, case, status):
    with saas.apis[case.api].inject(case):
        during = ask(client, case).status_code
    assert (during, ask(client, case).status_code) == (status, 200)


@pytest.mark.parametrize("case", [RATE_LIMITED, SERVER_ERRORS, INTERNAL_ERROR, MIXPANEL_DOWN, EXPORT_TIMED_OUT],
                         ids=lambda case: case.name)
def test_a_passing_failure_hits_as_often_as_it_says_and_no_more(saas, client, case):
    with saas.apis[case.api].inject(case) as hits:
        statuses = [ask(client, case).status_code for _ in range(case.times + 2)]
    assert (statuses[-2:], hits.count) == ([200, 200], case.times)


def test_a_rate_limit_says_whether_to_retry(saas, client):
    with saas.stripe.inject(RATE_LIMITED):
        answer = client.stripe()
    assert (
        answer.headers["Stripe-Should-Retry"],
        answer.headers["Stripe-Rate-Limited-Reason"],
        answer.json()["error"]["code"],
    ) == ("true", "global-rate", "rate_limit")


def test_an_expired_key_is_named_by_its_last_four_characters(saas, client):
    with saas.stripe.inject(KEY_EXPIRED):
        error = client.stripe().json()["error"]
    assert (error["code"], error["type"], error["message"]) == (
        "api_key_expired",
        "invalid_request_error",
        f"Expired API Key provided: sk_test_***{client.keys['stripe']['api_key'][-4:]}",
    )


@pytest.mark.parametrize(
    "case", [KEY_EXPIRED, KEY_ROTATED, MIXPANEL_KEY_ROTATED, AMPLITUDE_KEY_ROTATED], ids=lambda case: case.name
)
def test_the_new_key_works_while_the_old_one_does_not_and_no_longer(saas, client, case):
    with saas.apis[case.api].inject(case):
        renewed = Client(saas, saas.as_dict())
        during = ask(renewed, case).status_code
    assert (during, ask(renewed, case).status_code) == (200, 401)


def test_a_revoked_permission_concerns_its_resource_alone(saas, client):
    with saas.stripe.inject(PERMISSION_REVOKED):
        assert client.stripe("/v1/charges").status_code == 200


# No answer, or half of one

def test_a_timeout_lets_the_client_wait(saas, client):
    with saas.stripe.inject(TIMEOUT), pytest.raises(requests.Timeout):
        client.stripe(timeout=0.3)


def test_others_are_served_while_one_waits(saas, client):
    with saas.stripe.inject(TIMEOUT):
        with pytest.raises(requests.Timeout):
            client.stripe(timeout=0.3)
        assert client.stripe("/v1/customers").status_code == 200


def test_a_delay_ends_in_the_answer(saas, client):
    with saas.stripe.inject(TIMEOUT.but(effects=(Delay(0.2),))) as hits:
        client.stripe()
    assert (hits.requests[0]["status"], hits.requests[0]["took"] >= 0.2) == (200, True)


def test_a_dropped_connection_gives_no_answer(saas, client):
    with saas.stripe.inject(DROPPED), pytest.raises(NO_ANSWER):
        client.stripe()


def test_the_request_after_a_dropped_one_is_answered(saas, client):
    with saas.stripe.inject(DROPPED) as hits:
        with pytest.raises(NO_ANSWER):
            client.stripe()
        assert (client.stripe().status_code, hits.requests[0]["status"]) == (200, None)


def test_a_write_may_be_done_although_its_answer_is_lost(saas, client):
    with saas.stripe.inject(WRITTEN_BUT_DROPPED), pytest.raises(NO_ANSWER):
        client.post("/v1/customers", name="Ada")
    assert client.stripe("/v1/customers", limit=1).json()["data"][0]["name"] == "Ada"


def test_a_truncated_answer_breaks_off(saas, client):
    with saas.mixpanel.inject(TRUNCATED), pytest.raises(NO_ANSWER):
        client.export("mixpanel")


def test_a_silently_truncated_answer_looks_whole_but_for_its_last_line(saas, client):
    whole = client.export("mixpanel").content
    with saas.mixpanel.inject(TRUNCATED_SILENTLY):
        assert client.export("mixpanel").content == whole[:len(whole) // 2]


# Schema drift

def test_a_renamed_field_is_there_under_its_new_name(saas, client):
    with saas.stripe.inject(FIELD_RENAMED):
        assert {("amount_refunded" in c, "refunded_amount" in c) for c in client.charges()} == {(False, True)}


def test_a_changed_type_keeps_the_value(saas, client):
    before = [charge["amount"] for charge in client.charges()]
    with saas.stripe.inject(TYPE_CHANGED):
        assert [charge["amount"] for charge in client.charges()] == [str(amount) for amount in before]


def test_a_field_is_gone(saas, client):
    with saas.stripe.inject(FIELD_GONE):
        assert [charge for charge in client.charges() if "currency" in charge] == []


def test_a_grown_enum_shows_its_new_value_on_some_and_always_the_same(saas, client):
    with saas.stripe.inject(ENUM_GROWN):
        new = [[c["id"] for c in client.charges() if c["status"] == "requires_review"] for _ in range(2)]
    assert (new[0] == new[1], 0 < len(new[0]) < 50) == (True, True)


def test_a_new_version_says_so_and_has_no_period_on_subscriptions(saas, client):
    with saas.stripe.inject(API_VERSION_BUMPED):
        answer = client.stripe("/v1/subscriptions")
    assert (answer.headers["Stripe-Version"], [s for s in answer.json()["data"] if "current_period_end" in s]) == (
        "2025-03-31.basil",
        [],
    )


def test_a_renamed_property_is_there_under_its_new_name(saas, client):
    with saas.mixpanel.inject(PROPERTY_RENAMED):
        assert not any("$os" in event["properties"] for event in client.events("mixpanel"))


# Late, twice, changed

def missing(before: list[dict], during: list[dict]) -> int:
    """How many records are held back; -1 where one is changed or new."""
    known = [json.dumps(record, sort_keys=True) for record in before]
    return len(before) - len(during) if all(json.dumps(record, sort_keys=True) in known for record in during) else -1


def test_late_records_are_there_later(saas, client):
    before = client.events("amplitude")
    with saas.amplitude.inject(LATE_RECORDS):
        late = missing(before, client.events("amplitude"))
    assert (0 < late < len(before) / 2, client.events("amplitude") == before) == (True, True)


def test_late_charges_are_held_back(saas, client):
    before = client.charges()
    with saas.stripe.inject(LATE_CHARGES):
        assert 0 < missing(before, client.charges()) < len(before) / 2


def insert_ids(events: list[dict]) -> list:
    return [event["properties"].get("$insert_id") for event in events]


def test_duplicates_have_the_same_insert_id(saas, client):
    before = client.events("mixpanel")
    with saas.mixpanel.inject(DUPLICATES):
        during = client.events("mixpanel")
    assert (len(during) > len(before), set(insert_ids(during))) == (True, set(insert_ids(before)))


def test_duplicates_without_an_id_differ_in_nothing_else(saas, client):
    before = client.events("mixpanel")
    with saas.mixpanel.inject(DUPLICATES_WITHOUT_ID):
        during = client.events("mixpanel")
    assert (len(during) - len(before), insert_ids(during).count(None)) == (
        insert_ids(during).count(None),
        len(during) - len(before),
    )


def test_an_empty_export_is_a_success_with_nothing_in_it(saas, client):
    with saas.mixpanel.inject(EMPTY_EXPORT):
        answer = client.export("mixpanel")
    assert (answer.status_code, answer.content) == (200, b"")


def test_some_clocks_are_a_day_ahead(saas, client):
    before = [event["properties"]["time"] for event in client.events("mixpanel")]
    with saas.mixpanel.inject(CLOCK_SKEW):
        during = [event["properties"]["time"] for event in client.events("mixpanel")]
    assert {after - at for at, after in zip(before, during, strict=True)} == {0, 30 * 3600}


def refunded(client: Client) -> dict[str, int]:
    """The refunded charges, and when each was made."""
    return {charge["id"]: charge["created"] for charge in client.walk("/v1/charges") if charge["refunded"]}


def test_an_old_charge_is_refunded_by_a_real_write(saas, client):
    before = refunded(client)
    with saas.stripe.inject(OLD_CHARGE_REFUNDED):
        client.stripe("/v1/customers")
    new = {id: made for id, made in refunded(client).items() if id not in before}
    assert (len(new), max(new.values()) <= SHAPE.now - 45 * DAY_SECONDS) == (1, True)


def test_customers_sign_up_while_their_pages_are_read(saas, client):
    with saas.stripe.inject(CHANGED_WHILE_PAGED) as hits:
        read = {customer["id"] for customer in client.walk("/v1/customers")}
    assert len({customer["id"] for customer in client.walk("/v1/customers")} - read) == hits.count > 0


# Scope

def test_a_fault_ends_when_its_block_fails(saas, client):
    with pytest.raises(ZeroDivisionError), saas.stripe.inject(RATE_LIMITED_FOR_GOOD):
        raise ZeroDivisionError
    assert client.stripe().status_code == 200


def test_a_fault_of_one_api_is_no_other_apis(saas, client):
    with saas.stripe.inject(RATE_LIMITED_FOR_GOOD.but(route="*")):
        assert client.export("mixpanel").status_code == 200


def test_a_fault_of_one_route_is_no_other_routes(saas, client):
    with saas.stripe.inject(RATE_LIMITED_FOR_GOOD.but(route="GET /v1/customers")) as hits:
        assert (client.stripe().status_code, hits.count) == (200, 0)


def test_a_fault_of_one_key_spares_the_others(saas, client):
    with saas.stripe.inject(RATE_LIMITED_FOR_GOOD.but(key="sk_test_somebody_else")):
        assert client.stripe().status_code == 200


def test_a_fault_may_let_some_requests_pass_first(saas, client):
    with saas.stripe.inject(INTERNAL_ERROR.but(skip=2, times=1)):
        assert [client.stripe().status_code for _ in range(4)] == [200, 200, 500, 200]


def test_two_faults_happen_together(saas, client):
    with saas.stripe.inject(FIELD_RENAMED, FIELD_GONE) as hits:
        charge = client.charges()[0]
    assert ("currency" in charge, "refunded_amount" in charge, hits.count) == (False, True, 2)


def test_a_fault_of_another_api_is_refused_in_a_line_that_says_whose_it_is(saas):
    with pytest.raises(LabsError, match=r"mixpanel\.inject\(DUPLICATES\)"), saas.stripe.inject(DUPLICATES):
        pass


DIES = """
import os, sys
from environments.faults import RATE_LIMITED_FOR_GOOD
from environments.saas.handle import SimulatorClient
saas = SimulatorClient({"stripe": 1, "admin": int(sys.argv[1])}, sys.argv[2])
with saas.stripe.inject(RATE_LIMITED_FOR_GOOD):
    print("now", flush=True)
    sys.stdin.read()
"""


def test_a_fault_ends_when_who_began_it_is_killed(saas, client):
    back = saas._back
    holder = subprocess.Popen([sys.executable, "-c", DIES, str(back._port), back._headers["Authorization"].split()[1]],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with holder:
        holder.stdout.readline()
        during = client.stripe().status_code
        os.kill(holder.pid, signal.SIGKILL)
    wait_until(lambda: back.ask("GET", "/_admin/faults") == [], HANG, "the fault to end")
    assert (during, client.stripe().status_code) == (429, 200)


# What is written down

def test_the_requests_of_a_block_are_kept_in_their_order(saas, client):
    client.stripe()
    with saas.stripe.inject(RATE_LIMITED) as hits:
        for _ in range(3):
            client.stripe(limit=3)
    assert [(r["method"], r["path"], r["query"], r["status"], r["faults"]) for r in hits.requests] == [
        ("GET", "/v1/charges", "limit=3", status, faults)
        for status, faults in ((429, ["rate_limited"]),) * 2 + ((200, []),)
    ]


def test_waits_between_requests_can_be_told(saas, client):
    began = time.time()
    with saas.stripe.inject(RATE_LIMITED) as hits:
        client.stripe()
        client.stripe()
    first, second = (request["at"] for request in hits.requests)
    assert began - 1 < first < second < time.time() + 1


def test_the_key_of_a_request_is_known_by_its_end(saas, client):
    with saas.stripe.inject() as hits:
        client.stripe()
    assert hits.requests[0]["key"] == client.keys["stripe"]["api_key"][-4:]


def test_a_block_without_faults_counts_requests(saas, client):
    with saas.stripe.inject() as hits:
        client.stripe()
        client.export("mixpanel")
    assert (hits.count, len(hits.requests)) == (0, 1)


def test_attaching_again_makes_no_request_that_counts(saas):
    with saas.stripe.inject() as hits:
        saas.answers()
        saas.as_dict()
    assert hits.requests == []


# The reset, and the back door

def test_one_reset_ends_all_faults_and_forgets_all_writes(saas, client):
    before = client.charges()
    with saas.stripe.inject(OLD_CHARGE_REFUNDED, TYPE_CHANGED), saas.mixpanel.inject(MIXPANEL_DOWN):
        client.stripe()
        saas.reset()
        assert (client.charges(), client.export("mixpanel").status_code) == (before, 200)


@pytest.mark.parametrize(
    "method, path", [("GET", "/_admin"), ("GET", "/_admin/faults"), ("DELETE", "/_admin"), ("GET", "/nothing")]
)
def test_the_back_door_opens_with_its_key_alone(saas, method, path):
    assert requests.request(method, f"http://127.0.0.1:{saas._back._port}{path}", timeout=HANG).status_code == 401


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"faults": 3}', '{"faults": [{}]}',
                                  json.dumps({"faults": [RATE_LIMITED.as_dict() | {"api": "paypal"}]})])
def test_what_is_no_fault_is_refused_at_the_back_door(saas, body):
    answer = requests.post(
        f"http://127.0.0.1:{saas._back._port}/_admin/faults", body, headers=saas._back._headers, timeout=HANG
    )
    assert (answer.status_code, "error" in answer.json()) == (400, True)


def test_no_api_has_the_back_door(saas, client):
    assert client.stripe("/_admin/faults").status_code in (401, 404)
