"""The alerts that arrived and the incidents they are about; who watches the watcher; a channel that can be broken."""

import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from environments.alerts.alert import Refused
from environments.saas.log import Log
from environments.workspace import write_whole

MAX_DISK = 16 * 2**20  # bytes of alerts
MAX_PER_MINUTE = 600
MAX_WATCHERS = 100
OF_AN_INCIDENT = ("severity", "what", "since", "owner", "run_url", "first_step")


@dataclass
class Incident:
    """All alerts of one key until it is resolved; what fires under that key afterwards is another incident.

    `first` and `last` are when alerts about it arrived, in Unix seconds; `count` is how often it fired.
    """

    number: int
    key: str
    status: str
    first: float
    last: float
    count: int = 0
    severity: str = ""
    what: str = ""
    since: str = ""
    owner: str = ""
    run_url: str = ""
    first_step: str = ""

    as_dict = asdict

    def add(self, alert: dict) -> None:
        self.status, self.last = alert["status"], alert["at"]
        self.count += alert["status"] == "firing"
        for name in OF_AN_INCIDENT:  # what a later alert does not say stays as it was
            if alert[name] and (name != "since" or not self.since):
                setattr(self, name, alert[name])


@dataclass
class Heartbeat:
    """When a watcher last said that it is alive, and how often it means to."""

    watcher: str
    every: int
    last: float

    def overdue(self, now: float) -> bool:
        """Silent for twice as long as it said: it may have died."""
        return now - self.last > 2 * self.every


class Inbox:
    """Kept in a folder, without one in memory alone. An alert for which `post` returned survives a kill.

    `now` gives the time, in Unix seconds; it may be a simulated one.
    """

    def __init__(self, folder: Path | None = None, now: Callable[[], float] = time.time):
        self.now, self._folder = now, folder
        self._log = Log(folder and folder / "alerts.jsonl", clock=self)
        self._recent: deque[float] = deque()
        self._fold()
        self.refuses: int | None = None  # the HTTP status with which everything is refused
        self._watchers: dict[str, Heartbeat] = {}
        self._recall()

    # Alerts

    def post(self, alert: dict) -> Incident:
        """Take an alert; the incident it is about. Raises Refused, and OSError where the disk takes no more."""
        self._admit()
        self._check_room()
        return self._add(self._log.append("alerts", alert))

    def alerts(self) -> list[dict]:
        """Oldest first, each with its number `seq` and the time `at` it arrived."""
        return list(self._log.entries("alerts"))

    def clear(self) -> None:
        """Forget all: alerts, heartbeats, a broken channel."""
        self._log.clear()
        self._fold()
        self._keep({}, None)

    # A broken channel

    def refuse(self, status: int | None) -> None:
        """From now on, also after a restart; None to accept again."""
        self._keep(self._watchers, status)

    # Heartbeats

    def beat(self, watcher: str, every: int) -> Heartbeat:
        """A watcher is alive now. Raises Refused."""
        self._admit()
        if watcher not in self._watchers and len(self._watchers) >= MAX_WATCHERS:
            raise Refused(507, f"there are {MAX_WATCHERS} watchers already")
        beat = Heartbeat(watcher, every, self.now())
        self._keep(self._watchers | {watcher: beat}, self.refuses)
        return beat

    def heartbeats(self) -> list[dict]:
        """The latest of each watcher, and whether it is overdue."""
        now = self.now()
        return [asdict(beat) | {"overdue": beat.overdue(now)} for beat in self._watchers.values()]

    def _admit(self) -> None:
        if status := self.refuses:
            raise Refused(status, "the channel is broken, as it was told to be")
        now = self.now()
        while self._recent and not now - 60 < self._recent[0] <= now:
            self._recent.popleft()
        if len(self._recent) >= MAX_PER_MINUTE:
            raise Refused(429, f"more than {MAX_PER_MINUTE} posts in a minute: group them, or wait")
        self._recent.append(now)

    def _check_room(self) -> None:
        if self._folder and (self._folder / "alerts.jsonl").stat().st_size > MAX_DISK:
            raise Refused(507, f"the inbox holds {MAX_DISK // 2**20} MiB, and takes no more until it is cleared")

    def _fold(self) -> None:
        self.incidents: list[Incident] = []
        self._latest: dict[str, Incident] = {}
        for alert in self.alerts():
            self._add(alert)

    def _add(self, alert: dict) -> Incident:
        key = alert["key"]
        incident = self._latest.get(key)
        if incident is None or (incident.status == "resolved" and alert["status"] == "firing"):
            incident = Incident(len(self.incidents) + 1, key, "", alert["at"], alert["at"])
            self.incidents.append(incident)
            self._latest[key] = incident
        incident.add(alert)
        return incident

    def _recall(self) -> None:
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            if self._folder:
                kept = orjson.loads((self._folder / "state.json").read_bytes())
                self._watchers = {name: Heartbeat(**beat) for name, beat in kept["watchers"].items()}
                self.refuses = kept["refuses"]

    def _keep(self, watchers: dict[str, Heartbeat], refuses: int | None) -> None:
        """On the disk first: what cannot be kept has not happened."""
        if self._folder:
            state = {"watchers": {name: asdict(beat) for name, beat in watchers.items()}, "refuses": refuses}
            write_whole(self._folder / "state.json", orjson.dumps(state))
        self._watchers, self.refuses = watchers, refuses
