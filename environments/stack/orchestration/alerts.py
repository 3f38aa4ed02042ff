"""Alerts to a webhook: one per incident, kept until the webhook has taken it.

`fire` says once that something is wrong, however often it is called, until `resolve` says that it is well again. Both
write the alert down; `deliver` posts what is written down, oldest first, and what the webhook does not take stays.
"""

import hashlib
import json
import os
import re
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import dagster as dg

from environments.errors import LabsError

TIMEOUT_S = 10
NEVER = (400, 413, 422)  # what a webhook answers to an alert that it cannot read


class NotDelivered(LabsError):
    """The webhook did not take an alert, which is kept."""


@dataclass(frozen=True)
class Alert:
    """What a person needs who is called at night. `since` is ISO 8601 with its offset."""

    key: str         # of the incident: the same for all that has the same cause
    status: str      # firing | resolved
    severity: str    # page | ticket
    what: str
    since: str
    owner: str
    run_url: str
    first_step: str


class Alerts(dg.ConfigurableResource):
    """A webhook, and the folder where alerts wait for it."""

    url: str
    token: str
    folder: str
    ui: str = ""  # the address of Dagster's pages
    heartbeat_url: str = ""

    def fire(self, alert: Alert) -> None:
        """Say it, unless this incident is open already."""
        if not self._open(alert.key).exists():
            self._keep(alert)
            _write(self._open(alert.key), alert)

    def resolve(self, key: str, at: datetime) -> None:
        """Say that an incident is over, if it is open."""
        file = self._open(key)
        if file.exists():
            alert = Alert(**json.loads(file.read_text(encoding="utf-8")))
            self._keep(replace(alert, status="resolved", since=at.isoformat()))
            file.unlink()

    def open(self) -> list[str]:
        """The keys of all open incidents."""
        return sorted(json.loads(file.read_text(encoding="utf-8"))["key"] for file in self._files("open"))

    def deliver(self) -> int:
        """Post what waits; how many there were. NotDelivered where the webhook does not take one.

        One that it will never take is put aside, into `refused`, so that it holds up no other.
        """
        waiting = self._files("outbox")
        for number, file in enumerate(waiting):
            try:
                self._post(self.url, file.read_bytes())
            except OSError as e:
                if getattr(e, "code", 0) in NEVER:
                    self._put_aside(file)
                raise NotDelivered(f"{len(waiting) - number} alerts wait: the webhook did not take them ({e}).",
                                   "They are kept and sent again. Is it up? Are address and token right?") from None
            file.unlink()
        return len(waiting)

    def beat(self, watcher: str, every: int) -> None:
        """Say that somebody watches, so that it is noticed when nobody does."""
        if self.heartbeat_url:
            self._post(self.heartbeat_url, json.dumps({"watcher": watcher, "every": every}).encode())

    def run_url(self, run_id: str) -> str:
        return f"{self.ui}/runs/{run_id}"

    def _keep(self, alert: Alert) -> None:
        """Written down first: a process that is killed after this has lost nothing, and may say it twice."""
        _write(Path(self.folder) / "outbox" / f"{time.time_ns():020}.json", alert)

    def _put_aside(self, file: Path) -> None:
        (Path(self.folder) / "refused").mkdir(exist_ok=True)
        file.rename(Path(self.folder) / "refused" / file.name)

    def _post(self, url: str, body: bytes) -> None:
        asked = urllib.request.Request(url, body, {
            "Content-Type": "application/json", "Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(asked, timeout=TIMEOUT_S):
            pass

    def _open(self, key: str) -> Path:
        return Path(self.folder) / "open" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"

    def _files(self, name: str) -> list[Path]:
        return sorted((Path(self.folder) / name).glob("*.json"))


def reason(event: dg.DagsterEvent) -> str:
    """What a step failed with, on one line, without the name of its class."""
    failure = event.step_failure_data
    if failure.user_failure_data and failure.user_failure_data.description:
        return " ".join(failure.user_failure_data.description.split())
    error = failure.error
    while error and error.cause:  # Dagster's own error only says which step it was
        error = error.cause
    return re.sub(r"^[\w.]+: ", "", " ".join((error.message if error else "no message").split()))


def _write(file: Path, alert: Alert) -> None:
    """All of it or nothing, also where the machine stops in the middle."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".part")
    draft.write_text(json.dumps(asdict(alert)), encoding="utf-8")
    os.replace(draft, file)
