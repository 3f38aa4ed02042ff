"""The door: each record is accepted, or goes into quarantine with the reasons. None is dropped, and none is changed.

    door = Door(plan)
    for record, reasons in door.sort(records):
        (quarantine if reasons else warehouse).append(record)
    door.counts                             # how many of each event were accepted, or why they were not

`records` may be any iterator; of what has passed the door keeps counts, and the marks of the last `window` records
where the plan allows no copies. A record: see `tools`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from environments.errors import LabsError
from environments.tracking.diagnostics import pointer
from environments.tracking.form import SAID
from environments.tracking.plan import Event, Plan
from environments.tracking.schemas import record_schema, validator

WINDOW = 200_000
MOST_REASONS = 20  # of one record
HOUR, MINUTE = 3_600_000, 60_000
ACCEPTED = "accepted"
NOT_JSON = (KeyError, TypeError, ValueError, RecursionError, OverflowError)  # what a record that is none raises


class Reason(NamedTuple):
    """Why a record is not accepted. Values are not repeated: they may be personal."""

    kind: str
    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.kind} {self.pointer}: {self.message}"


Reasons = tuple[Reason, ...]
NONE: Reasons = ()
NO_RECORD = (Reason("no record", "", "this is not a record with `event` and `properties`."),)
UNPLANNED = (Reason("unplanned event", "/event", "the plan has no event of this name."),)


class Door:
    """Judges records by a plan."""

    def __init__(self, plan: Plan, window: int = WINDOW):
        self.plan, self.window = plan, window
        self.validators = {event.name: _validator(plan, event) for event in plan.events}
        self._accepted = dict.fromkeys(self.validators, 0)
        self._kept: Counter[tuple[str, str]] = Counter()
        self._seen: dict[int, None] = {}
        self._checks = self._delivery()

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many records there were so far, by event ("" for one that the plan does not know) and by what became of
        them: accepted, or the kind of the first reason against them."""
        return Counter({(name, ACCEPTED): n for name, n in self._accepted.items() if n}) + self._kept

    def sort(self, records: Iterable[Any]) -> Iterator[tuple[Any, Reasons]]:
        """Each record with the reasons against it: none where it is accepted."""
        find, delivered, accepted = self.validators.get, self._delivered if self._checks else None, self._accepted
        for record in records:
            try:
                name = record["event"]
                fits = (check := find(name)) is not None and check.is_valid(record)
            except NOT_JSON:
                fits = False
            if fits and not (delivered and (reasons := delivered(record))):
                accepted[name] += 1
                yield record, NONE
                continue
            if not fits:
                reasons = self._unfit(record)
            self._kept[self._known(record), reasons[0].kind] += 1
            yield record, reasons

    def reasons(self, record: Any) -> Reasons:
        """All that is wrong with a record. Where the plan allows no copies, it counts as seen."""
        return self._unfit(record) or self._delivered(record)

    def _unfit(self, record: Any) -> Reasons:
        """What a record that its schema does not accept breaks."""
        if not isinstance(record, dict) or not isinstance(record.get("event"), str):
            return NO_RECORD
        check = self.validators.get(record["event"])
        if check is None:
            return UNPLANNED
        try:
            return tuple(_wrong(check, record))
        except NOT_JSON as e:
            return (_not_json(e),)

    def _delivered(self, record: dict) -> Reasons:
        """What the plan's `delivery` says against a record that keeps to its schema."""
        try:
            return tuple(reason for check in self._checks if (reason := check(record)))
        except NOT_JSON as e:
            return (_not_json(e),)

    def _known(self, record: Any) -> str:
        """The event's name where the plan knows it: counts must not grow with what strangers make up."""
        name = record.get("event") if isinstance(record, dict) else None
        return name if isinstance(name, str) and name in self.validators else ""

    def _delivery(self) -> list[Callable[[dict], Reason | None]]:
        asked = self.plan.delivery
        timely = asked.late_after_hours is not None or asked.clock_within_minutes is not None
        return [*([self._timely] if timely else []), *([self._copy] if asked.no_copies else [])]

    def _timely(self, record: dict) -> Reason | None:
        """`received_ms` less `time_ms` is small; or so large that a device was offline; or a clock is wrong."""
        sent, received = record.get("time_ms"), record.get("received_ms")
        if not isinstance(sent, int) or not isinstance(received, int):
            return Reason("no time", "", "`time_ms` and `received_ms` are not whole numbers.")
        asked, gap = self.plan.delivery, received - sent
        if asked.late_after_hours is not None and gap >= asked.late_after_hours * HOUR:
            return Reason("late", "/received_ms", f"received {gap // HOUR} hours after it happened.")
        if asked.clock_within_minutes is not None and abs(gap) > asked.clock_within_minutes * MINUTE:
            return Reason("clock", "/time_ms", f"the device's clock is {abs(gap) // MINUTE} minutes off.")
        return None

    def _copy(self, record: dict) -> Reason | None:
        """The same event of the same person at the same moment, with the same properties: whatever its id is."""
        import orjson

        mark = hash(orjson.dumps([record["event"], record.get("user_id"), record.get("device_id"),
                                  record.get("time_ms"), record["properties"]], option=orjson.OPT_SORT_KEYS))
        if mark in self._seen:
            return Reason("copy", "", "the same event was here before.")
        self._seen[mark] = None
        if len(self._seen) > self.window:
            del self._seen[next(iter(self._seen))]
        return None


def _validator(plan: Plan, event: Event):
    try:
        return validator(record_schema(plan, event))
    except ValueError as e:
        message = f"{event.at} makes no schema: {str(e).splitlines()[0][:200]}."
        raise LabsError(message, f"Run `labs plan check {plan.file}`, and correct what it finds.") from None


@cache
def _due(types: tuple[str, ...]) -> str:
    return f"{' or '.join(SAID[each] for each in sorted(types, key='null'.__eq__))} is due."


def _not_json(error: Exception) -> Reason:
    return Reason("no record", "", f"it cannot be written as JSON: {type(error).__name__}.")


def _wrong(check, record: dict) -> Iterator[Reason]:
    """Each way in which a record breaks its schema."""
    for n, error in enumerate(check.iter_errors(record)):
        if n == MOST_REASONS:
            return
        kind, at = error.kind.name, error.instance_path
        if kind == "required":
            yield Reason("missing", pointer(*at, error.kind.property), "it is required.")
        elif kind == "additionalProperties":
            for name in error.kind.unexpected[:MOST_REASONS]:
                yield Reason("unplanned property", pointer(*at, name), "the plan does not name it.")
        elif kind == "type":
            yield Reason("wrong type", pointer(*at), _due(tuple(error.kind.types)))
        elif kind == "enum":
            yield Reason("not allowed", pointer(*at), "it is none of the plan's values.")
        else:
            yield Reason("not allowed", pointer(*at), f"it breaks the plan's `{kind}`.")
