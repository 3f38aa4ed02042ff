"""The inbox as one workspace keeps it: a process that outlives kernels, found again and fixed when killed."""

import subprocess
import sys

from environments.alerts.handle import InboxClient
from environments.errors import LabsError
from environments.one_program import OneProgramService

FOLDER = TOKEN = "alerts"
MODULE = "environments.alerts.serve"


class AlertsService(OneProgramService[InboxClient]):
    """Its folder has every alert, and the port and the token are the workspace's."""

    name, called, awaited = FOLDER, "the alerts inbox", "the alerts inbox"
    nothing_lost = "no alert was lost"
    starts_within = 60

    def _start(self) -> subprocess.Popen:
        return self.process.start([sys.executable, "-m", MODULE, str(self.workspace.root)])

    def _client(self) -> InboxClient:
        return InboxClient(self.workspace.port(self.name), self.workspace.secret(TOKEN))

    def _answers(self, pid: int) -> bool:
        try:
            return self._client().ask("GET", "/ready") == {"pid": pid}
        except LabsError:
            return False
