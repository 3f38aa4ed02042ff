"""What a connector says, into the warehouse: records merged by key, and its state with them in one transaction."""

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import orjson

from environments.stack.ingest.report import LoadReport
from environments.stack.ingest.streams import Stream
from environments.stack.ingest.stripe import STREAMS, Files
from environments.stack.ingest.warehouse import Warehouse

SOURCE = "airbyte_stripe"  # the schema; our own ingestion has `stripe`


def landed(name: str) -> Stream:
    """The table of one of the connector's streams."""
    return replace(STREAMS[name], source=SOURCE)


def load(lines: Iterable[str], warehouse: Warehouse) -> LoadReport:
    """Take in the messages of a read.
    A STATE says that all records of its stream before it may be kept: only then are they.

    What follows the last STATE of a stream is left out: it comes again with the next read.
    """
    report = LoadReport()
    with tempfile.TemporaryDirectory() as folder:
        files = Files(Path(folder))
        for number, message in enumerate(map(orjson.loads, (line for line in lines if line.startswith("{")))):
            if message["type"] == "RECORD":
                record = message["record"]
                files.put(record["stream"], record["data"], record["emitted_at"], number)
            elif message["type"] == "STATE":
                _keep(message["state"], files, warehouse, report)
    return report


def _keep(state: dict, files: Files, warehouse: Warehouse, report: LoadReport) -> None:
    stream = landed(state["stream"]["stream_descriptor"]["name"])
    with warehouse.transaction():
        counts = warehouse.merge(stream, files.closed(stream.name), wrapped=True)
        if not counts.quarantined:
            warehouse.remember(stream, state["stream"]["stream_state"])
    report.add(stream, counts)
    if counts.quarantined:
        report.quarantined(warehouse, stream)
    files.empty(stream.name)


def states(warehouse: Warehouse, names: Iterable[str]) -> list[dict]:
    """What to give the next read as its state: a message for each stream that has one."""
    known = {name: warehouse.state(landed(name)) for name in names}
    return [
        {"type": "STREAM", "stream": {"stream_descriptor": {"name": name}, "stream_state": state}}
        for name, state in known.items()
        if state
    ]
