"""A small world behind the simulated Stripe, and how the tests ask it: fixtures that more than one file takes."""

import json
from pathlib import Path

import pytest
import requests
import stripe
from jsonschema import Draft202012Validator

import environments.saas.stripe as module
from datasets.billing import Billing
from datasets.world import World
from environments.saas import Simulator
from tests.waits import HANG

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
        return http.get(saas.stripe.base_url + path, params=params, timeout=HANG)

    return get


@pytest.fixture
def post(saas, http):
    def post(path, key=None, verb="POST", **form):
        return http.request(
            verb, saas.stripe.base_url + path, data=form, headers={"Idempotency-Key": key} if key else {}, timeout=HANG
        )

    return post


@pytest.fixture
def client(saas, key):
    return stripe.StripeClient(
        key, base_addresses={"api": saas.stripe.base_url}, stripe_version="2023-08-16", max_network_retries=0
    )


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
    return (
        {"subscription": get("/v1/subscriptions", status="all").json()["data"][0]["id"]}
        if path == "/v1/subscription_items"
        else {}
    )


def of_schema(name_or_schema) -> Draft202012Validator:
    schema = {"$ref": f"#/$defs/{name_or_schema}"} if isinstance(name_or_schema, str) else name_or_schema
    return Draft202012Validator(schema | {"$defs": CONTRACT["$defs"]})


def complaints(validator, value) -> list[str]:
    return [f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in validator.iter_errors(value)]


@pytest.fixture
def forgotten(saas):
    """What a test writes is forgotten after it."""
    yield
    saas.reset()
