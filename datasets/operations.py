"""A month of Teaspoon's morning runs as its monitoring sees them, with incidents and noise that are known.

    month = Operations(seed=7)
    month.observations     # every attempt of every run, by when it ended; four quiet weeks come before the month
    month.incidents        # what somebody had to act on: kind, asset, since, until, severity
    month.noise            # what nobody had to act on, though it looks like it
    month.frame()          # the observations as a frame

Each kind of incident happens once; when, and to which asset, comes from the seed. The calendar is always the same: it
has the night on which the clocks change, and Easter.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from datasets.stream import RandomStream

if TYPE_CHECKING:
    import pandas as pd

COMPANY = ZoneInfo("Europe/Berlin")
FIRST, DAYS, QUIET = date(2026, 3, 9), 30, 28  # the month's first morning, its mornings, and those before it
HOLIDAYS = (date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 6))  # Good Friday, Easter Sunday and Monday
STARTS, DUE = time(6), time(8)  # of the morning run, in the company's time: then readers open their dashboards
# By asset: what it is made from, its usual minutes, its usual rows. `crm` is loaded at 01:00, and nothing needs it.
ASSETS: dict[str, tuple[tuple[str, ...], int, int]] = {
    "stripe": ((), 6, 900), "mixpanel": ((), 9, 40_000), "amplitude": ((), 12, 25_000), "production": ((), 4, 6_000),
    "crm": ((), 2, 300),
    "fct_mrr": (("stripe",), 3, 5_000), "fct_product_events": (("mixpanel", "amplitude"), 5, 60_000),
    "dim_customers": (("production", "stripe"), 3, 8_000),
    "published": (("fct_mrr", "fct_product_events", "dim_customers"), 2, 70_000),
}
SOURCES = ("stripe", "mixpanel", "amplitude", "production")
MADE = ("fct_mrr", "fct_product_events", "dim_customers", "published")
JOB = "morning"  # stands for all that runs at STARTS
WEEKDAYS = (100, 102, 98, 105, 95, 70, 65)  # rows from Monday to Sunday, in per cent of the usual
HOLIDAY = 40
# Incidents: how bad each kind is. A page wakes someone; a ticket waits for working hours.
KINDS = {
    "expired_key": "page",   # 401 on two mornings, and no retry can help
    "outage": "page",        # the source fails three times, and the run with it
    "empty": "page",         # the run is green, and hardly a row came
    "stale": "page",         # the run is green, and it brought the rows of the day before
    "nulls": "ticket",       # the run is green, and a column is empty in much of it
    "never_ran": "page",     # nothing began that morning
    "hung": "page",          # one run began, and did not end
    "crm_failed": "ticket",  # a sheet that cannot be read, at 01:00
}
SLOT = 3  # days between two incidents at least
RETRIES = (5, 15)  # minutes until the second attempt and the third


@dataclass(frozen=True)
class Observation:
    """An attempt that ended, or was `skipped` since what it needs had failed, which `cause` names.

    `day` is the one whose data it is about; `watermark` is the newest record. Moments are in UTC.
    """

    at: datetime
    asset: str
    day: date
    status: str  # success | failure | skipped
    attempt: int = 1
    will_retry: bool = False
    minutes: float = 0
    rows: int = 0
    null_rate: float = 0.0
    watermark: datetime | None = None
    cause: str = ""
    error: str = ""

    @property
    def holiday(self) -> bool:
        return self.day in HOLIDAYS


@dataclass(frozen=True)
class Incident:
    """`asset` is where the cause is; `assets` has all that it can be seen at."""

    kind: str
    asset: str
    since: datetime
    until: datetime
    severity: str
    assets: frozenset[str]


@dataclass(frozen=True)
class Noise:
    """What may look like an incident and is none: retry | late | backfill | holiday."""

    kind: str
    asset: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class _Trouble:
    """What the seed has in store for an asset on a morning."""

    kind: str
    asset: str
    morning: date
    mornings: int
    fixed: datetime


class Operations:
    """The month of a seed. Nothing in it may be changed."""

    def __init__(self, seed: int):
        self.seed = seed
        self._troubles = self._planned()
        self._calm = self._planned_noise()

    @cached_property
    def observations(self) -> tuple[Observation, ...]:
        """By `at`, oldest first; of what ended at the same moment, by asset."""
        mornings = [FIRST + timedelta(days=n) for n in range(-QUIET, DAYS)]
        found = [seen for morning in mornings for seen in self._day(morning)]
        return tuple(sorted(found, key=lambda seen: (seen.at, seen.asset, seen.day, seen.attempt)))

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """By `since`, oldest first. It ends when everything is repaired."""
        return tuple(sorted(map(self._incident, self._troubles), key=lambda incident: incident.since))

    @cached_property
    def noise(self) -> tuple[Noise, ...]:
        calm = [Noise(kind, asset, at(morning, time(0)), at(morning + timedelta(days=1), time(0)))
                for (morning, asset), kind in self._calm.items()]
        days = [Noise("holiday", source, at(day + timedelta(days=1), time(0)), at(day + timedelta(days=2), time(0)))
                for day in HOLIDAYS for source in SOURCES]
        return tuple(sorted([*calm, *days], key=lambda noise: (noise.since, noise.asset)))

    @property
    def starts(self) -> datetime:
        """The first moment of the month; what is observed before is for comparison."""
        return at(FIRST, time(0))

    @property
    def ends(self) -> datetime:
        return at(FIRST + timedelta(days=DAYS), time(0))

    def frame(self) -> "pd.DataFrame":
        import pandas as pd

        return pd.DataFrame([asdict(seen) | {"holiday": seen.holiday} for seen in self.observations])

    # What the seed has in store

    def _planned(self) -> list[_Trouble]:
        """Each kind once, in slots of some days, so that no two are mistaken for each other."""
        draw = RandomStream(self.seed, "incidents")
        kinds = list(KINDS)
        planned = []
        for slot, number in enumerate(draw.shuffled(len(kinds))):
            kind = kinds[number]
            later, source, hour, minute = (int(draw.below(bound, 1)[0]) for bound in (2, len(SOURCES), 4, 60))
            morning = FIRST + timedelta(days=1 + SLOT * slot + later)
            mornings = 2 if kind == "expired_key" else 1
            asset = {"crm_failed": "crm", "never_ran": JOB}.get(kind, SOURCES[source])
            fixed = at(morning + timedelta(days=mornings - 1), time(10 + hour, minute))
            planned.append(_Trouble(kind, asset, morning, mornings, fixed))
        return planned

    def _planned_noise(self) -> dict[tuple[date, str], str]:
        """On mornings without an incident."""
        draw = RandomStream(self.seed, "noise")
        busy = {t.morning + timedelta(days=n) for t in self._troubles for n in range(t.mornings)}
        free = [day for n in range(-QUIET, DAYS) if (day := FIRST + timedelta(days=n)) not in busy]
        planned = {}
        for number, morning in enumerate(free):
            kind = ("retry", "late", "retry", "backfill", "")[(number + self.seed) % 5]
            assets = (*SOURCES, "crm") if kind == "retry" else SOURCES
            asset = assets[int(draw.below(len(assets), 1)[0])]
            if kind:
                planned[morning, asset] = kind
        return planned

    def _trouble(self, morning: date, asset: str) -> _Trouble | None:
        return next((t for t in self._troubles if t.asset in (asset, JOB if asset != "crm" else "")
                     and 0 <= (morning - t.morning).days < t.mornings), None)

    # A day

    def _day(self, morning: date) -> Iterator[Observation]:
        """What ends on a day: crm's load, the morning run, and repairs and backfills later."""
        ended: dict[str, Observation | None] = {}
        for asset in ("crm", *SOURCES):
            begins = at(morning, time(1) if asset == "crm" else STARTS)
            attempts = list(self._attempts(asset, morning, begins))
            yield from attempts
            ended[asset] = attempts[-1] if attempts else None
        yield from self._made(morning - timedelta(days=1), ended, MADE)
        for trouble in self._troubles:
            if trouble.morning + timedelta(days=trouble.mornings - 1) == morning:
                yield from self._repair(trouble)
        for (noisy, asset), kind in self._calm.items():
            if noisy == morning and kind == "backfill":
                yield self._loaded(asset, morning - timedelta(days=8 + self.seed % 5), at(morning, time(14)))

    def _attempts(self, asset: str, morning: date, begins: datetime) -> Iterator[Observation]:
        day, trouble = morning - timedelta(days=1), self._trouble(morning, asset)
        kind = trouble.kind if trouble else self._calm.get((morning, asset), "")
        if kind in ("never_ran", "hung"):
            return
        if kind == "expired_key":
            yield self._failed(asset, day, begins, "401: the key has expired")
        elif kind == "crm_failed":
            yield self._failed(asset, day, begins, "line 17 has 9 cells, not 8")
        elif kind == "outage":
            for attempt in (1, 2, 3):
                seen = self._failed(asset, day, begins, "503: service unavailable", attempt, will_retry=attempt < 3)
                yield seen
                begins = seen.at + timedelta(minutes=(*RETRIES, 0)[attempt - 1])
        elif kind == "retry":
            first = self._failed(asset, day, begins, "503: service unavailable", will_retry=True)
            yield first
            yield self._loaded(asset, day, first.at + timedelta(minutes=RETRIES[0]), attempt=2)
        else:
            yield self._loaded(asset, day, begins, kind)

    def _made(self, day: date, ended: dict[str, Observation | None], assets: tuple[str, ...]) -> Iterator[Observation]:
        """What is made from what has ended; nothing ends where something it needs has not."""
        for asset in assets:
            needed = [ended[name] for name in ASSETS[asset][0]]
            done = [seen for seen in needed if seen]
            bad = next((seen for seen in done if seen.status != "success"), None)
            ended[asset] = None
            if bad:
                ended[asset] = Observation(bad.at, asset, day, "skipped", cause=bad.cause or bad.asset)
            elif len(done) == len(needed):
                watermark = min(seen.watermark for seen in done if seen.watermark)
                ended[asset] = self._ended(asset, day, max(seen.at for seen in done), watermark)
            if seen := ended[asset]:
                yield seen

    def _repair(self, trouble: _Trouble) -> Iterator[Observation]:
        """All that an incident touched, once more."""
        begins, sources = trouble.fixed, SOURCES if trouble.asset == JOB else (trouble.asset,)
        for late in range(trouble.mornings, 0, -1):
            day = trouble.morning + timedelta(days=trouble.mornings - 1 - late)
            ended: dict[str, Observation | None] = {
                name: self._loaded(name, day, begins if name in sources else begins - timedelta(hours=1))
                for name in SOURCES}
            if trouble.asset == "crm":
                ended["crm"] = self._loaded("crm", day, begins)
            yield from (seen for name in sources if (seen := ended[name]))
            affected = self._affected(trouble)
            made = list(self._made(day, ended, MADE))
            yield from (seen for seen in made if seen.asset in affected)
            begins = max([begins, *(seen.at for seen in made if seen.asset in affected)])

    def _affected(self, trouble: _Trouble) -> frozenset[str]:
        if trouble.asset == JOB:
            return frozenset((JOB, *SOURCES, *MADE))
        found = {trouble.asset}
        for asset in MADE:
            if found & set(ASSETS[asset][0]):
                found.add(asset)
        return frozenset(found)

    def _incident(self, trouble: _Trouble) -> Incident:
        """From when it could first be seen, or something should have been."""
        begins = at(trouble.morning, time(1) if trouble.asset == "crm" else STARTS)
        ended = [] if trouble.asset == JOB else self._attempts(trouble.asset, trouble.morning, begins)
        since = max((seen.at for seen in ended), default=begins)
        until = max(seen.at for seen in self._repair(trouble))
        return Incident(trouble.kind, trouble.asset, since, until, KINDS[trouble.kind], self._affected(trouble))

    # One attempt

    def _loaded(self, asset: str, day: date, begins: datetime, kind: str = "", attempt: int = 1) -> Observation:
        """An attempt of a source that went well, or only seems so."""
        newest = at(day + timedelta(days=1), time(0)) - timedelta(minutes=1 + self._draw(asset, day, "newest", 9))
        if kind == "stale":
            newest -= timedelta(days=1)
        seen = self._ended(asset, day, begins, newest, attempt)
        if kind == "empty":
            return replace(seen, rows=seen.rows * (5 + self._draw(asset, day, "left", 15)) // 100)
        if kind == "nulls":
            return replace(seen, null_rate=(200 + self._draw(asset, day, "lost", 400)) / 1000)
        if kind == "late":
            minutes = 60 + self._draw(asset, day, "late", 25)
            return replace(seen, minutes=minutes, at=begins + timedelta(minutes=minutes))
        return seen

    def _ended(self, asset: str, day: date, begins: datetime, watermark: datetime, attempt: int = 1) -> Observation:
        _, usual, _ = ASSETS[asset]
        minutes = usual * (80 + self._draw(asset, day, "minutes", 41)) / 100
        return Observation(
            begins + timedelta(minutes=minutes), asset, day, "success", attempt, minutes=minutes,
            rows=self._rows(asset, day), null_rate=(5 + self._draw(asset, day, "nulls", 11)) / 1000,
            watermark=watermark)

    def _failed(self, asset: str, day: date, begins: datetime, error: str, attempt: int = 1,
                will_retry: bool = False) -> Observation:
        minutes = 1 + self._draw(asset, day, f"failed {attempt}", 3)
        return Observation(begins + timedelta(minutes=minutes), asset, day, "failure", attempt, will_retry, minutes,
                           error=error)

    def _rows(self, asset: str, day: date) -> int:
        """Sources follow the week; what is made from them grows slowly."""
        usual = ASSETS[asset][2] * (1000 + 2 * (day - FIRST).days) // 1000
        if asset not in SOURCES:
            return usual
        percent = WEEKDAYS[day.weekday()] * (HOLIDAY if day in HOLIDAYS else 100) // 100
        return usual * percent * (920 + self._draw(asset, day, "rows", 161)) // 100_000

    def _draw(self, asset: str, day: date, what: str, bound: int) -> int:
        return int(RandomStream(self.seed, f"{asset} {day} {what}").below(bound, 1)[0])


def at(day: date, clock: time) -> datetime:
    """A moment in the company's time, as UTC."""
    return datetime.combine(day, clock, COMPANY).astimezone(UTC)
