"""Whatever a client sends, an API answers in its own words, and never with a 500 that no fault asked for."""

import base64
import contextlib
import json
import socket
from importlib import import_module
from itertools import cycle
from urllib.parse import urlsplit

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from datasets.world import World
from environments.saas import Simulator
from environments.saas.app import APIS as MODULES
from tests.hostile_openapi import OPENAPI
from tests.waits import HANG

APIS = ("stripe", "mixpanel", "amplitude")
EXPORTS = {"mixpanel": "/api/2.0/export", "amplitude": "/api/2/export"}
LISTS = ["/v1/charges", "/v1/customers", "/v1/events", "/v1/subscriptions", "/v1/balance_transactions"]
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def saas():
    with Simulator(World(7, 20)) as running:
        yield running


@pytest.fixture(scope="module")
def keys(saas):
    return saas.as_dict()


def authorization(keys: dict, api: str) -> str:
    mine = keys[api]
    if api == "stripe":
        return f"Bearer {mine['api_key']}"
    user, password = (mine["username"], mine["secret"]) if api == "mixpanel" else (mine["api_key"], mine["secret_key"])
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture(params=APIS)
def api(request, saas):
    """Each API in turn."""
    return saas.apis[request.param]


@pytest.fixture
def ask(api, keys):
    """Ask an API as somebody who may."""
    def ask(method: str, path: str, headers: dict | None = None, **options):
        headers = {"Authorization": authorization(keys, api.name)} | (headers or {})
        return requests.request(
            method, api.base_url + path, headers=headers, timeout=HANG, allow_redirects=False, **options
        )

    return ask


def envelope(name: str):
    """What the failures of an API look like: the keys of its JSON, else its content type."""
    response = import_module(MODULES[name]).error(400, None, "An example.")
    return shape(response.headers.get("content-type", ""), response.body)


def shape(content_type: str, body: bytes):
    with contextlib.suppress(ValueError):
        return sorted(json.loads(body))
    return content_type


def refused(answer, api, *statuses: int) -> bool:
    """Whether an answer is a refusal in the API's own envelope."""
    return (answer.status_code in statuses if statuses else 400 <= answer.status_code < 500) and (
        _holds(shape(answer.headers.get("content-type", ""), answer.content), envelope(api.name)))


def _holds(found, due) -> bool:
    """An envelope may hold more than every one does, such as the name of the field that is wrong."""
    return set(due) <= set(found) if isinstance(due, list) and isinstance(found, list) else found == due


def fine(answer, api) -> bool:
    """Whether an answer is an answer, or a refusal in the API's own envelope."""
    return answer.status_code < 400 or refused(answer, api)


def main_path(api) -> str:
    return EXPORTS.get(api.name, "/v1/charges")


# Who is asking

@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "Basic",
        "Basic ",
        "Bearer",
        "Bearer ",
        "Basic !!!",
        "Basic bm9jb2xvbg==",
        "Basic Og==",
        "Basic /////w==",
        "Basic YQ",
        "Bearer sk_test_",
        "Bearer sk_live_123",
        "Bearer a b c",
        "Digest username=x",
        "sk_test_123",
        "Bearer \xff\xfe",
        "Bearer " + "k" * 30_000,
        "Bearer ' or 1=1 --",
        "bearer",
        "Basic " + base64.b64encode(b"\0:\0").decode(),
        "Basic " + base64.b64encode(b":" * 999).decode(),
    ],
    ids=repr,
)
def test_a_malformed_key_is_refused(api, said):
    headers = {} if said is None else {"Authorization": said.encode("latin-1")}
    answer = requests.get(api.base_url + main_path(api), headers=headers, timeout=HANG)
    assert refused(answer, api, 400, 401, 403)


# Where to

@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/charges/../../etc/passwd",
        "/v1/charges/%00",
        "/%ff%fe",
        "/v1/charges/ch_nothing",
        "//",
        "/api/2.0/",
        "/api/9/export",
        "/x" * 4000,
        "/%2e%2e/",
        "/v1/customers/☃",
        "/_admin/faults",
        "/docs",
        "/openapi.json",
        "/favicon.ico",
    ],
    ids=lambda path: path[:30],
)
def test_an_unknown_path_is_refused(api, ask, path):
    assert refused(ask("GET", path), api)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_an_unknown_method_is_refused(api, ask, method):
    assert refused(ask(method, main_path(api)), api)


# What for

NUMBERS = [
    "0",
    "-1",
    "101",
    "100001",
    str(10**30),
    "-" + "9" * 400,
    "abc",
    "",
    "1.5",
    "1e3",
    "NaN",
    "Infinity",
    "１",
    "0x10",
    " 5",
    "null",
    "[]",
    "\0",
]


@pytest.mark.parametrize("limit", NUMBERS, ids=ascii)
def test_a_broken_limit_does_no_harm(api, ask, limit):
    assert fine(ask("GET", main_path(api), params=window(api) | {"limit": limit}), api)


def window(api) -> dict:
    """A day that an export may ask for."""
    return {"mixpanel": {"from_date": "2026-06-01", "to_date": "2026-06-01"}, "stripe": {},
            "amplitude": {"start": "20260601T00", "end": "20260601T01"}}[api.name]


DATES = [
    "",
    "yesterday",
    "2026-02-30",
    "2026-13-01",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "2026-06-01T00:00",
    "20260601",
    "20260601T24",
    "20260230T00",
    "99999999T99",
    "00010101T00",
    "-1",
    "0",
    str(10**18),
    str(10**400),
    "1e9",
    "２０２６-06-01",
    "2026-06-01' or '1",
    "\0",
    "☃",
]


def survives(api, ask, date: str, end: int) -> bool:
    names = {
        "mixpanel": ("from_date", "to_date"),
        "amplitude": ("start", "end"),
        "stripe": ("created[gte]", "created[lt]"),
    }[api.name]
    return fine(ask("GET", main_path(api), params=window(api) | {names[end]: date}), api)


@pytest.mark.parametrize(("date", "end"), [*zip(DATES, cycle([0, 1]))], ids=ascii)
def test_a_broken_date_does_no_harm(api, ask, date, end):
    assert survives(api, ask, date, end)


@pytest.mark.slow
@pytest.mark.exhaustive
def test_no_broken_date_does_harm_as_either_end(api, ask):
    assert [(date, end) for date in DATES for end in (0, 1) if not survives(api, ask, date, end)] == []


BROKEN = ["limit=0", "limit=101", "limit=-5", "limit=ten", "starting_after=ch_nothing", "ending_before=ch_nothing",
          "created=soon", "created[gte]=soon"]
QUERIES = [
    "created[never]=1",
    "created[]=1",
    "created[gte][lt]=1",
    "created=1&created[gt]=2",
    "expand[]=data.nothing.at.all",
    "expand[]=" + "data." * 500,
    "expand=x",
    "expand[][]=x",
    "expand[999999999]=x",
    "types[]=*",
    "types[0]=a&types[5]=b",
    "&".join(f"types[]=t{i}" for i in range(200)),
    "type=*&types[]=charge.*",
    "type=%00",
    "type=" + "*" * 5000,
    "starting_after=&ending_before=",
    "limit=1&limit=2",
    "=&=&;",
    "%",
    "%zz",
    "a" * 8000,
    "customer=nobody",
    "status=everything",
    "starting_after=ch_1&ending_before=ch_2",
    "created[gte]=9999999999&created[lt]=1",
]


@pytest.mark.parametrize(("query", "path"), [*zip(BROKEN, cycle(LISTS))])
def test_stripe_refuses_what_it_cannot_understand(strict, path, query):
    assert strict(f"{path}?{query}")


@pytest.mark.parametrize(("query", "path"), [*zip(QUERIES, cycle(LISTS))], ids=lambda text: text[:30])
def test_stripe_survives_any_query(stripe_survives, path, query):
    assert stripe_survives(path, query)


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize("path", LISTS)
def test_each_list_of_stripe_survives_every_query_and_refuses_broken_ones(strict, stripe_survives, path):
    assert (
        [query for query in QUERIES if not stripe_survives(path, query)],
        [query for query in BROKEN if not strict(f"{path}?{query}")],
    ) == ([], [])


@pytest.fixture
def stripe_survives(saas, keys):
    """Whether Stripe answers a GET, or refuses it in its own envelope."""
    def survives(path: str, query: str) -> bool:
        answer = requests.get(
            f"{saas.stripe.base_url}{path}?{query}",
            headers={"Authorization": authorization(keys, "stripe")},
            timeout=HANG,
        )
        return fine(answer, saas.stripe)

    return survives


@pytest.fixture
def strict(saas, keys):
    """Whether Stripe refuses a GET with 400 in its own envelope."""
    def strict(path: str) -> bool:
        answer = requests.get(
            saas.stripe.base_url + path, headers={"Authorization": authorization(keys, "stripe")}, timeout=HANG
        )
        return refused(answer, saas.stripe, 400)

    return strict


# Bodies

WRITES = {"stripe": ["/v1/customers", "/v1/subscriptions", "/v1/refunds"], "mixpanel": ["/track", "/import", "/engage"],
          "amplitude": ["/2/httpapi", "/batch"]}
BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"[1,2,3]",
    b"\xff\xfe\x00",
    b"a=1&a=2&b[c][d]=3",
    b"=&=",
    b"%zz=%",
    b'{"events": 5}',
    b'[{"event": 5}]',
    b"data=!!!",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"metadata[a][b][c]=1",
    b"customer=&items[0][price]=",
    b"charge=ch_nothing&amount=-5",
    b'[{"event":"x","properties":{"time":"soon"}}]',
    b'{"api_key":"x","events":[{"time":-1}]}',
    b"\x1f\x8b\x08\x00broken",
]


KINDS = ["application/x-www-form-urlencoded", "application/json", "text/plain", "multipart/form-data", "\xff"]


def harmed(api, ask, body: bytes, kind: str) -> list[int]:
    answers = [ask("POST", path, {"Content-Type": kind}, data=body) for path in WRITES[api.name]]
    return [a.status_code for a in answers if not fine(a, api)]


@pytest.mark.parametrize(("body", "kind"), [*zip(BODIES, cycle(KINDS)), *zip(BODIES, cycle(KINDS[2:] + KINDS[:2]))],
                         ids=lambda text: repr(text[:20]))
def test_a_broken_body_does_no_harm(api, ask, body, kind):
    assert harmed(api, ask, body, kind) == []


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", KINDS)
def test_no_broken_body_of_any_kind_does_harm(api, ask, kind):
    assert [(body[:20], statuses) for body in BODIES if (statuses := harmed(api, ask, body, kind))] == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "nonsense"])
def test_a_body_that_is_not_encoded_as_it_says_does_no_harm(api, ask, encoding):
    answers = [ask("POST", path, {"Content-Encoding": encoding}, data=b"not encoded") for path in WRITES[api.name]]
    assert [a.status_code for a in answers if not fine(a, api)] == []


@pytest.mark.parametrize("size", [10 * MEGABYTE, 40 * MEGABYTE])
def test_a_body_of_many_megabytes_is_refused(api, ask, size):
    assert [refused(ask("POST", path, data=b"x" * size), api) for path in [WRITES[api.name][0], "/nothing"]] == [
        True,
        True,
    ]


def test_a_body_that_does_not_say_how_long_it_is_ends_somewhere(api, ask):
    assert refused(ask("POST", WRITES[api.name][0], data=(b"x" * MEGABYTE for _ in range(12))), api)


# Heads, and what is no HTTP

def raw(api, data: bytes) -> tuple[int, str, bytes]:
    """The status, the content type and the body of what a socket gets back."""
    address = urlsplit(api.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=HANG) as s:
        with contextlib.suppress(ConnectionError):
            s.sendall(data)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while part := s.recv(65_536):
                answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    kind = [line.split(b":", 1)[1].strip() for line in head.split(b"\r\n") if line.lower().startswith(b"content-type:")]
    return int(head.split()[1]), kind[0].decode(), body


def start(api, *lines: bytes) -> bytes:
    return (
        b"\r\n".join([b"GET " + main_path(api).encode() + b" HTTP/1.1", b"Host: x", b"Connection: close", *lines])
        + b"\r\n\r\n"
    )


@pytest.mark.parametrize("lines", [
    [b"X-%d: %s" % (i, b"v" * 100) for i in range(1000)], [b"X: " + b"v" * 100_000], [b"Cookie: " + b"a=b; " * 20_000],
    [b"A: b"] * 20_000], ids=["many", "long", "cookie", "short"])
def test_a_flood_of_headers_is_refused(api, lines):
    status, kind, body = raw(api, start(api, *lines))
    assert (status, shape(kind, body)) == (431, envelope(api.name))


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET \xff\xfe HTTP/1.1\r\n\r\n",
        b"FOO / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"CONNECT x HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\n\r\n",
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_no_http_is_refused(api, data):
    status, kind, body = raw(api, data)
    assert (400 <= status < 500, shape(kind, body)) == (True, envelope(api.name))


def test_a_head_without_end_is_not_read_for_ever(api):
    status, kind, body = raw(api, b"GET / HTTP/1.1\r\nX: " + b"v" * 3 * MEGABYTE)
    assert (status, shape(kind, body)) == (431, envelope(api.name))


def test_a_client_that_hangs_up_disturbs_nobody(api, ask):
    address = urlsplit(api.base_url)
    for _ in range(50):
        with socket.create_connection((address.hostname, address.port)) as s:
            s.sendall(b"POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nna")
    assert ask("GET", "/nothing").status_code == 404


# Whatever schemathesis thinks of

def operations() -> list:
    found = []
    for name, spec in OPENAPI.items():
        for operation in schemathesis.openapi.from_dict(spec).get_all_operations():
            found.append(pytest.param(name, operation.ok(), id=f"{name} {operation.ok().label}"))
    return found


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("name, operation", operations())
def test_no_request_that_schemathesis_makes_is_answered_with_500(saas, keys, name, operation, mode):
    headers = {"Authorization": authorization(keys, name)}

    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
              phases=[hypothesis.Phase.generate])
    def never_fails(case):
        answer = case.call(base_url=saas.apis[name].base_url, headers=headers, timeout=HANG)
        assert answer.status_code < 500, case.as_curl_command()

    with contextlib.suppress(Unsatisfiable):  # where any text will do, none is wrong
        never_fails()
