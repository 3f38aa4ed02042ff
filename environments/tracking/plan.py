"""What a tracking plan says, as data. The file's form is in `form`, what is sensible in `rules`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from environments.tracking.diagnostics import pointer
from environments.tracking.yaml_text import Document

PLANNED, DEPRECATED = "planned", "deprecated"


@dataclass(frozen=True)
class Deprecation:
    """What comes in the place of something, and until when it is still sent."""

    since: str = ""
    until: str = ""
    successor: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Property:
    """`values` are all that is allowed; `personal_data` is none, pseudonymous, personal or sensitive."""

    name: str
    at: str  # JSON pointer
    is_item: bool = False  # what an array holds: it has the array's name
    type: str = ""
    description: str = ""
    required: bool = False
    nullable: bool = False
    unit: str = ""
    values: tuple | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    max_length: int | None = None
    example: Any = None
    has_example: bool = False
    personal_data: str = ""
    purpose: str = ""
    delete_after_days: int | None = None
    deprecated: Deprecation | None = None
    items: "Property | None" = None
    properties: tuple["Property", ...] = ()

    def nested(self) -> Iterator["Property"]:
        """This one and all below it."""
        yield self
        for inner in (*([self.items] if self.items else []), *self.properties):
            yield from inner.nested()


@dataclass(frozen=True)
class Trigger:
    """Exactly when; where in the code, by source (web, ios, android, server ...) or as one text; how often."""

    when: str = ""
    where: dict[str, str] = field(default_factory=dict)
    once_per: str = ""


@dataclass(frozen=True)
class Event:
    name: str
    at: str
    description: str = ""
    trigger: Trigger | None = None
    owner: str = ""
    status: str = ""
    answers: tuple[str, ...] = ()
    deprecated: Deprecation | None = None
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True)
class Names:
    """How names are made: in which case, of which words. `actions` are all that an event may end (or begin) with."""

    case: str = ""
    order: str = ""
    tense: str = ""
    actions: tuple[str, ...] = ()
    pattern: str = ""
    exceptions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """What the door asks of an event beside its schema: see `door`."""

    no_copies: bool = False
    late_after_hours: float | None = None
    clock_within_minutes: float | None = None


@dataclass(frozen=True)
class Plan:
    """`common` properties belong to every event; the `envelope` is beside them: who, when, which."""

    document: Document
    file: str
    name: str = ""
    version: str = ""
    owner: str = ""
    description: str = ""
    questions: dict[str, str] = field(default_factory=dict)
    events_named: Names | None = None
    properties_named: Names | None = None
    most_properties: int = 20
    most_events: int = 100
    envelope: tuple[Property, ...] = ()
    common: tuple[Property, ...] = ()
    delivery: Delivery = Delivery()
    events: tuple[Event, ...] = ()

    def properties_of(self, event: Event) -> tuple[Property, ...]:
        """Its own, and those that every event has."""
        own = {prop.name for prop in event.properties}
        return (*event.properties, *(prop for prop in self.common if prop.name not in own))

    def properties(self) -> Iterator[Property]:
        """Every property that the file describes, nested ones as well."""
        for prop in (*self.envelope, *self.common, *(p for event in self.events for p in event.properties)):
            yield from prop.nested()


def build(document: Document, file: str) -> Plan:
    """A plan from data that has the right form."""
    data = document.data
    convention, limits = data.get("convention") or {}, data.get("limits") or {}
    return Plan(
        document, file, **_texts(data, "name", "version", "owner", "description"),
        questions=data.get("questions") or {},
        events_named=_names(convention.get("events")), properties_named=_names(convention.get("properties")),
        most_properties=limits.get("properties_per_event", Plan.most_properties),
        most_events=limits.get("events", Plan.most_events),
        envelope=_properties(data.get("envelope"), "/envelope"), common=_properties(data.get("common"), "/common"),
        delivery=Delivery(**data.get("delivery") or {}),
        events=tuple(_event(name, each or {}) for name, each in (data.get("events") or {}).items()))


def _event(name: str, data: dict) -> Event:
    at = pointer("events", name)
    return Event(name, at, **_texts(data, "description", "owner", "status"), trigger=_trigger(data.get("trigger")),
                 answers=tuple(data.get("answers") or ()), deprecated=_deprecation(data.get("deprecated")),
                 properties=_properties(data.get("properties"), f"{at}/properties"))


def _trigger(data: dict | None) -> Trigger | None:
    if data is None:
        return None
    where = data.get("where") or {}
    return Trigger(**_texts(data, "when", "once_per"), where=where if isinstance(where, dict) else {"": where})


def _deprecation(data: dict | None) -> Deprecation | None:
    return None if data is None else Deprecation(**_texts(data, "since", "until", "successor", "reason"))


def _names(data: dict | None) -> Names | None:
    if data is None:
        return None
    return Names(**_texts(data, "case", "order", "tense", "pattern"), actions=tuple(data.get("actions") or ()),
                 exceptions=data.get("exceptions") or {})


def _properties(data: dict | None, at: str) -> tuple[Property, ...]:
    return tuple(_property(name, each or {}, at + pointer(name)) for name, each in (data or {}).items())


def _property(name: str, data: dict, at: str, is_item: bool = False) -> Property:
    others: dict[str, Any] = {
        key: data[key] for key in ("minimum", "maximum", "max_length", "example", "delete_after_days") if key in data}
    return Property(
        name, at, is_item, **_texts(data, "type", "description", "unit", "pattern", "personal_data", "purpose"),
        **others, has_example="example" in data,
        required=bool(data.get("required")), nullable=bool(data.get("nullable")),
        values=None if data.get("values") is None else tuple(data["values"]),
        deprecated=_deprecation(data.get("deprecated")),
        items=None if data.get("items") is None else _property(name, data["items"], f"{at}/items", True),
        properties=_properties(data.get("properties"), f"{at}/properties"))


def _texts(data: dict, *keys: str) -> dict[str, Any]:
    return {key: data.get(key) or "" for key in keys}
