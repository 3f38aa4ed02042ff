"""How good rules for alerts are: played over a month whose incidents are known, and measured against a budget.

    month = Operations(seed=7)
    result = score(month, replay(month, rule))
    result.over(Budget())     # what is over the budget, in words; nothing where the rules are good enough
    result.frame()            # one row per incident

A rule is asked every half hour what to alert about now: `rule(now, seen, raised)` returns alerts. `seen` are the
observations until then, and `raised` what it has alerted about before, so it needs no memory of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING

from datasets.operations import COMPANY, Incident, Observation, Operations

if TYPE_CHECKING:
    import pandas as pd

TICK = timedelta(minutes=30)
NIGHT = range(22, 24), range(0, 6)  # hours of the company's clock in which a page wakes someone
SEVERITIES = ("ticket", "page")     # by how much they disturb


@dataclass(frozen=True)
class Alert:
    """What a rule raises. `at` is set by the replay: nobody alerts about the past."""

    asset: str
    severity: str
    what: str = ""
    at: datetime = datetime.min

    def __post_init__(self):
        if self.severity not in SEVERITIES:
            raise ValueError(f"severity is {self.severity!r}: it must be page or ticket")


Rule = Callable[[datetime, tuple[Observation, ...], tuple[Alert, ...]], Iterable[Alert]]


@dataclass(frozen=True)
class Budget:
    """The most that is tolerable in a month."""

    missed: int = 0
    minutes: int = 150      # until the slowest is noticed
    false_alarms: int = 2
    repeats: int = 4
    night_pages: int = 0


@dataclass(frozen=True)
class Outcome:
    """An incident, and the first alert about it that was loud enough, if there was one."""

    incident: Incident
    alert: Alert | None

    @property
    def minutes(self) -> float | None:
        """Until it was noticed."""
        return (self.alert.at - self.incident.since).total_seconds() / 60 if self.alert else None


@dataclass(frozen=True)
class FalseAlarm:
    """An alert about nothing, and what it was taken in by, as far as that is known."""

    alert: Alert
    why: str


@dataclass(frozen=True)
class Score:
    outcomes: tuple[Outcome, ...]
    false_alarms: tuple[FalseAlarm, ...]
    repeats: tuple[Alert, ...]      # of an incident that was known; one that makes a ticket a page is none
    night_pages: tuple[Alert, ...]

    @cached_property
    def caught(self) -> tuple[Incident, ...]:
        return tuple(outcome.incident for outcome in self.outcomes if outcome.alert)

    @cached_property
    def missed(self) -> tuple[Incident, ...]:
        return tuple(outcome.incident for outcome in self.outcomes if not outcome.alert)

    @property
    def minutes(self) -> float | None:
        """The median of what was caught."""
        return median(self._noticed) if self._noticed else None

    @property
    def slowest(self) -> float | None:
        return max(self._noticed, default=None)

    @property
    def _noticed(self) -> list[float]:
        return [outcome.minutes for outcome in self.outcomes if outcome.minutes is not None]

    def over(self, budget: Budget) -> list[str]:
        """What is over the budget, in words."""
        found = {
            "missed": (len(self.missed), "incidents missed"),
            "minutes": (self.slowest or 0, "minutes until the slowest was noticed"),
            "false_alarms": (len(self.false_alarms), "false alarms"),
            "repeats": (len(self.repeats), "alerts about what was known"),
            "night_pages": (len(self.night_pages), "pages at night"),
        }
        return [f"{number:g} {words}, {getattr(budget, name)} at most" for name, (number, words) in found.items()
                if number > getattr(budget, name)]

    def frame(self) -> "pd.DataFrame":
        """One row per incident; `minutes` is missing where it was missed."""
        import pandas as pd

        columns = ("kind", "asset", "severity", "since", "until")
        rows = [{name: value for name, value in asdict(outcome.incident).items() if name in columns}
                | {"caught": bool(outcome.alert), "minutes": outcome.minutes} for outcome in self.outcomes]
        return pd.DataFrame(rows, columns=[*columns, "caught", "minutes"]).astype({"minutes": float})


def replay(month: Operations, rule: Rule) -> list[Alert]:
    """What a rule alerts about, tick by tick, when it knows only what was known then."""
    raised: list[Alert] = []
    known, now = 0, month.starts
    while now < month.ends:
        while known < len(month.observations) and month.observations[known].at <= now:
            known += 1
        alerts = list(rule(now, month.observations[:known], tuple(raised)))
        raised += [replace(alert, at=now) for alert in alerts]
        now += TICK
    return raised


def score(month: Operations, alerts: Sequence[Alert]) -> Score:
    """Alerts against what was true. One is about an incident if it names an asset that this can be seen at, while it
    lasts; it catches the incident if it is as loud as that is bad."""
    by_incident: dict[Incident, list[Alert]] = {incident: [] for incident in month.incidents}
    false_alarms = []
    for alert in sorted(alerts, key=lambda alert: alert.at):
        about = [i for i in month.incidents if alert.asset in i.assets and i.since <= alert.at <= i.until]
        if about:
            by_incident[about[0]].append(alert)
        else:
            false_alarms.append(FalseAlarm(alert, _why(month, alert)))
    return Score(
        tuple(Outcome(incident, _catching(incident, about)) for incident, about in by_incident.items()),
        tuple(false_alarms),
        tuple(alert for about in by_incident.values() for alert in _repeats(about)),
        tuple(alert for alert in alerts if alert.severity == "page" and _at_night(alert.at)),
    )


def _catching(incident: Incident, about: list[Alert]) -> Alert | None:
    return next((alert for alert in about if _loudness(alert) >= SEVERITIES.index(incident.severity)), None)


def _repeats(about: list[Alert]) -> list[Alert]:
    loudest, repeats = -1, []
    for alert in about:
        if _loudness(alert) <= loudest:
            repeats.append(alert)
        loudest = max(loudest, _loudness(alert))
    return repeats


def _loudness(alert: Alert) -> int:
    return SEVERITIES.index(alert.severity)


def _at_night(moment: datetime) -> bool:
    hour = moment.astimezone(COMPANY).hour
    return any(hour in hours for hours in NIGHT)


def _why(month: Operations, alert: Alert) -> str:
    for noise in month.noise:
        if noise.asset == alert.asset and noise.since <= alert.at < noise.until:
            return noise.kind
    over = [i for i in month.incidents if alert.asset in i.assets and i.until < alert.at]
    return f"{over[-1].kind} was over" if over and alert.at - over[-1].until < timedelta(days=1) else ""
