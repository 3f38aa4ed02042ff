"""What is wrong with Teaspoon's events, on purpose, and a list of it: the answers to any audit.

    mess = Mess(product)
    for messy in mess.batches(day): ...        # the events as the tools get them
    mess.defects(day)                          # api, event_id, defect: everything that was done to them
    score(found, mess.defects(day))            # precision and recall of an audit

| defect | what it is |
|---|---|
| spelling | the event goes by another of its five names |
| missing_property | a property of its own that the plan demands is not there |
| type_drift | a number of the plan comes as text |
| enum_drift | `platform` has a value that is not in the plan |
| duplicate | sent twice with the same insert id (the website only: Amplitude drops these itself) |
| duplicate_without_id | sent twice without one; the later copy is the defect |
| late | uploaded half a day to two days after it happened |
| clock_skew | the device's clock is hours off; it never moves an event to another day |
| personal_data | an e-mail address stands in the properties |
| test_account | Teaspoon's own people trying things out |
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from datasets.product import Product
from datasets.product_devices import platform, release
from datasets.product_events import Events, events
from datasets.product_ids import event_ids
from datasets.product_plan import EVENTS, NAMES, PLATFORMS, RELEASES
from datasets.product_sessions import BROWSE, LATEST, TEST, Sessions, body, moments, start_of
from datasets.shape import HOUR
from datasets.stream import RandomStream

if TYPE_CHECKING:
    import pandas as pd

DEFECTS = ("spelling", "missing_property", "type_drift", "enum_drift", "duplicate", "duplicate_without_id", "late",
           "clock_skew", "personal_data", "test_account")
# Per thousand: releases in which an event has another name, or a platform;
# sessions that are sent twice, or whose clock is wrong.
MISSPELT, RENAMED_PLATFORM, TWICE, TWICE_WITHOUT_ID, SKEWED = 180, 60, 6, 4, 10
MISSING, TEXT, LEAKED = 1500, 1500, 300  # per hundred thousand events
SKEW_HOURS = (2, 11)
SLOWEST_UPLOAD = 30_000  # milliseconds, where nothing is late
TEST_BLOCK = 4095        # of nobody else's
TEST_DAYS = 300          # per thousand: days on which a test account is used
OTHER_PLATFORMS = (("Web", "browser"), ("iOS", "IPHONE"), ("Android", "ANDROID APP"))
COPY = 2**50             # added to the key of a copy that has an id of its own


@dataclass(frozen=True)
class Messy:
    """Events as they are sent: `events` is what truly happened, the rest says what became of it, a row an event."""

    events: Events
    spelling: np.ndarray   # which of the five names; 0 is the plan's
    variant: np.ndarray    # which name of the platform; 0 is the plan's
    missing: np.ndarray    # bool: the first of its own properties is not there
    text: np.ndarray       # bool: its number is text
    leaked: np.ndarray     # bool: an e-mail address stands in it
    skew: np.ndarray       # milliseconds that the device's clock is ahead
    received: np.ndarray   # milliseconds: when it was uploaded
    copy: np.ndarray       # 0, 1 a copy with the same insert id, 2 one without
    twice: np.ndarray      # 0, 1, 2: how it was sent twice, for the first of the two as well

    def __len__(self) -> int:
        return len(self.events)

    def where(self, chosen: np.ndarray | slice) -> "Messy":
        """Some rows, and the sessions that they are of; chosen is a mask, positions or a slice."""
        e = self.events
        used, session = np.unique(e.session[chosen], return_inverse=True)
        some = replace(e, sessions=e.sessions.where(used), session=session,
                       **{name: getattr(e, name)[chosen] for name in ("code", "time", "recipe", "number", "key")})
        return Messy(some, *(getattr(self, name)[chosen] for name in list(self.__dataclass_fields__)[1:]))

    def keys(self) -> np.ndarray:
        """The number that the event's id is made of: a copy with the same insert id has the same one."""
        return self.events.key + np.where(self.copy == 2, COPY, 0)


@dataclass(frozen=True)
class Mess:
    """The mess of a product; as every day of the product, any day of it can be made by itself."""

    product: Product

    def batches(self, day: int) -> Iterator[Messy]:
        """What happened on a day, as it is sent, whenever that is."""
        for block in self.product.blocks():
            sessions = self.product.sessions(day, block)
            for late in (False, True):
                yield from self._part(day, block, sessions, late)
        yield from self._part(day, TEST_BLOCK, self.tests(day), False)

    def prompt(self, day: int) -> Iterator[Messy]:
        """What happened on a day and was uploaded on it: all but a few."""
        for block in self.product.blocks():
            yield from self._part(day, block, self.product.sessions(day, block), False)
        yield from self._part(day, TEST_BLOCK, self.tests(day), False)

    def late(self, day: int) -> Iterator[Messy]:
        """What happened on a day and was uploaded on one of the next."""
        for block in self.product.blocks():
            yield from self._part(day, block, self.product.sessions(day, block), True)

    def uploaded(self, day: int) -> Iterator[Messy]:
        """What was uploaded on a day, whenever it happened."""
        yield from self.prompt(day)
        first, last = start_of(day) * 1000, start_of(day + 1) * 1000
        for before in range(max(0, day - LATEST), day + 1):
            for messy in self.late(before):
                yield messy.where((messy.received >= first) & (messy.received < last))

    def defects(self, day: int) -> "pd.DataFrame":
        """Every defect of the events of a day:
        api, event_id (`$insert_id` of Mixpanel, `uuid` of Amplitude), defect."""
        import pandas as pd

        rows = (row for messy in self.batches(day) for row in _recorded(self.product.cast.seed, messy))
        return pd.DataFrame(list(dict.fromkeys(rows)), columns=["api", "event_id", "defect"])

    def tests(self, day: int) -> Sessions:
        """The sessions of test accounts."""
        stream = RandomStream(self.product.cast.seed, f"mess tests {day}")
        who = np.flatnonzero(stream.chance(TEST_DAYS, accounts(self.product.cast.households)))
        n, zero, at = len(who), np.zeros(len(who), np.int64), moments(stream, day, len(who))
        return Sessions(
            np.full(n, TEST, np.int8),
            who,
            2**50 + who,
            who % 2 == 0,
            who % 4 == 1,
            zero.astype(np.int8),
            at,
            np.full(n, start_of(day)),
            body(stream, TEST, n),
            zero - 1,
            zero == 0,
            zero,
            at * 1000,
        )

    def twice(self, day: int, block: int, sessions: Sessions, late: bool) -> np.ndarray:
        """How each session is sent: 0 once, 1 twice with the same insert ids, 2 twice without any."""
        return self._doubled(self._stream(day, block, late), sessions)

    def _stream(self, day: int, block: int, late: bool) -> RandomStream:
        return RandomStream(self.product.cast.seed, f"mess {day} {block} {late}")

    def _doubled(self, stream: RandomStream, sessions: Sessions) -> np.ndarray:
        r = stream.below(1000, len(sessions))
        return np.where(
            (r < TWICE) & sessions.web, 1, np.where((r >= TWICE) & (r < TWICE + TWICE_WITHOUT_ID), 2, 0)
        ).astype(np.int8)

    def _part(self, day: int, block: int, sessions: Sessions, late: bool) -> Iterator[Messy]:
        some = sessions.where((sessions.delay > 0) == late)
        if len(some):
            yield self._batch(day, block, some, late)

    def _batch(self, day: int, block: int, sessions: Sessions, late: bool) -> Messy:
        stream = self._stream(day, block, late)
        doubled, skew = self._doubled(stream, sessions), self._skews(stream, day, sessions)
        clean = events(self.product.cast, sessions, day, block, late)
        messy = self._marked(stream, clean, doubled, skew, day)
        again = np.flatnonzero(messy.twice)
        return messy if not len(again) else _appended(messy, again, stream, day)

    def _skews(self, stream: RandomStream, day: int, sessions: Sessions) -> np.ndarray:
        """Milliseconds for each session: forward in the morning,
        back in the evening, so that the day stays the same."""
        hours, wrong = stream.between(SKEW_HOURS, len(sessions)), stream.chance(SKEWED, len(sessions))
        hour = (sessions.at - start_of(day)) // HOUR
        sign = np.where(hour < 11, 1, np.where(hour >= 13, -1, 0))
        return hours * sign * HOUR * 1000 * (wrong & (sessions.delay == 0) & (sessions.kind >= BROWSE))

    def _marked(self, stream: RandomStream, clean: Events, doubled: np.ndarray, skew: np.ndarray, day: int) -> Messy:
        at = platform(clean.sessions), release(clean.sessions)
        marks = tuple(column[clean.session] for column in at)
        r = stream.below(100_000, len(clean))
        return Messy(
            clean, self._spellings[*marks, clean.code], self._variants[*marks, clean.code],
            (r < MISSING) & _HAS_OWN[clean.code], (r >= MISSING) & (r < MISSING + TEXT) & _HAS_NUMBER[clean.code],
            (r >= 100_000 - LEAKED) & clean.known() & (clean.of("kind") != TEST), skew[clean.session],
            _received(stream, clean, day), np.zeros(len(clean), np.int8), doubled[clean.session])

    @cached_property
    def _spellings(self) -> np.ndarray:
        """Which name an event has on a platform from one release to the next."""
        stream = RandomStream(self.product.cast.seed, "mess spelling")
        cells = (len(PLATFORMS), len(RELEASES[0]), len(NAMES))
        n = int(np.prod(cells))
        return ((1 + stream.below(4, n)) * stream.chance(MISSPELT, n)).reshape(cells).astype(np.int8)

    @cached_property
    def _variants(self) -> np.ndarray:
        stream = RandomStream(self.product.cast.seed, "mess platform")
        cells = (len(PLATFORMS), len(RELEASES[0]), len(NAMES))
        n = int(np.prod(cells))
        return ((1 + stream.below(2, n)) * stream.chance(RENAMED_PLATFORM, n)).reshape(cells).astype(np.int8)


def accounts(households: int) -> int:
    """How many test accounts there are."""
    return 4 + households // 200


def spelt(name: str) -> tuple[str, ...]:
    """The five names of an event, the plan's first."""
    words = name.split()
    return (name, "_".join(words).lower(), words[0].lower() + "".join(words[1:]), "-".join(words).lower(), name.lower())


def own_property(code: int) -> str:
    """The property that an event with `missing` lacks."""
    return next(iter(EVENTS[NAMES[code]]), "")


def score(found, true) -> dict[str, dict[str, float]]:
    """Precision and recall of an audit, for each defect and `all`.

    found, true: rows of event_id and defect, as a frame with these columns or as pairs. Precision of nothing found is
    1, recall of nothing there is 1.
    """
    found, true = _pairs(found), _pairs(true)
    kinds = sorted({kind for _, kind in found | true})
    of = {kind: ({p for p in found if p[1] == kind}, {p for p in true if p[1] == kind}) for kind in kinds}
    return {kind: _scored(*sets) for kind, sets in {"all": (found, true), **of}.items()}


def _scored(found: set, true: set) -> dict[str, float]:
    right = len(found & true)
    return {"precision": right / len(found) if found else 1.0, "recall": right / len(true) if true else 1.0}


def _pairs(rows) -> set[tuple[str, str]]:
    if hasattr(rows, "columns"):
        rows = zip(rows["event_id"], rows["defect"], strict=True)
    return {(str(event), str(defect)) for event, defect in rows}


def _received(stream: RandomStream, clean: Events, day: int) -> np.ndarray:
    """Within seconds and on the same day; a device that was offline sends all of a session at once, later."""
    soon = np.minimum(clean.time + 200 + stream.below(SLOWEST_UPLOAD // 2, len(clean)), start_of(day + 1) * 1000 - 2)
    delay = clean.of("delay")
    return np.where(delay > 0, (clean.of("at") + delay) * 1000 + HOUR * 1000, np.maximum(soon, clean.time))


def _appended(messy: Messy, again: np.ndarray, stream: RandomStream, day: int) -> Messy:
    """The rows once more, received a little later."""
    every = messy.where(np.append(np.arange(len(messy)), again))
    first = len(messy)
    copy, received = every.copy.copy(), every.received.copy()
    copy[first:] = every.twice[first:]
    end = start_of(day + 1) * 1000 - 1
    later = received[first:] + 1 + stream.below(SLOWEST_UPLOAD // 2, len(again))
    received[first:] = np.where(received[first:] <= end, np.minimum(later, end), later)
    return replace(every, copy=copy, received=received)


def _recorded(seed: int, messy: Messy) -> Iterator[tuple[str, str, str]]:
    """Tool, event id and defect, for each defect of each event, in the order of DEFECTS."""
    e = messy.events
    has = np.array([messy.spelling > 0, messy.missing, messy.text, messy.variant > 0, messy.copy == 1, messy.copy == 2,
                    e.of("delay") > 0, messy.skew != 0, messy.leaked, e.of("kind") == TEST])
    defect, row = np.nonzero(has)
    web = e.of("web")[row]
    ids = event_ids(seed, messy.keys()[row], web).tolist()
    return (
        (("mixpanel" if on_web else "amplitude"), id, DEFECTS[number])
        for on_web, id, number in zip(web.tolist(), ids, defect.tolist(), strict=True)
    )


_HAS_OWN = np.array([bool(properties) for properties in EVENTS.values()])
_HAS_NUMBER = np.array([int in properties.values() for properties in EVENTS.values()])
