"""An Airbyte connector from two files of a folder:
`manifest.yaml`, its declarative streams, and `refunds.py`, one in Python.

    python -m environments.connector FOLDER spec
    python -m environments.connector FOLDER check|discover --config CONFIG
    python -m environments.connector FOLDER read --config CONFIG --catalog CATALOG [--state STATE]

Every command prints messages of the Airbyte protocol, a line each. `refunds.py` defines
`refund_messages(base_url, api_key, state)`, the messages of one read of refunds as dictionaries; it may be missing.
"""

import importlib.util
import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import yaml

from environments import unwritten
from environments.busy import FairClock
from environments.errors import LabsError, TookTooLong
from environments.place import COURSE
from environments.stack.source_stripe_teaspoon.run import given
from environments.workspace import graded

REFUNDS = "refunds"
PATIENCE = 60  # seconds a command may take, of a machine that works for it
LOOK = 0.5  # seconds
CHARGE = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "amount": {"type": "integer"},
        "amount_refunded": {"type": "integer"},
        "created": {"type": "integer"},
        "currency": {"type": "string"},
        "status": {"type": "string"},
        "customer": {"type": ["null", "string"]},
    },
}
REFUND = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "amount": {"type": "integer"},
        "charge": {"type": "string"},
        "created": {"type": "integer"},
    },
}
SPEC = {"type": "object", "required": ["base_url", "api_key"], "properties": {
    "base_url": {"type": "string", "description": "Where the API is"},
    "api_key": {"type": "string", "description": "A secret key", "airbyte_secret": True}}}


def manifest(paginator: dict | None, incremental_sync: dict | None) -> dict:
    """A declarative source with one stream, `charges`, around these two components; without the first it reads one page
    of 100, without the second it reads everything each time."""
    requester = {
        "type": "HttpRequester",
        "url_base": "{{ config['base_url'] }}",
        "path": "/v1/charges",
        "http_method": "GET",
        "authenticator": {"type": "BearerAuthenticator", "api_token": "{{ config['api_key'] }}"},
    }
    requester |= {} if paginator else {"request_parameters": {"limit": "100"}}
    records = {"type": "RecordSelector", "extractor": {"type": "DpathExtractor", "field_path": ["data"]}}
    retriever = {"type": "SimpleRetriever", "requester": requester, "record_selector": records} | _if_any(
        paginator=paginator
    )
    stream = {
        "type": "DeclarativeStream",
        "name": "charges",
        "primary_key": ["id"],
        "retriever": retriever,
        "schema_loader": {"type": "InlineSchemaLoader", "schema": CHARGE},
    } | _if_any(incremental_sync=incremental_sync)
    return {
        "version": "7.0.0",
        "type": "DeclarativeSource",
        "check": {"type": "CheckStream", "stream_names": ["charges"]},
        "spec": {"type": "Spec", "connection_specification": SPEC},
        "streams": [stream],
    }


def _if_any(**components) -> dict:
    return {name: component for name, component in components.items() if component}


def write(folder: Path, paginator: dict | None, incremental_sync: dict | None, refunds: str = "") -> None:
    """The two files of a connector; `refunds` is the text of the Python one."""
    folder.mkdir(parents=True, exist_ok=True)
    declared = _plain(manifest(paginator, incremental_sync))
    (folder / "manifest.yaml").write_text(yaml.safe_dump(declared, sort_keys=False))
    (folder / f"{REFUNDS}.py").write_text(refunds)


def _plain(value):
    """The same of dicts, lists and texts alone: YAML knows no OrderedDict, and no other kind of them."""
    if isinstance(value, dict):
        return {_plain(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return str.__str__(value) if isinstance(value, str) else value


def messages(
    folder: Path,
    command: str,
    base_url: str = "",
    api_key: str = "",
    streams: tuple[str, ...] = (),
    state: list | None = None,
    within: float = PATIENCE,
    watch: Callable[[], None] = lambda: None,
) -> list[dict]:
    """What the connector in a folder says to a command, run in a process of its own. LabsError where it fails,
    Unfinished where it does not end. `watch` is called twice a second while it runs; an error it raises ends the
    connector."""
    arguments = [sys.executable, "-m", __name__, str(folder), command]
    if command != "spec":
        arguments += ["--config", _note(folder, "config", {"base_url": base_url, "api_key": api_key})]
    if command == "read":
        arguments += [
            "--catalog",
            _note(folder, "catalog", catalog(streams)),
            "--state",
            _note(folder, "state", state or []),
        ]
    status, out, err = _ended(arguments, command, within, watch)
    said = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    if status:
        raise LabsError(
            f"the connector failed: {_failure(said) or (err.strip().splitlines() or ['it gave no error message'])[-1]}"
        )
    return said


class Unfinished(TookTooLong):
    """The connector was still running when the wait was over; `worked` seconds of a processor it had used by then."""

    def __init__(self, command: str, clock: FairClock, worked: float):
        busy = " This machine is busy: try again." if clock.share < 0.5 else ""
        super().__init__(
            f"the connector was still busy with {command} after {clock.passed:.0f} s, "
            f"{worked:.0f} s of them at work.{busy}"
        )
        self.worked = worked


def _ended(arguments: list[str], command: str, within: float, watch: Callable[[], None]) -> tuple[int, str, str]:
    """A process's exit status, and what it said. Nothing of it is left where it does not end in time."""
    clock = FairClock(longest=2)
    with subprocess.Popen(arguments, cwd=COURSE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            while True:
                try:
                    out, err = process.communicate(timeout=LOOK)
                    return process.returncode, out, err
                except subprocess.TimeoutExpired:
                    watch()
                if clock.seconds() >= within:
                    raise Unfinished(command, clock, sum(psutil.Process(process.pid).cpu_times()[:2]))
        except BaseException:
            process.kill()
            raise


def run(folder: Path, command: str, *arguments) -> list[dict]:
    """`messages`, for a notebook that shows them: while it is graded nobody looks, and nothing is said."""
    return [] if graded() else messages(folder, command, *arguments)


def catalog(streams: tuple[str, ...]) -> dict:
    """A configured catalog: these streams, incremental, merged by id."""
    schemas = {"charges": CHARGE, REFUNDS: REFUND}
    return {
        "streams": [
            {
                "stream": {
                    "name": name,
                    "json_schema": schemas[name],
                    "supported_sync_modes": ["full_refresh", "incremental"],
                },
                "sync_mode": "incremental",
                "destination_sync_mode": "append_dedup",
                "cursor_field": ["created"],
                "primary_key": [["id"]],
            }
            for name in streams
        ]
    }


def _note(folder: Path, name: str, value) -> str:
    file = folder / f"{name}.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(value))
    return str(file)


def _failure(said: list[dict]) -> str:
    traces = [
        message["trace"]["error"]
        for message in said
        if message["type"] == "TRACE" and message["trace"]["type"] == "ERROR"
    ]
    return " ".join(str(traces[0].get("internal_message") or traces[0]["message"]).split())[:300] if traces else ""


# The connector's own process

def source(folder: Path, arguments: Namespace):
    """The connector in a folder, as airbyte-cdk runs it: the streams of the manifest, and refunds."""
    from airbyte_cdk.models import AirbyteMessageSerializer
    from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource

    refund_messages = _python_stream(folder)

    class Teaspoon(ConcurrentDeclarativeSource):
        def discover(self, logger, config):
            found = super().discover(logger, config)
            found.streams += [_refunds()] if refund_messages else []
            return found

        def read(self, logger, config, catalog, state=None):
            yield from super().read(logger, config, catalog, state)
            if refund_messages and any(stream.stream.name == REFUNDS for stream in catalog.streams):
                for message in _told(refund_messages, config["base_url"], config["api_key"], _state_of(REFUNDS, state)):
                    yield AirbyteMessageSerializer.load(message)

        def _select_streams(self, streams, configured_catalog):
            declared = {stream.name for stream in streams}
            known = [stream for stream in configured_catalog.streams if stream.stream.name in declared]
            return super()._select_streams(streams, replace(configured_catalog, streams=known))

    return Teaspoon(**given(ConcurrentDeclarativeSource, arguments), custom_components_trusted=False,
                    source_config=yaml.safe_load((folder / "manifest.yaml").read_text()))


def _refunds():
    """The stream in Python, as `discover` tells of it."""
    from airbyte_cdk.models import AirbyteStream, SyncMode

    return AirbyteStream(
        name=REFUNDS,
        json_schema=REFUND,
        supported_sync_modes=[SyncMode.full_refresh, SyncMode.incremental],
        source_defined_cursor=True,
        default_cursor_field=["created"],
        source_defined_primary_key=[["id"]],
    )


def _python_stream(folder: Path) -> Callable | None:
    """`refund_messages` of the folder's file; None where it is empty or missing."""
    file = folder / f"{REFUNDS}.py"
    if not file.exists() or not file.read_text().strip():
        return None
    spec = importlib.util.spec_from_file_location(REFUNDS, file)
    assert spec and spec.loader  # every name that ends in .py has them
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.refund_messages


def _told(refund_messages: Callable, *arguments) -> list[dict]:
    """The messages; where only nbgrader's stub is there, an error that says so."""
    try:
        return list(refund_messages(*arguments))
    except NotImplementedError as e:
        if name := unwritten.missing(e):
            raise LabsError(f"{unwritten.said(name)}: write it in its cell above, then run it") from None
        raise


def _state_of(name: str, state: list | None) -> dict:
    """What a stream remembered at the end of its last read; empty the first time."""
    for entry in state or []:
        if entry.stream and entry.stream.stream_descriptor.name == name and entry.stream.stream_state:
            return dict(vars(entry.stream.stream_state))
    return {}


def main(arguments: list[str]) -> None:
    """Run one command of the connector in the folder that comes first."""
    from airbyte_cdk.entrypoint import AirbyteEntrypoint, launch

    folder, *rest = arguments
    launch(source(Path(folder), AirbyteEntrypoint.parse_args(rest)), rest)


if __name__ == "__main__":
    main(sys.argv[1:])
