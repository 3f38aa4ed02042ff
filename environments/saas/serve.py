"""The simulator's process: `python -m environments.saas.serve WORKSPACE`, started by `labs up saas`.

What it serves stands in the workspace: the wanted world, the secrets, the ports, the log of writes.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from environments.saas.app import Keys, State
from environments.saas.hosting import host, listening, run
from environments.saas.log import Log
from environments.saas.service import Ready, Wanted, folder
from environments.workspace import Workspace, write_whole


def main(root: str) -> None:
    workspace = Workspace(Path(root))
    run(serve(workspace, Wanted.of(json.loads(workspace.note("saas-wanted").read_text()))))


async def serve(workspace: Workspace, wanted: Wanted) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    from environments.saas.simulator import applications

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    apps = applications(state(workspace, wanted), workspace.secret("saas-admin"))
    sockets = {name: remembered(workspace, f"saas-{name}") for name in apps}
    ready = Ready(os.getpid(), {name: one.getsockname()[1] for name, one in sockets.items()}, wanted)
    await host(apps, sockets, lambda: write_whole(workspace.note("saas-ready"), ready.to_json()), stop)


def state(workspace: Workspace, wanted: Wanted) -> State:
    from datasets.world import World

    clock = wanted.its_clock(workspace)
    return State(World(wanted.seed, wanted.households), clock, Log(folder(workspace) / wanted.log_name, clock), Keys.of(workspace))


def remembered(workspace: Workspace, name: str):
    """A listening socket on the port this service had last time, on another where that is taken."""
    try:
        return listening(workspace.port(name))
    except OSError:
        one = listening()
        write_whole(workspace.note(f"port-{name}"), str(one.getsockname()[1]))
        return one


if __name__ == "__main__":
    main(*sys.argv[1:])
