"""The inbox as one workspace keeps it: a process that outlives kernels, found again and fixed when killed."""

import shutil
import subprocess
import sys

from environments.alerts.handle import InboxClient
from environments.background import Background
from environments.causes import of_machine
from environments.errors import LabsError
from environments.grading_needs import GradingNeeds
from environments.saas.app import LOOPBACK
from environments.services import Status, starts
from environments.waiting import wait_until
from environments.workspace import Workspace

FOLDER = TOKEN = "alerts"
MODULE = "environments.alerts.serve"


class AlertsService:
    """Who changes something holds the workspace's lock."""

    grading = GradingNeeds()

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self.folder = workspace.root / FOLDER
        self.process = Background(workspace, "alerts", self.folder)

    def up(self, within: float = 60) -> list[str]:
        """Start it where it does not run; what was done, a line each. Raises LabsError where it cannot start."""
        if self.process.running():
            return []
        had = self.state()
        self.process.end()
        self.workspace.settle_port("alerts")
        started = self.process.start([sys.executable, "-m", MODULE, str(self.workspace.root)])
        wait_until(lambda: started.poll() is not None or self._answers(started.pid), within,
                   "the alerts inbox to answer", self.process.log, fair=True)
        if started.poll() is not None:
            raise self._not_started(started)
        return ["alerts had been killed: started again, no alert was lost" if had == "killed" else "alerts started"]

    def down(self) -> list[str]:
        return ["alerts stopped"] if self.process.end() else []

    def reset(self) -> None:
        """Stop, and forget every alert."""
        self.down()
        shutil.rmtree(self.folder, ignore_errors=True)

    def status(self) -> list[Status]:
        """Nothing until it was started for the first time."""
        state = self.state()
        if state == "not built":
            return []
        where = f"{LOOPBACK}:{self.workspace.port('alerts')}" if state == "running" else ""
        return [Status("alerts", state, where, "" if where else starts("alerts"))]

    def state(self) -> str:
        """running, killed, stopped or not built."""
        if self.process.running():
            return "running"
        if self.process.killed():
            return "killed"
        return "stopped" if self.folder.exists() else "not built"

    def places(self) -> dict[str, dict]:
        """Where it takes alerts and heartbeats, what opens it, and its page."""
        return {"alerts": self.client().as_dict()}

    def client(self) -> InboxClient:
        """The running inbox. LabsError where it does not run."""
        if not self.process.running():
            state = {"killed": "was killed", "stopped": "is stopped"}.get(self.state(), "has not been started yet")
            raise LabsError(f"the alerts inbox {state}.", f"Type in a terminal: {starts('alerts')}")
        return self._client()

    def _client(self) -> InboxClient:
        return InboxClient(self.workspace.port("alerts"), self.workspace.secret(TOKEN))

    def _answers(self, pid: int) -> bool:
        try:
            return self._client().ask("GET", "/ready") == {"pid": pid}
        except LabsError:
            return False

    def _not_started(self, started: subprocess.Popen) -> LabsError:
        failed, log = "the alerts inbox did not start", self.process.log(40)
        self.process.end()
        return of_machine(failed, log, self.folder, started.returncode) or LabsError(
            f"{failed}. The end of its log:\n{self.process.log()}",
            f"Its log is {self.folder / 'alerts.log'}; `labs doctor` looks for what this machine lacks.")
