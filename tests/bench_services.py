"""`make bench`: how soon the alerts inbox and Dagster are ready, and what they hold, in one run."""

import statistics
import time
from pathlib import Path

import psutil

from environments.alerts.service import AlertsService
from environments.stack.dagster_service import DagsterService
from environments.waiting import wait_until
from environments.workspace import Workspace

DEFINITIONS = """
import time
import dagster as dg

@dg.asset
def orders() -> None:
    time.sleep(600)

defs = dg.Definitions(assets=[orders], jobs=[dg.define_asset_job("morning", selection=[orders])])
"""
LAUNCH = """mutation { launchRun(executionParams: {mode: "default", selector: {repositoryLocationName: "teaspoon",
  repositoryName: "__repository__", jobName: "morning"}}) { __typename } }"""
RUNS = "{ runsOrError { ... on Runs { results { status } } } }"


def inbox(folder: Path):
    """Rows: what, value, how it was taken."""
    service = AlertsService(Workspace(folder / "inbox"))
    started = statistics.median(_seconds(service.up) for _ in range(3) if service.down() or True)
    client = service.client()
    post = {"key": "a", "status": "firing", "severity": "page", "what": "late"}
    posted = _seconds(lambda: [client.ask("POST", "/alerts", post) for _ in range(200)])
    memory = sum(map(_pss, service.process.processes()))
    service.reset()
    yield "labs up alerts", f"{started:.2f} s", "until it answers; median of 3"
    yield "  alerts taken", f"{200 / posted:,.0f}/s", "a connection each, one after another"
    yield "  memory", f"{memory / 2**20:.0f} MiB", "PSS"


def orchestrator(folder: Path):
    """Rows: what, value, how it was taken."""
    file = folder / "definitions.py"
    file.write_text(DEFINITIONS)
    service = DagsterService(Workspace(folder / "orchestrator"))
    first = _seconds(lambda: service.up(definitions=str(file)))
    service.down()
    again = _seconds(service.up)
    worked = {name: sum(service.parts[name].running().cpu_times()[:2]) for name in ("web", "code")}
    asked = service.client()
    wait_until(lambda: _healthy(asked), 120, "the daemon to be well", fair=True)
    idle = _together(service)
    asked.ask(LAUNCH)
    wait_until(lambda: asked.ask(RUNS)["runsOrError"]["results"][0]["status"] == "STARTED", 120, "a run", fair=True)
    running = _together(service)
    down = _seconds(service.down)
    service.reset()
    yield "labs up dagster", f"{again:.1f} s", f"until its pages know the definitions (asked: 10); first {first:.1f}"
    yield "  pages worked for that", f"{worked['web']:.1f} s", f"CPU; beside them the code server {worked['code']:.1f}"
    yield "  pages, daemon and code server", f"{idle / 2**20:.0f} MiB", "PSS together, idle (asked: under 800)"
    yield "  the same during a run", f"{running / 2**20:.0f} MiB", "PSS together, with the run's own processes"
    yield "  labs down", f"{down:.1f} s", "with that run, which is called failed"


HEALTH = '{ instance { daemonHealth { daemonStatus(daemonType: "QUEUED_RUN_COORDINATOR") { healthy } } } }'


def _healthy(asked) -> bool:
    return asked.ask(HEALTH)["instance"]["daemonHealth"]["daemonStatus"]["healthy"]


def _together(service: DagsterService) -> int:
    return sum(_pss(process) for part in service.parts.values() for process in part.processes())


def _pss(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(memory, "pss", memory.uss)


def _seconds(action) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
