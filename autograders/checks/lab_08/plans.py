"""A student's tracking plan, from the five texts of its parts, and the records that its door is tried on.

An action is known by the place in the code that sends it: the plan's names are the student's own.
"""

from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import NoReturn

from autograders.checks.lab_08.worlds import unseen
from autograders.expect import CheckedFunction
from environments.errors import LabsError
from environments.stack.tracking_start import plan_text
from environments.tracking import NotAPlan, Plan, plan_of
from environments.tracking.door import Door, Reason

VISITORS = {"landing/page": "Landing Viewed", "account/stored": "Signed Up",
            "subscription/stored": "Subscription Started"}
RECIPES = {"recipe/page": "Recipe Viewed", "search/results": "Recipe Searched"}
BOXES = {"box/add": "Recipe Added", "checkout/address": "Checkout Started", "orders/paid": "Order Placed"}
PLANNED = {"gifts/paid": "", "deliveries/moved": ""}  # nothing sends these yet
PARTS = (VISITORS, RECIPES, BOXES, PLANNED)
SENT = {site: event for sites in PARTS for site, event in sites.items()}
SITE = {event: site for site, event in SENT.items() if event}
SERVERS = ("account/stored", "subscription/stored", "orders/paid", *PLANNED)
OWN = {"landing/page": {"page": "string", "referrer": "string"}, "account/stored": {"channel": "string"},
       "subscription/stored": {"plan": "string", "price_cents": "integer"},
       "recipe/page": {"recipe_id": "integer", "recipe_title": "string"},
       "search/results": {"query": "string", "results": "integer"},
       "box/add": {"recipe_id": "integer", "recipe_title": "string", "servings": "integer"},
       "checkout/address": {"items": "integer"},
       "orders/paid": {"order_id": "integer", "total_cents": "integer", "items": "integer"},
       "gifts/paid": {"amount": "decimal", "currency": "string"},
       "deliveries/moved": {"delivery_at": "date-time", "reason": "string"}}
LISTED = {("landing/page", "page"): ("/", "/menu", "/how-it-works", "/gift"),
          ("landing/page", "referrer"): ("direct", "search", "social", "friend"),
          ("account/stored", "channel"): ("web", "ios", "android", "referral", "gift"),
          ("subscription/stored", "plan"): ("solo", "duo", "family"), ("gifts/paid", "currency"): ("USD", "CAD"),
          ("deliveries/moved", "reason"): ("customer", "weather", "courier")}
MADE = {"gifts/paid": {"amount": "25.00", "currency": "USD"},
        "deliveries/moved": {"delivery_at": "2026-07-02T17:30:00-04:00", "reason": "weather"}}
MANY = {"price_cents": 2_999, "total_cents": 30_000, "recipe_id": 5_000, "order_id": 1_000_000, "results": 200}
PLATFORMS = ("web", "ios", "android")
LOOK_HEAD = "convention, envelope.user_id, common.platform and delivery in the docstring of plan_head"
LOOK_EVENTS = "the table of call sites above, the docstring, and what `problems` says"


class PlanAsked:
    """The five functions that a plan is made of, each asked once."""

    def __init__(self, head: Callable, *parts: Callable):
        self.head = CheckedFunction(head, LOOK_HEAD)
        self.parts = [CheckedFunction(function, LOOK_EVENTS) for function in parts]
        texts = [self._text(asked) for asked in (self.head, *self.parts)]
        try:
            self.plan: Plan = _read(*texts)
        except NotAPlan as e:
            self._refused(e)
        self.names = {site: names[0] for site in SENT if (names := self.sent_from(site))}

    def sent_from(self, site: str) -> list[str]:
        """The plan's events whose trigger says that they are sent from there."""
        return [event.name for event in self.plan.events if event.trigger and site in event.trigger.where.values()]

    def part(self, site: str) -> CheckedFunction:
        """The function in which the event of a call site stands."""
        return next(asked for sites, asked in zip(PARTS, self.parts, strict=True) if site in sites)

    def expect(self, asked: CheckedFunction, when: str, holds: bool, due: str, got: str) -> None:
        asked.when, asked.call = when, f"{getattr(asked.function, '__name__', 'the answer')}() {when}"
        asked.expect(holds, due, got)

    def named(self, site: str) -> str:
        """The name of the event that is sent from there; CheckFailed where there is none."""
        asked = self.part(site)
        self.expect(asked, "in the whole plan", site in self.names, f"an event with trigger.where {site}",
                    "names no such place")
        return self.names[site]

    def door(self) -> Door:
        try:
            return Door(self.plan)
        except LabsError as e:
            self._refused(e)

    @cached_property
    def reasons(self) -> Callable[[dict], tuple[Reason, ...]]:
        """What a door that lives as long as this says against a record. It calls the second of two a copy."""
        return self.door().reasons

    def _text(self, asked: CheckedFunction) -> str:
        text = asked()
        asked.expect(type(text) is str, "the text of a part of the plan, a str")
        return text

    def _refused(self, error: LabsError) -> NoReturn:
        said = str(error.diagnostics[0]) if isinstance(error, NotAPlan) else str(error)
        number = said.removeprefix("text ")[:1] if said.startswith("text ") else "2"  # the given start is the first
        asked = [self.head, *self.parts][int(number) - 2]
        asked.fail("a plan that can be read", got=f"made none: {said[:200]}")


@lru_cache(maxsize=2)
def _read(*texts: str) -> Plan:
    return plan_of(plan_text(*texts))


def as_planned(plan: PlanAsked, record: dict) -> dict:
    """A clean record of a world under the plan's name of its event."""
    return record | {"event": plan.named(SITE[record["event"]])}


def clean(plan: PlanAsked) -> list[tuple[str, dict]]:
    """Records without any defect: of each call site some of a world or, where nothing sends them yet, made up."""
    world = [record for record in unseen().clean() if record["event"] in SITE]
    found = [(SITE[record["event"]], as_planned(plan, record)) for record in world]
    more = [made(plan, site) for site in SENT]
    more += [made(plan, site, **{name: value}) for (site, name), values in LISTED.items() for value in values]
    more += [made(plan, site, platform=name) for site in SENT for name in PLATFORMS]
    more += [made(plan, site, **{name: MANY.get(name, 12)}) for site, own in OWN.items()
             for name, kind in own.items() if kind == "integer"]
    more += [made(plan, "gifts/paid", amount=amount) for amount in ("100", "0.5")]
    more += [made(plan, "deliveries/moved", delivery_at="2026-07-02T21:30:00Z")]
    apart = [(site, record | {"time_ms": record["time_ms"] + n}) for n, (site, record) in enumerate(more)]  # no copies
    return found + apart


GONE = object()
VALUES = {"string": "a text", "integer": 3}
COMMON = {"platform": "web", "app_version": "2026.4", "timezone": "America/New_York", "utc_offset_minutes": -240}


def made(plan: PlanAsked, site: str, /, **changes) -> tuple[str, dict]:
    """A record of a call site; `changes` are of its properties, GONE for one that is to be missing."""
    own = {name: LISTED.get((site, name), (VALUES.get(kind),))[0] for name, kind in OWN[site].items()}
    properties = {**own, **MADE.get(site, {}), **COMMON, **changes}
    at = 1_780_000_000_000
    return site, {"id": "made", "event": plan.named(site), "user_id": "user_000007", "device_id": "d1", "time_ms": at,
                  "received_ms": at + 900,
                  "properties": {name: value for name, value in properties.items() if value is not GONE}}


def at(reasons: tuple[Reason, ...], pointer: str) -> set[str]:
    """The kinds of the reasons at one place of a record."""
    return {reason.kind for reason in reasons if reason.pointer == pointer}


def of_world(plan: PlanAsked, defect: str) -> Iterator[tuple[str, dict]]:
    """Call site and record, as planned, of those of an unseen world that have this defect alone."""
    for record in unseen().only(defect):
        if record["event"] in SITE:
            yield SITE[record["event"]], as_planned(plan, record)
