"""The Airbyte connector: its four commands, by the protocol; complete, incremental, and loaded."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from datasets.billing import Billing
from datasets.world import World
from environments import faults
from environments.saas import Simulator
from environments.stack.ingest.warehouse import Warehouse
from environments.stack.source_stripe_teaspoon import load, run
from tests.waits import HANG

WORLD = World(3, 12)
pytestmark = pytest.mark.slow  # each test runs a connector of airbyte-cdk, in a process of its own
NAMES = ("balance_transactions", "charges")
TRUTH = {name: Billing(WORLD).truth()["stripe"][name] for name in NAMES}


@pytest.fixture
def saas():
    with Simulator(WORLD) as running:
        yield running


@pytest.fixture
def said(saas, tmp_path):
    """A function: what the connector says to a command, by a key and to a state; as lines."""
    def ask(command: str, state: list | None = None, **config) -> list[str]:
        config = {"base_url": saas.stripe.base_url, "api_key": saas.stripe.credentials["api_key"]} | config
        arguments = [command] + (["--config", noted(tmp_path, "config", config)] if command != "spec" else [])
        if command == "read":
            arguments += [
                "--catalog",
                noted(tmp_path, "catalog", CATALOG),
                "--state",
                noted(tmp_path, "state", state or []),
            ]
        return messages(arguments)

    return ask


CATALOG = {
    "streams": [
        {
            "stream": {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]},
            "sync_mode": "incremental",
            "destination_sync_mode": "append_dedup",
        }
        for name in NAMES
    ]
}


def noted(folder: Path, name: str, value) -> str:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(value))
    return str(path)


def messages(arguments: list[str]) -> list[str]:
    """The same as the command prints, without a process of its own, which takes seconds to import the kit."""
    from airbyte_cdk.entrypoint import AirbyteEntrypoint
    from airbyte_cdk.utils.traced_exception import AirbyteTracedException

    said = []
    try:
        said.extend(AirbyteEntrypoint(run.source(arguments)).run(AirbyteEntrypoint.parse_args(arguments)))
    except AirbyteTracedException as e:
        said.append(e.as_airbyte_message().trace.error.message)
    return said


def of_kind(said: list[str], kind: str) -> list[dict]:
    return [
        message
        for message in map(json.loads, (line for line in said if line.startswith("{")))
        if message["type"] == kind
    ]


def states(said: list[str]) -> list[dict]:
    return [message["state"] for message in of_kind(said, "STATE")]


def ids(said: list[str]) -> dict[str, int]:
    records = [message["record"] for message in of_kind(said, "RECORD")]
    return {name: len({r["data"]["id"] for r in records if r["stream"] == name}) for name in NAMES}


def test_the_command_tells_what_it_wants():
    command = Path(sys.executable).with_name("source-stripe-teaspoon")
    done = subprocess.run([str(command), "spec"], capture_output=True, text=True, timeout=HANG, check=True)
    assert of_kind(done.stdout.splitlines(), "SPEC")[0]["spec"]["connectionSpecification"]["required"] == [
        "base_url",
        "api_key",
    ]


def test_every_message_is_one_of_the_protocol(said):
    from airbyte_cdk.models import AirbyteMessageSerializer

    kinds = [AirbyteMessageSerializer.load(json.loads(line)).type.value for line in said("read")]
    assert {"RECORD", "STATE", "TRACE"} <= set(kinds)


def test_a_good_key_passes_the_check(said):
    assert of_kind(said("check"), "CONNECTION_STATUS")[0]["connectionStatus"]["status"] == "SUCCEEDED"


def test_a_wrong_key_does_not_pass_the_check(said):
    assert (
        of_kind(said("check", api_key="sk_test_wrong"), "CONNECTION_STATUS")[0]["connectionStatus"]["status"]
        == "FAILED"
    )


def test_it_has_a_declared_stream_and_one_in_python_both_incremental(said):
    streams = of_kind(said("discover"), "CATALOG")[0]["catalog"]["streams"]
    assert {s["name"]: (s["supported_sync_modes"], s["source_defined_primary_key"]) for s in streams} == {
        name: (["full_refresh", "incremental"], [["id"]]) for name in NAMES}


def test_records_are_as_the_schema_says(said):
    from jsonschema import Draft7Validator

    schemas = {
        s["name"]: Draft7Validator(s["json_schema"])
        for s in of_kind(said("discover"), "CATALOG")[0]["catalog"]["streams"]
    }
    records = [message["record"] for message in of_kind(said("read"), "RECORD")]
    assert [e.message for r in records for e in schemas[r["stream"]].iter_errors(r["data"])] == []


@pytest.mark.parametrize("page", [100, 41])
def test_a_first_read_is_the_truth(page, said):
    assert ids(said("read", page_size=page)) == TRUTH


def test_a_second_read_asks_for_what_is_new_only(said, saas):
    state = states(said("read"))
    before = saas.stripe.requests()[-1]["seq"]
    said("read", state)
    assert len(saas.stripe.requests(before)) == 2


def test_the_refund_of_an_old_charge_is_in_the_next_read(said, saas):
    state = states(said("read"))
    key = {"Authorization": f"Bearer {saas.stripe.credentials['api_key']}"}
    old = requests.get(
        f"{saas.stripe.base_url}/v1/charges", {"limit": 100, "created[lt]": 1_770_000_000}, headers=key, timeout=HANG
    ).json()["data"]
    charge = next(c["id"] for c in old if c["status"] == "succeeded" and not c["amount_refunded"])
    requests.post(f"{saas.stripe.base_url}/v1/refunds", {"charge": charge}, headers=key, timeout=HANG)
    found = [message["record"]["data"] for message in of_kind(said("read", state), "RECORD")]
    assert [(refunded["id"], refunded["refunded"]) for refunded in found if refunded["id"] == charge] == [
        (charge, True)
    ]


def test_no_request_follows_a_refused_key_in_a_stream(said, saas):
    key = saas.stripe.credentials["api_key"]
    with saas.stripe.inject(faults.KEY_EXPIRED) as hits:
        told = said("read", api_key=key)
    assert (
        hits.count,
        [s["trace"]["stream_status"]["status"] for s in of_kind(told, "TRACE") if "stream_status" in s["trace"]].count(
            "INCOMPLETE"
        ),
    ) == (2, 2)


def test_what_it_says_is_loaded_once_however_often_it_is_read(said, tmp_path):
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        for _ in range(2):
            load.load(said("read"), warehouse)
        assert {
            name: warehouse.rows(f"select count(*) from {load.landed(name).table}")[0][0] for name in NAMES
        } == TRUTH


def test_records_without_a_state_after_them_are_not_loaded(said, tmp_path):
    lines = said("read")
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        load.load([line for line in lines if '"STATE"' not in line], warehouse)
        assert load.states(warehouse, NAMES) == []


def test_the_next_read_goes_on_from_what_was_loaded(said, saas, tmp_path):
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        load.load(said("read"), warehouse)
        before = saas.stripe.requests()[-1]["seq"]
        said("read", load.states(warehouse, NAMES))
    assert len(saas.stripe.requests(before)) == 2
