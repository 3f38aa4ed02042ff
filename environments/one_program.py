"""A service of a workspace that is one program: started, found again, told as killed, stopped, forgotten.

A subclass says what it is called, what is kept once it was started, which command runs, and when it answers.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from environments.background import Background
from environments.errors import LabsError
from environments.grading_needs import GradingNeeds
from environments.saas.app import LOOPBACK
from environments.services import Status, starts
from environments.waiting import wait_until
from environments.workspace import Workspace


class Client(Protocol):
    """What a notebook gets of the running program."""

    def as_dict(self) -> dict[str, str]: ...


C = TypeVar("C", bound=Client)


class OneProgramService(Generic[C]):
    """Who changes something holds the workspace's lock."""

    grading = GradingNeeds()
    name: str       # of the service, its folder and its port
    called: str     # in a sentence
    awaited: str    # who is to answer
    nothing_lost: str
    starts_within: float = 120  # seconds

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self.folder = workspace.root / self.name
        self.process = Background(workspace, self.name, self.folder)

    def up(self, within: float | None = None) -> list[str]:
        """Start it where it does not run, in `within` seconds; what was done, a line each. Raises LabsError where it
        cannot start."""
        if self.process.running():
            return []
        had = self.state()
        self.process.end()
        self._prepare()
        self.workspace.settle_port(self.name)
        started = self._start()
        wait_until(lambda: started.poll() is not None or self._answers(started.pid), within or self.starts_within,
                   f"{self.awaited} to answer", self.process.log, fair=True)
        if started.poll() is not None:
            self.process.end()
            raise self.process.not_started(self.called, started.returncode)
        return [f"{self.name} had been killed: started again, {self.nothing_lost}" if had == "killed" else
                f"{self.name} started"]

    def down(self) -> list[str]:
        return [f"{self.name} stopped"] if self.process.end() else []

    def reset(self) -> None:
        """Stop, and forget all that it kept in the workspace."""
        self.down()
        shutil.rmtree(self.folder, ignore_errors=True)

    def status(self) -> list[Status]:
        """Nothing until it was started for the first time."""
        state = self.state()
        if state == "not built":
            return []
        where = f"{LOOPBACK}:{self.workspace.port(self.name)}" if state == "running" else ""
        return [Status(self.name, state, where, "" if where else starts(self.name))]

    def state(self) -> str:
        """running, killed, stopped or not built."""
        if self.process.running():
            return "running"
        if self.process.killed():
            return "killed"
        return "stopped" if self._kept().exists() else "not built"

    def places(self) -> dict[str, dict]:
        """Where it answers, and what opens it."""
        return {self.name: self.client().as_dict()}

    def client(self) -> C:
        """The running program. LabsError where it does not run."""
        if not self.process.running():
            state = {"killed": "was killed", "stopped": "is stopped"}.get(self.state(), "has not been started yet")
            raise LabsError(f"{self.called} {state}.", f"Type in a terminal: {starts(self.name)}")
        return self._client()

    def _prepare(self) -> None:
        """Before it is started."""

    def _kept(self) -> Path:
        """What is there once it was started."""
        return self.folder

    def _start(self) -> subprocess.Popen:
        raise NotImplementedError

    def _client(self) -> C:
        raise NotImplementedError

    def _answers(self, pid: int) -> bool:
        raise NotImplementedError
