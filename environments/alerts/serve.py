"""The inbox's process: `python -m environments.alerts.serve WORKSPACE`, started by `labs up alerts`."""

import asyncio
import signal
import sys
from pathlib import Path

from environments.alerts.app import InboxApp
from environments.alerts.inbox import Inbox
from environments.alerts.service import FOLDER, TOKEN
from environments.saas.hosting import host, remembered, run
from environments.workspace import Workspace


async def serve(workspace: Workspace) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = InboxApp(Inbox(workspace.root / FOLDER), workspace.secret(TOKEN))
    await host({"alerts": app}, {"alerts": remembered(workspace, "alerts")}, lambda: None, stop)


if __name__ == "__main__":
    run(serve(Workspace(Path(sys.argv[1]))))
