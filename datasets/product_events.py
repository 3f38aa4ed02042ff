"""The events of sessions, one row each, as arrays."""

from dataclasses import dataclass, replace

import numpy as np

from datasets.product_cast import Cast
from datasets.product_plan import CODE, WITH_RECIPE
from datasets.product_sessions import BROWSE, ORDER, SIGNUP, STRANGER, SUBSCRIBE, TEST, VISIT, Sessions, start_of
from datasets.stream import RandomStream

LONGEST_GAP = 60_000  # milliseconds from one event to the next; short ones are likelier
FIRST = {VISIT: "Landing Viewed", STRANGER: "Landing Viewed", SIGNUP: "Landing Viewed"}
LAST = {SIGNUP: ("Signed Up",), SUBSCRIBE: ("Subscription Started",), ORDER: ("Checkout Started", "Order Placed")}
# What people do between the first and the last event of a session, per thousand.
LOOKS = {"Menu Viewed": 350, "Recipe Viewed": 500, "Recipe Searched": 150}
DOES = {"Menu Viewed": 150, "Recipe Viewed": 430, "Recipe Searched": 120, "Recipe Saved": 70, "Recipe Rated": 30,
        "Box Viewed": 80, "Recipe Added": 80, "Recipe Removed": 25, "Checkout Started": 15}
STREAMS = {False: "product events", True: "product late events"}


@dataclass(frozen=True)
class Events:
    """One row an event, in the order of sessions, inside a session in time order."""

    sessions: Sessions
    session: np.ndarray  # position in `sessions`
    code: np.ndarray     # position in product_plan.NAMES
    time: np.ndarray     # milliseconds
    recipe: np.ndarray   # position, -1 where the event has none
    number: np.ndarray   # what its number property says: servings, items, results, stars
    key: np.ndarray      # a number that no other event of the world has

    def __len__(self) -> int:
        return len(self.code)

    def of(self, name: str) -> np.ndarray:
        """A column of the session of each event."""
        return getattr(self.sessions, name)[self.session]

    def known(self) -> np.ndarray:
        """Whether the event names its person: from the sign-up on."""
        kind = self.of("kind")
        return (kind >= SUBSCRIBE) | (self.code == CODE["Signed Up"])


def lengths(cast: Cast, sessions: Sessions) -> np.ndarray:
    """How many events each session has."""
    return 1 + sessions.body + 2 * _lines(cast, sessions) + _TAIL[sessions.kind]


@dataclass(frozen=True)
class Outline:
    """What happens in sessions, without when and to what."""

    session: np.ndarray  # of each event
    start: np.ndarray    # of each session: its first event
    size: np.ndarray     # of each session: how many events
    code: np.ndarray     # of each event
    line: np.ndarray     # of each event: the order's line that it is about, -1 none
    items: np.ndarray    # of each session: the order's lines


def outline(cast: Cast, sessions: Sessions, stream: RandomStream) -> Outline:
    """A first event, some in between, for an order two for each of its lines,
    and the last ones that the kind demands."""
    size, items = lengths(cast, sessions), _lines(cast, sessions)
    session, start = np.repeat(np.arange(len(size)), size), np.cumsum(size) - size
    position = np.arange(len(session)) - start[session]
    left, kind = size[session] - position - 1, sessions.kind[session]
    code = _LOT[_class(sessions)[session], stream.below(1000, len(session))]
    code = np.where(position == 0, _FIRST[kind], code)
    last = np.where(left < 2, _LAST[kind, left % 2], -1)
    code = np.where(last >= 0, last, code)
    nth = items[session] - 1 - (left - 2) // 2
    line = np.where((kind == ORDER) & (left >= 2) & (nth >= 0), nth, -1)
    code = np.where(line >= 0, np.where(left % 2, CODE["Recipe Viewed"], CODE["Recipe Added"]), code)
    return Outline(session, start, size, code.astype(np.int8), line, items)


def events(cast: Cast, sessions: Sessions, day: int, block: int, late: bool = False) -> Events:
    """All events of these sessions: either those of a block's day that are uploaded at once, or those that are late.

    The two are drawn apart, so that what arrives on a day can be made without all of the days before.
    """
    stream = drawn_from(cast, day, block, late)
    o = outline(cast, sessions, stream)
    row = cast.orders["first_line"][_order(sessions)][o.session] + o.line
    times = _times(stream, sessions, day, o)
    return Events(
        replace(sessions, began=times[o.start]),
        o.session,
        o.code,
        times,
        _recipes(cast, stream, day, o, row),
        _numbers(cast, stream, o, row),
        _keys(day, block, late, len(o.code)),
    )


def drawn_from(cast: Cast, day: int, block: int, late: bool) -> RandomStream:
    return RandomStream(cast.seed, f"{STREAMS[late]} {day} {block}")


def _lines(cast: Cast, sessions: Sessions) -> np.ndarray:
    """How many recipes are in the order of each session."""
    return cast.orders["lines"][_order(sessions)]


def _order(sessions: Sessions) -> np.ndarray:
    """The order of each session, -1 for none."""
    return np.where(sessions.kind == ORDER, sessions.ref, -1)


def _class(sessions: Sessions) -> np.ndarray:
    """Which lot the events between are drawn from: only members of paying households fill boxes, and in an order's
    session its own lines are all that is added."""
    return ((sessions.kind == BROWSE) & sessions.member | (sessions.kind == TEST)).astype(np.int8)


def _recipes(cast: Cast, stream: RandomStream, day: int, o: Outline, row: np.ndarray) -> np.ndarray:
    """The order's own recipe, else one that is published: the n-th oldest 1/n as often."""
    published = max(1, int(np.searchsorted(cast.published, start_of(day), side="right")))
    edges = np.cumsum(1_000_000 // (1 + np.arange(published)))
    recipe = np.searchsorted(edges, stream.below(edges[-1], len(o.code)), side="right").astype(np.int16)
    recipe[~_HAS_RECIPE[o.code]] = -1
    recipe[o.line >= 0] = cast.line_recipe[row[o.line >= 0]]
    return recipe


def _numbers(cast: Cast, stream: RandomStream, o: Outline, row: np.ndarray) -> np.ndarray:
    """Servings, stars, results or items; of an order what is true."""
    number = 1 + stream.below(4, len(o.code)).astype(np.int32)
    number += (o.code == CODE["Recipe Rated"])
    added = (o.line >= 0) & (o.code == CODE["Recipe Added"])
    number[added] = cast.line_quantity[row[added]]
    items = o.items[o.session]
    return np.where((items > 0) & _COUNTS_ITEMS[o.code], items, number).astype(np.int32)


def _times(stream: RandomStream, sessions: Sessions, day: int, o: Outline) -> np.ndarray:
    """Milliseconds: from the session's start, or up to its last event;
    pressed together where there is no room before it."""
    r = stream.below(1000, len(o.code))
    gap = 1000 + r * r * (LONGEST_GAP - 1000) // 10**6 + r
    gap[o.start] = 0
    passed = np.cumsum(gap)
    passed -= passed[o.start][o.session]
    total = passed[o.start + o.size - 1]
    begin, room = _span(sessions, day, total)
    squeezed = room < total
    passed = np.where(squeezed[o.session], passed * room[o.session] // np.maximum(total, 1)[o.session], passed)
    return begin[o.session] + passed


def _span(sessions: Sessions, day: int, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """When each session's first event is, and the time that there is from it to the last one."""
    at, floor = sessions.at * 1000, sessions.not_before * 1000
    ends_at = _TAIL[sessions.kind] > 0
    latest = start_of(day + 1) * 1000 - 1 - total
    begin = np.where(ends_at, np.maximum(at - total, floor), np.maximum(np.minimum(at, latest), floor))
    return begin, np.where(ends_at, at - begin, total)


def _keys(day: int, block: int, late: bool, n: int) -> np.ndarray:
    return (((day * 4096 + block) * 2 + late) << 24) + np.arange(n)


def lot(shares: dict[str, int]) -> np.ndarray:
    """A thousand codes, each as often as its share says."""
    return np.repeat([CODE[name] for name in shares], list(shares.values())).astype(np.int8)


_TAIL = np.array([len(LAST.get(kind, ())) for kind in range(TEST + 1)])
_LOT = np.array([lot(LOOKS), lot(DOES)])
_FIRST = np.array([CODE[FIRST.get(kind, "App Opened")] for kind in range(TEST + 1)], np.int8)
_LAST = np.array([[CODE[name] for name in reversed(LAST.get(kind, ()))] + [-1] * (2 - len(LAST.get(kind, ())))
                  for kind in range(TEST + 1)], np.int8)
_COUNTS_ITEMS = np.isin(
    np.arange(len(CODE)), [CODE[name] for name in ("Box Viewed", "Checkout Started", "Order Placed")]
)
_HAS_RECIPE = np.isin(np.arange(len(CODE)), WITH_RECIPE)
