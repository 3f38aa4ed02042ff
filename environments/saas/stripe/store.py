"""Every object that Stripe holds for Teaspoon:
a fold over one log, whose past is generated and whose end was written here.

Objects and events come from the same log, so they always agree: an event's `data.object` is the fold up to its change.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cached_property

import orjson

from datasets.billing import Billing
from datasets.billing.facts import Change, identity, uncollected
from datasets.billing.truth import events_from
from datasets.shape import SHAPE
from environments.saas.app import State
from environments.saas.stripe.shapes import SHAPES, VERSION, deleted

MOMENTS = {
    "created", "updated", "date", "start", "end", "resumes_at", "due_by", "arrival_date", "available_on",
    "current_period_start", "current_period_end", "billing_cycle_anchor", "start_date", "trial_start", "trial_end",
    "cancel_at", "canceled_at", "ended_at", "period_start", "period_end", "next_payment_attempt", "finalized_at",
    "paid_at", "voided_at", "marked_uncollectible_at",
}
AGES = ("balance_transaction", "dispute")  # whose answers change with time alone
# The first change with this makes final what it says of its customer.
SETTLED_BY = {"charge": "created", "invoice": "finalized_at"}

Json = bytes  # inside the class that name is a method's


class Store:
    """The fold. `log` is all changes, oldest first; positions in it are how a moment of the world is named."""

    def __init__(self, state: State):
        self.state = state
        self.seed = int(state.world.seed)
        self.log: list[Change] = []
        self.requests: dict[int, dict] = {}  # by position: who wrote it
        self.values: dict[str, dict] = {}
        self.kind: dict[str, str] = {}
        self.ids: dict[str, list[str]] = defaultdict(list)  # by kind, oldest first
        self.created: dict[str, list[int]] = defaultdict(list)  # in the same order
        self.history: dict[str, list[int]] = defaultdict(list)  # by object, positions in the log
        self.told: list[int] = []  # positions of changes that are events,
        self.moments: list[int] = []  # and when they were
        self.gone: set[str] = set()  # objects that were deleted
        self.undelivered: dict[
            int, dict[str, bool]
        ] = {}  # by event's position, endpoints that have not taken it: still to be tried?
        self._bytes: dict[str, bytes] = {}
        self._event_bytes: dict[int, bytes] = {}  # by position
        self._index: dict[tuple[str, str], dict[str | None, list[int]]] = {}
        with uncollected():
            self._begin()

    def _begin(self) -> None:
        shift, account = self.state.clock.shift, identity(self.seed, "account")
        self.take(Change(SHAPE.launch + shift, "account", account, "", {"created": SHAPE.launch + shift}))
        for change in Billing(self.state.world).changes:
            self.take(
                change
                if not shift
                else Change(change.at + shift, change.kind, change.id, change.event, moved(change.values, shift))
            )
        for entry in self.state.log.entries("stripe"):
            self.replay(entry)

    # The log

    def replay(self, entry: dict) -> None:
        """Take in what one request wrote."""
        if "delivery" in entry:
            return self._attempted(**entry["delivery"])
        request = {"id": entry["request"], "idempotency_key": entry.get("key")}
        for change in entry["changes"]:
            self.requests[len(self.log)] = request
            self.take(Change(*change))
            self._addressed(len(self.log) - 1)

    def _addressed(self, position: int) -> None:
        """An event that was written is due to the webhook endpoints which want its type."""
        wanting = [
            id
            for id in self.ids["webhook_endpoint"]
            if id not in self.gone and wants(self.values[id], self.log[position].event)
        ]
        if wanting:
            self.undelivered[position] = dict.fromkeys(wanting, True)

    def _attempted(self, position: int, endpoint: str, delivered: bool) -> None:
        """An endpoint has taken an event, or it was tried in vain for the last time."""
        due = self.undelivered.get(position, {})
        if delivered:
            due.pop(endpoint, None)
        elif endpoint in due:
            due[endpoint] = False
        if not due:
            self.undelivered.pop(position, None)
        self._event_bytes.pop(position, None)

    def take(self, change: Change) -> None:
        position = len(self.log)
        self.log.append(change)
        if change.id not in self.values:
            self._is_new(change)
        self.values[change.id] = self.values[change.id] | change.values
        self.history[change.id].append(position)
        if change.event:
            self._is_told(change, position)
        self._bytes.pop(change.id, None)
        if change.values.get("deleted"):
            self._is_gone(change.id)

    def _is_gone(self, id: str) -> None:
        self.gone.add(id)
        for position, due in list(self.undelivered.items()):
            if id in due:
                self._attempted(position, id, delivered=True)

    def _is_told(self, change: Change, position: int) -> None:
        self.told.append(position)
        self.moments.append(change.at)
        if "_named" in self.__dict__:
            self._named[self.event_id(position)] = position

    def _is_new(self, change: Change) -> None:
        self.values[change.id] = {"id": change.id}
        self.kind[change.id] = change.kind
        ids = self.ids[change.kind]
        for (kind, name), index in self._index.items():
            if kind == change.kind:
                index[change.values.get(name)].append(len(ids))
        ids.append(change.id)
        self.created[change.kind].append(change.values.get("created", change.at))

    # Objects

    def shown(self, id: str, as_kind: str = "") -> dict:
        """An object as answers show it now."""
        return self._shape(
            as_kind or self.kind[id], self.values[id], len(self.log), self.state.clock.now(), self.values.__getitem__
        )

    def shown_at(self, id: str, position: int, now: int) -> dict:
        """An object as answers showed it at a moment, right after a change."""
        return self._shape(
            self.kind[id], self.as_of(id, position), position, now, lambda other: self.as_of(other, position)
        )

    def _shape(self, kind: str, values: dict, position: int, now: int, look) -> dict:
        if values.get("deleted"):
            return deleted(values, kind)
        if kind in SETTLED_BY and len(self.history[values["customer"]]) > 1:
            look = self._settled(kind, values, position, look)
        found = SHAPES[kind](values, look)
        for line in [found] if kind == "balance_transaction" else found.get("balance_transactions", []):
            line["status"] = "available" if line["available_on"] <= now else "pending"
        return found

    def _settled(self, kind: str, values: dict, position: int, look):
        """A charge or a bill names its customer as of the moment it was made final, whatever the name is now."""
        final = next((at for at in self.history[values["id"]] if self.log[at].values.get(SETTLED_BY[kind])), position)
        then = min(position, final)
        return lambda id: self.as_of(id, then) if id == values["customer"] else look(id)

    def bytes(self, id: str, as_kind: str = "") -> bytes:
        """The same as JSON, kept until it changes."""
        found = None if as_kind else self._bytes.get(id)
        if found is None:
            found = orjson.dumps(self.shown(id, as_kind))
            if not as_kind and self._stays(id):
                self._bytes[id] = found
        return found

    def _stays(self, id: str) -> bool:
        """Whether its answer changes with its own changes alone: not with time, nor with its customer."""
        return self.kind[id] not in AGES and self.values[id].get("status") != "draft"

    def positions(self, kind: str, name: str, value: str) -> list[int]:
        """Which objects of a kind, as positions among `ids`,
        refer to this one by a field that never changes; oldest first."""
        index = self._index.get((kind, name))
        if index is None:
            index = self._index[kind, name] = defaultdict(list)
            for position, id in enumerate(self.ids[kind]):
                index[self.values[id].get(name)].append(position)
        return index.get(value, [])

    def within(self, kind: str, first: int, last: int) -> tuple[int, int]:
        """Positions among `ids` of the objects made between two seconds,
        both included: from, and up to but not with."""
        created = self.created[kind]
        return bisect_left(created, first), bisect_right(created, last)

    def row(self, id: str) -> int:
        """An object's position among `ids` of its kind."""
        kind = self.kind[id]
        created = self.values[id].get("created", self.log[self.history[id][0]].at)
        return self.ids[kind].index(id, *self.within(kind, created, created))

    @cached_property
    def account(self) -> str:
        return self.ids["account"][0]

    # Events

    def as_of(self, id: str, position: int) -> dict:
        """What was known of an object right after a change."""
        found = {"id": id}
        for at in self.history[id]:
            if at > position:
                break
            found |= self.log[at].values
        return found

    def event_id(self, position: int) -> str:
        return identity(self.seed, "event", position)

    def event_at(self, id: str) -> int | None:
        """The position in the log of the event of this id; None where there is none, or it is kept no longer."""
        position = self._named.get(id)
        kept = position is not None and self.log[position].at >= events_from(self.state.clock.now())
        return position if kept else None

    @cached_property
    def _named(self) -> dict[str, int]:
        return {self.event_id(position): position for position in self.events()[0]}

    def event_bytes(self, position: int) -> Json:
        """An event as JSON, kept: what happened does not change."""
        found = self._event_bytes.get(position)
        if found is None:
            found = self._event_bytes[position] = orjson.dumps(self.event(position))
        return found

    def event(self, position: int) -> dict:
        """The event that a change is, with the object as it was then."""
        change = self.log[position]
        shown = position - 1 if change.values.get("deleted") else position  # what was deleted is shown as it was
        data = {"object": self.shown_at(change.id, shown, change.at)}
        if change.event.endswith(".updated"):
            data["previous_attributes"] = difference(self.shown_at(change.id, position - 1, change.at), data["object"])
        request = self.requests.get(position, {"id": None, "idempotency_key": None})
        return {
            "id": self.event_id(position),
            "object": "event",
            "api_version": VERSION,
            "created": change.at,
            "data": data,
            "livemode": False,
            "pending_webhooks": len(self.undelivered.get(position, ())),
            "request": request,
            "type": change.event,
        }

    def events(self) -> tuple[list[int], list[int]]:
        """Positions in the log of the events that are still kept, oldest first, and their moments."""
        start = bisect_left(self.moments, events_from(self.state.clock.now()))
        return self.told[start:], self.moments[start:]


def wants(endpoint: dict, event: str) -> bool:
    """Whether a webhook endpoint is told of a type of event."""
    return (
        bool(event)
        and endpoint["status"] == "enabled"
        and ("*" in endpoint["enabled_events"] or event in endpoint["enabled_events"])
    )


def moved(values: dict, shift: int) -> dict:
    """The values with every moment in them moved by some seconds."""
    return {name: _moved(name, value, shift) for name, value in values.items()}


def _moved(name: str, value, shift: int):
    if isinstance(value, dict):
        return moved(value, shift) if name != "metadata" else value
    if isinstance(value, list):
        return [moved(item, shift) if isinstance(item, dict) else item for item in value]
    return value + shift if name in MOMENTS and isinstance(value, int) else value


def difference(before: dict, after: dict) -> dict:
    """What an object had before in the fields that changed: of a hash the changed names alone, of a list all of it."""
    found = {}
    for name in after.keys() | before.keys():
        old, new = before.get(name), after.get(name)
        if old != new:
            found[name] = (
                difference(old, new)
                if isinstance(old, dict) and isinstance(new, dict) and old.get("object") != "list"
                else old
            )
    return found
