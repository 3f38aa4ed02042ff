"""The simulator's process: `python -m environments.saas.serve WORKSPACE`, started by `labs up saas`.

What it serves stands in the workspace: the wanted world, the secrets, the ports, the log of writes.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path

from environments.saas.app import Keys, State
from environments.saas.hosting import host, remembered, run
from environments.saas.log import Log
from environments.saas.service import Ready, WorldConfig, folder
from environments.workspace import Workspace, write_whole


def main(root: str) -> None:
    workspace = Workspace(Path(root))
    run(serve(workspace, WorldConfig.of(json.loads(workspace.note("saas-wanted").read_text()))))
    sys.stderr.flush()
    os._exit(0)  # not held up by the thread that makes the world


async def serve(workspace: Workspace, wanted: WorldConfig) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    from environments.saas.simulator import applications

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    simulated = state(workspace, wanted)
    apps = applications(simulated, workspace.secret("saas-admin"))
    sockets = {name: remembered(workspace, f"saas-{name}") for name in apps}
    ready = Ready(os.getpid(), {name: sock.getsockname()[1] for name, sock in sockets.items()}, wanted)

    def up() -> None:
        write_whole(workspace.note("saas-ready"), ready.to_json())
        threading.Thread(target=lambda: simulated.world, daemon=True).start()  # before it is asked for

    await host(apps, sockets, up, stop)


def state(workspace: Workspace, wanted: WorldConfig) -> State:
    clock = wanted.clock_of(workspace)
    return State(
        lambda: world(wanted),
        clock,
        Log(folder(workspace) / wanted.log_name, clock),
        Keys.of(workspace),
        wanted.timezone,
    )


def world(wanted: WorldConfig):
    from datasets.world import World

    return World(wanted.seed, wanted.households)


if __name__ == "__main__":
    main(*sys.argv[1:])
