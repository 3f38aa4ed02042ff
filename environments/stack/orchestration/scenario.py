"""A stretch of simulated days for a pipeline, as plain data: from when to when, what strikes, and what people do.

    Scenario("2026-03-06T12:00-05:00", "2026-03-10T12:00-04:00",
             troubles=(Trouble("key_expired", since="2026-03-08T00:00-05:00"),),
             backfills=(Backfill("2026-03-07T09:00-05:00", "reload", ("2026-03-01", "2026-03-02")),))

Moments are ISO 8601 with their offset.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from environments.errors import LabsError
from environments.faults import FAULTS
from environments.saas.fault import Fault

KILLED = "killed"  # the machine loses power: after the work is written, before anyone is told that it is
HALFWAY = "killed_halfway"  # the same, in the middle of a publication


@dataclass(frozen=True)
class Trouble:
    """A fault of environments.faults, KILLED or HALFWAY, that strikes a source, the webhook ("alerts"), or
    "publication".

    It hits loads from `since` on, up to `until` or for good, `times` of them at most, each after `minutes`.
    """

    fault: str
    source: str = ""       # that of the fault, if not given
    since: str = ""        # from the beginning, if not given
    until: str = ""
    times: int | None = None
    minutes: float = 1

    def at(self, moment: datetime) -> bool:
        return not (self.since and moment < _moment(self.since)) and not (self.until and moment >= _moment(self.until))

    @property
    def known(self) -> Fault | None:
        """The fault. LabsError where there is none of this name."""
        if self.fault not in (KILLED, HALFWAY, *FAULTS):
            raise LabsError(f"no fault is called {self.fault}.", "environments/faults.py has the list.")
        return FAULTS.get(self.fault)

    @property
    def strikes(self) -> str:
        return self.source or (self.known.api if self.known else "")


@dataclass(frozen=True)
class Backfill:
    """Somebody asks for these partitions of a job."""

    at: str
    job: str
    partitions: tuple[str, ...]


@dataclass(frozen=True)
class Launch:
    """Somebody starts a job by hand; `unfinished`: a run of it has this state since then, and does not end."""

    at: str
    job: str
    partition: str = ""
    unfinished: bool = False
    state: str = "STARTED"  # or QUEUED, STARTING ...


@dataclass(frozen=True)
class NewFile:
    """Somebody puts a file into the folder of the sales people's sheet."""

    at: str
    name: str
    text: str
    changed: str = ""  # its time of change, where that is not `at`: a copy may keep the time of what was copied


@dataclass(frozen=True)
class Scenario:
    """`rows` that each source has per day, from `history` days before `start` on; `look_minutes` from one look of a
    sensor to the next; `resume`: with the tables and runs that a killed process left."""

    start: str
    end: str
    troubles: tuple[Trouble, ...] = ()
    backfills: tuple[Backfill, ...] = ()
    launches: tuple[Launch, ...] = ()
    files: tuple[NewFile, ...] = ()
    rows: int = 48
    history: int = 35
    seed: int = 1
    minutes: float = 2       # that a load takes
    look_minutes: float = 60
    keep: bool = False       # Dagster's storage on disk, so that what is killed can be resumed
    resume: bool = False

    as_dict = asdict

    def __post_init__(self):
        """LabsError now for what makes no sense, and not when somebody's pipeline runs."""
        moments = [self.start, self.end, *(done.at for done in (*self.backfills, *self.launches, *self.files))]
        moments += filter(None, (file.changed for file in self.files))
        for trouble in self.troubles:
            moments += filter(None, (trouble.since, trouble.until))
            trouble.known  # noqa: B018 (raises where there is no such fault)
        for moment in moments:
            _moment(moment)

    @property
    def begins(self) -> datetime:
        return _moment(self.start)

    @property
    def ends(self) -> datetime:
        return _moment(self.end)


def scenario(data: dict[str, Any]) -> Scenario:
    """From its plain form."""
    parts: dict[str, Any] = {"troubles": Trouble, "launches": Launch, "files": NewFile, "backfills": _backfill}
    made: dict[str, Any] = {name: tuple(kind(**one) for one in data.get(name, ())) for name, kind in parts.items()}
    return Scenario(**{**data, **made})


def _backfill(partitions: list[str], **more: str) -> Backfill:
    return Backfill(**more, partitions=tuple(partitions))


def _moment(text: str) -> datetime:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo:
            return moment
    raise LabsError(f"{text} is no moment with an offset.", "Write one such as 2026-03-08T06:00-04:00.")
