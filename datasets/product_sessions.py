"""The sessions of one day: who comes, on what, what for, and how much they do. Facts, not events yet.

A day is one of UTC, and no session crosses its end. People come in blocks of households, each block of a day drawn from
a stream of its own, so that any day can be made by itself, in memory that does not depend on the size of the world.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from datasets.product_cast import Cast
from datasets.shape import DAY, HOUR, SHAPE
from datasets.stream import RandomStream
from datasets.words import CITIES

VISIT, STRANGER, SIGNUP, SUBSCRIBE, BROWSE, ORDER, TEST = range(7)
DAYS = (SHAPE.now - SHAPE.launch) // DAY
BLOCK = 4096               # households
OFFLINE = 15               # sessions, per thousand, that are uploaded only when the device is back online,
OFFLINE_HOURS = (13, 47)   # so many hours later
STRANGERS = 8              # visitors that never sign up, for each household that does
LATEST = 3                 # days after a session by which all of it is uploaded
COOKIE_DAYS = 120          # after which a browser has forgotten its device id, or a phone is another one
# Sessions of a person on a day, per thousand: 0, 1, 2, 3. First those who do not pay, then those who do.
COMES = ((975, 21, 4, 0), (508, 340, 120, 32))
# Events in a session beside those that its kind demands: least, and most above that; small numbers are likelier.
BODY = {
    VISIT: (1, 8),
    STRANGER: (0, 6),
    SIGNUP: (1, 8),
    SUBSCRIBE: (1, 10),
    BROWSE: (3, 48),
    ORDER: (2, 18),
    TEST: (2, 20),
}


@dataclass(frozen=True)
class Sessions:
    """One row a session."""

    kind: np.ndarray    # VISIT ... TEST
    who: np.ndarray     # person, -1 a stranger; of TEST the number of the test account
    device: np.ndarray  # a number of its own for each browser and each phone
    web: np.ndarray     # bool
    ios: np.ndarray     # bool, where it is not the web
    city: np.ndarray    # position in words.CITIES
    # Seconds: when it starts; where the kind demands a last event (SIGNUP, SUBSCRIBE, ORDER): when that is.
    at: np.ndarray
    not_before: np.ndarray  # seconds: no event is earlier
    body: np.ndarray    # events beside those that the kind demands
    ref: np.ndarray     # position of the order or the subscription, else -1
    member: np.ndarray  # bool: may order
    delay: np.ndarray   # seconds until its events are uploaded, 0 where that is at once
    began: np.ndarray   # milliseconds: its first event, once they are drawn

    def __len__(self) -> int:
        return len(self.kind)

    def where(self, chosen: np.ndarray) -> "Sessions":
        return Sessions(*(getattr(self, f.name)[chosen] for f in fields(self)))

    def visitor(self) -> np.ndarray:
        """Who it is once a tool has merged ids: the person, else minus the device."""
        return np.where(self.who < 0, -self.device, self.who)


def together(parts: list[Sessions]) -> Sessions:
    return Sessions(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Sessions)))


def start_of(day: int) -> int:
    """Seconds; day 0 is that of the launch."""
    return SHAPE.launch + day * DAY


def blocks(cast: Cast) -> range:
    return range(-(-cast.households // BLOCK))


def sessions(cast: Cast, day: int, block: int) -> Sessions:
    """What one block of households, and the strangers that come beside them, does on a day."""
    stream = RandomStream(cast.seed, f"product {day} {block}")
    homes = slice(block * BLOCK, min((block + 1) * BLOCK, cast.households))
    people = slice(cast.people_from[homes.start], cast.people_from[homes.stop])
    return together([
        _browsing(cast, stream, day, people), _strangers(cast, stream, day, block, homes.stop - homes.start),
        _visits(cast, stream, day, people), _signups(cast, stream, day, people),
        _subscribing(cast, stream, day, people), _ordering(cast, stream, day, people)])


def _browsing(cast: Cast, stream: RandomStream, day: int, people: slice) -> Sessions:
    start = start_of(day)
    here = np.arange(people.start, people.stop)
    here = here[cast.joined[here] < start]
    member = may_order(cast, here, start)
    times = _COMES[member.astype(int), stream.below(1000, len(here))]
    who = np.repeat(here, times)
    web = stream.chance(cast.web_share[who], len(who))
    return _of(cast, stream, BROWSE, day, who, web, moments(stream, day, len(who)), member=np.repeat(member, times))


def _strangers(cast: Cast, stream: RandomStream, day: int, block: int, homes: int) -> Sessions:
    n = strangers(day, homes)
    at = moments(stream, day, n)
    device = 2**40 + (day << 26) + (block << 14) + np.arange(n)
    city = stream.pick([city[4] for city in CITIES], n).astype(np.int8)
    none = np.full(n, -1)
    return Sessions(
        np.full(n, STRANGER, np.int8),
        none,
        device,
        stream.chance(600, n),
        stream.chance(550, n),
        city,
        at,
        np.full(n, start_of(day)),
        body(stream, STRANGER, n),
        none,
        np.zeros(n, bool),
        np.zeros(n, np.int64),
        at * 1000,
    )


def strangers(day: int, homes: int) -> int:
    """How many come on a day; as sign-ups do, more every day."""
    grown = _growth()
    return int(grown[day + 1] * homes * STRANGERS // grown[-1] - grown[day] * homes * STRANGERS // grown[-1])


def _visits(cast: Cast, stream: RandomStream, day: int, people: slice) -> Sessions:
    rows = today(cast.visits["at"], cast.visits["person"], day, people)
    who = cast.visits["person"][rows]
    return _of(cast, stream, VISIT, day, who, cast.signup_web[who], cast.visits["at"][rows])


def _signups(cast: Cast, stream: RandomStream, day: int, people: slice) -> Sessions:
    joined = cast.joined[people]
    who = people.start + np.flatnonzero((joined >= start_of(day)) & (joined < start_of(day + 1)))
    return _of(cast, stream, SIGNUP, day, who, cast.signup_web[who], cast.joined[who])


def _subscribing(cast: Cast, stream: RandomStream, day: int, people: slice) -> Sessions:
    rows = today(cast.started["at"], cast.started["person"], day, people)
    who = cast.started["person"][rows]
    web = stream.chance(cast.web_share[who], len(who))
    return _of(cast, stream, SUBSCRIBE, day, who, web, cast.started["at"][rows], ref=rows)


def _ordering(cast: Cast, stream: RandomStream, day: int, people: slice) -> Sessions:
    rows = today(cast.orders["at"], cast.orders["person"], day, people)
    return _of(cast, stream, ORDER, day, cast.orders["person"][rows], cast.orders["web"][rows], cast.orders["at"][rows],
               ref=rows, member=np.ones(len(rows), bool))


def _of(cast: Cast, stream: RandomStream, kind: int, day: int, who, web, at, ref=None, member=None) -> Sessions:
    n = len(who)
    known = cast.joined[who] if kind in (SUBSCRIBE, ORDER) else 0
    delay = offline(stream, day, n) if kind in (BROWSE, ORDER) else np.zeros(n, np.int64)
    return Sessions(
        np.full(n, kind, np.int8),
        who,
        devices(cast, who, web, at),
        web,
        cast.ios[who],
        cast.city[who],
        at,
        np.maximum(start_of(day), known + np.zeros(n, np.int64)),
        body(stream, kind, n),
        np.full(n, -1) if ref is None else ref,
        np.zeros(n, bool) if member is None else member,
        delay,
        at * 1000,
    )


def offline(stream: RandomStream, day: int, n: int) -> np.ndarray:
    """Seconds of delay. In the last days nobody is offline: what has not arrived by now is in no export."""
    seconds = stream.between(tuple(h * HOUR for h in OFFLINE_HOURS), n)
    return seconds * stream.chance(OFFLINE if day < DAYS - LATEST else 0, n)


def devices(cast: Cast, who: np.ndarray, web: np.ndarray, at: np.ndarray) -> np.ndarray:
    """A browser's or a phone's number: another one some months after signing up, never before it."""
    age = np.maximum(0, at - cast.joined[who]) // (COOKIE_DAYS * DAY)
    return (who * 2 + web) * 64 + age


def may_order(cast: Cast, who: np.ndarray, at: int) -> np.ndarray:
    home = cast.home[who]
    return np.asarray(((cast.member_from[home] <= at) & (at < cast.member_until[home])).any(axis=1))


def today(at: np.ndarray, person: np.ndarray, day: int, people: slice) -> np.ndarray:
    """Positions in a table in time order: those of a day and of these people."""
    first, last = np.searchsorted(at, [start_of(day), start_of(day + 1)])
    return first + np.flatnonzero((person[first:last] >= people.start) & (person[first:last] < people.stop))


def moments(stream: RandomStream, day: int, n: int) -> np.ndarray:
    """When people start, by the clock on their wall: in summer an hour earlier in UTC."""
    return start_of(day) + stream.pick(_hours(day), n) * HOUR + stream.below(HOUR, n)


def body(stream: RandomStream, kind: int, n: int) -> np.ndarray:
    least, more = BODY[kind]
    r = stream.below(1000, n)
    return least + r * r * (more + 1) // 10**6


@lru_cache(maxsize=4)
def offsets(zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Moments from which an offset from UTC holds in a time zone, and the offsets in seconds."""
    from datetime import datetime

    hours = np.arange(SHAPE.launch - DAY, SHAPE.now + 2 * DAY, HOUR)
    there = [datetime.fromtimestamp(hour, ZoneInfo(zone)).utcoffset() for hour in hours.tolist()]
    found = np.array([int(offset.total_seconds()) for offset in there if offset is not None])
    new = np.flatnonzero(np.diff(found, prepend=0))
    return hours[new], found[new]


def offset(zone: str, at: np.ndarray) -> np.ndarray:
    """Seconds to add to UTC for the clock on the wall."""
    since, seconds = offsets(zone)
    return seconds[np.searchsorted(since, at, side="right") - 1]


@lru_cache(maxsize=2)
def _growth() -> list[int]:
    share = [1000 * SHAPE.daily_growth**d // 1000**d for d in range(DAYS)]
    return [sum(share[:d]) for d in range(DAYS + 1)]


@lru_cache(maxsize=DAYS)
def _hours(day: int) -> tuple[int, ...]:
    """The world's habits are those of winter: UTC-5."""
    summer = int(offset("America/New_York", np.array([start_of(day) + 12 * HOUR]))[0]) // HOUR + 5
    return SHAPE.hours[summer:] + SHAPE.hours[:summer]


_COMES = np.array([np.repeat(np.arange(4), shares) for shares in COMES])
