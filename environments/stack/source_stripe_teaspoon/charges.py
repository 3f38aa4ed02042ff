"""Charges as a stream in Python: all of them once, then what their events tell."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor, CursorField
from airbyte_cdk.sources.streams.concurrent.default_stream import DefaultStream
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.streams.concurrent.partitions.partition_generator import PartitionGenerator
from airbyte_cdk.sources.types import Record
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from environments.stack.ingest import stripe
from environments.stack.ingest.errors import BadRequest, IngestError, KeyRefused, NotAllowed

NAME = "charges"
TYPES = {
    "text": "string",
    "integer": "integer",
    "seconds": "integer",
    "boolean": "boolean",
    "json": ["object", "array"],
}
# An event's object is a charge for these, and a refund or a dispute for the others.
CHANGES = {"type": "charge.*"}


def charges(config: Mapping[str, Any], states: ConnectorStateManager, messages: MessageRepository) -> DefaultStream:
    """The stream, going on from the state that it was given."""
    cursor = LastEvent(states, messages)
    return DefaultStream(
        Whole(ChangedCharges(config, cursor)),
        NAME,
        schema(),
        ["id"],
        CursorField("created"),
        logging.getLogger("airbyte"),
        cursor,
    )


def schema() -> dict:
    """JSON schema of a charge: the typed columns of our own ingestion; whatever else there is comes too."""
    properties = {
        c.name: {"type": TYPES[c.kind] if c.required else ["null", TYPES[c.kind]]} for c in stripe.STREAMS[NAME].columns
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "additionalProperties": True,
        "properties": properties,
    }


class LastEvent(Cursor):
    """What a run remembers: the last event there was when it began, `{"created": moment, "event": id}`."""

    def __init__(self, states: ConnectorStateManager, messages: MessageRepository):
        self._states, self._messages = states, messages
        self._state = dict(states.get_stream_state(NAME, None))

    @property
    def state(self) -> dict:
        return self._state

    def reached(self, event: dict | None) -> None:
        self._state = (
            {"created": event["created"], "event": event["id"]}
            if event
            else self._state or {"created": 0, "event": None}
        )

    def observe(self, record: Record) -> None:
        """Nothing: the state is known before the first record, and holds only once the last one is out."""

    def close_partition(self, partition: Partition) -> None:
        self.ensure_at_least_one_state_emitted()

    def ensure_at_least_one_state_emitted(self) -> None:
        self._states.update_state_for_stream(NAME, None, self._state)
        self._messages.emit_message(self._states.create_state_message(NAME, None))

    def should_be_synced(self, record: Record) -> bool:
        return True


class Whole(PartitionGenerator):
    """A run is one partition: its state is true for all of it or not at all."""

    def __init__(self, partition: Partition):
        self._partition = partition

    def generate(self) -> Iterable[Partition]:
        yield self._partition


class ChangedCharges(Partition):
    """The charges that a run has to tell."""

    def __init__(self, config: Mapping[str, Any], cursor: LastEvent):
        self._config, self._cursor = config, cursor

    def read(self) -> Iterator[Record]:
        try:
            with stripe.client(self._config["base_url"], self._config["api_key"]) as api:
                for charge in self._charges(api):
                    yield Record(charge, NAME, None)
        except IngestError as e:
            kind = (
                FailureType.config_error
                if isinstance(e, (KeyRefused, NotAllowed))
                else FailureType.system_error
                if isinstance(e, BadRequest)
                else FailureType.transient_error
            )
            raise AirbyteTracedException(message=str(e), internal_message=str(e), failure_type=kind) from e

    def _charges(self, api: stripe.Client) -> Iterator[dict]:
        """All charges, or those with an event since the last one that the state names, each as it became."""
        page, known = self._config.get("page_size", stripe.PAGE_SIZE), dict(self._cursor.state)
        since = {"created[gte]": max(0, known["created"] - stripe.LOOK_BACK)} if known.get("event") else {"limit": 1}
        newest, met = None, False
        changed: dict[str, dict] = {}
        for event in stripe.objects(api, "/v1/events", CHANGES | since, page):
            newest, met = newest or event, met or event["id"] == known.get("event")
            if event["data"]["object"]["object"] == "charge":
                changed.setdefault(event["data"]["object"]["id"], event["data"]["object"])
            if "limit" in since:
                break
        self._cursor.reached(newest)
        yield from changed.values() if met else stripe.objects(api, "/v1/charges", page=page)

    def to_slice(self) -> None:
        return None

    def stream_name(self) -> str:
        return NAME

    def __hash__(self) -> int:
        return hash(NAME)
