"""`make bench`: how fast and how large the course is, in one run on one machine, and how each figure was taken.

Some of it alone: python -m tests.bench grading
"""

import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from functools import partial
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from environments import services, templates
from environments.embedded import processes_in
from environments.place import COURSE
from environments.postgres import Server, standby_of
from environments.workspace import Workspace
from tests.bench_grading import grading
from tests.bench_ingest import ingest
from tests.bench_orchestration import orchestration
from tests.bench_plan import plan
from tests.bench_product import product_events, product_exports
from tests.bench_saas import saas
from tests.bench_services import inbox, orchestrator
from tests.bench_warehouse import warehouse

LAB = COURSE / "solutions/03_read_replica/03_read_replica.ipynb"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="labs-bench-"))
    folder.chmod(0o755)
    os.environ |= {"LABS_HOME": str(folder / "home"), "LABS_SEED": "2026"}
    try:
        print(f"{'what':58} {'value':>10}  how it was taken", flush=True)
        for bench in [b for b in BENCHES if not sys.argv[1:] or b.__name__ in sys.argv[1:]]:
            for what, value, how in bench(folder):
                print(f"{what:58} {value:>10}  {how}", flush=True)
    finally:
        services.reset(Workspace.here())
        shutil.rmtree(folder, ignore_errors=True)


def pairs(folder: Path):
    """Primary and standby, ready to be read."""
    places = (folder / f"pair{n}" for n in range(3))
    nothing = statistics.median(_seconds(partial(_pair_from_nothing, place)) for place in places)
    templates.make()
    copied = statistics.median(_seconds_to_enter(templates.pair) for _ in range(5))
    yield "primary and standby from nothing", f"{nothing:.2f} s", "initdb, base backup, caught up; median of 3"
    yield "primary and standby from a template", f"{copied:.2f} s", "copied, started, caught up; median of 5"
    yield "  the template is faster", f"{nothing / copied:.1f} x", "ratio of the two"


def _pair_from_nothing(root: Path) -> None:
    with Server.create(root / "primary") as primary:
        standby_of(primary, root / "standby").catch_up(within=10)


def command_help(_):
    python = statistics.median(_worked([sys.executable, "-c", ""]) for _ in range(5))
    help_ = statistics.median(_worked([_labs(), "--help"]) for _ in range(5))
    yield "labs --help", f"{help_:.2f} s", f"CPU, median of 5; {help_ / python:.1f} times an empty Python"


def first_start(folder: Path):
    """`make start` in a fresh clone, with an empty home, then again, then while it runs."""
    clone, home = folder / "clone", folder / "empty"
    home.mkdir()
    _run(["git", "clone", "--quiet", str(COURSE), str(clone)])
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LABS_", "VIRTUAL_ENV"))} | {
        "HOME": str(home),
        "BROWSER": "true",
    }
    first = _start(clone, environment)[0]
    second, running = _start(clone, environment, again=True)
    yield "make start, first", f"{first:.1f} s", "fresh clone, empty home: to the printed address, which answers"
    yield "make start, second", f"{second:.1f} s", f"the same; {first / second:.1f} times faster"
    yield "make start, while it runs", f"{running:.1f} s", "to the address of the one that runs"


def _start(clone: Path, environment: dict, again: bool = False) -> tuple[float, float]:
    started = time.monotonic()
    server = subprocess.Popen(["make", "start"], cwd=clone, env=environment, stdout=subprocess.PIPE, text=True,
                              start_new_session=True)
    try:
        next(line for line in server.stdout if "http://" in line)
        took = time.monotonic() - started
        return took, _seconds(lambda: _run(["make", "start"], cwd=clone, env=environment)) if again else 0.0
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def whole_lab(folder: Path):
    """JupyterLab, a kernel and the services through the whole of Lab 3."""
    server = subprocess.Popen(
        [_labs(), "start", "--no-browser"], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        next(line for line in server.stdout if "http://" in line)
        with _peak(server.pid, folder) as peak:
            started = time.monotonic()
            lab = NotebookClient(
                nbformat.read(LAB, as_version=4), timeout=300, resources={"metadata": {"path": str(LAB.parent)}}
            ).execute()
            took = time.monotonic() - started
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
    yield "Lab 3 from top to bottom", f"{took:.0f} s", "its reference, in a new kernel and workspace"
    yield (
        "  peak of JupyterLab, kernel and services",
        f"{peak['all'] / 2**20:.0f} MiB",
        "sum of PSS, sampled 4 times a second",
    )
    yield "  of it PostgreSQL", f"{peak['postgres'] / 2**20:.0f} MiB", "at that moment; checks run a pair of their own"
    verdicts = sorted(
        _cell_seconds(cell)
        for cell in lab.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("check_")
    )
    yield (
        "answer to verdict",
        f"{statistics.median(verdicts):.2f} s",
        f"median of {len(verdicts)} test cells; {verdicts[0]:.2f} to {verdicts[-1]:.2f}",
    )


@contextlib.contextmanager
def _peak(server: int, folder: Path):
    """The largest PSS, in bytes, of JupyterLab, of this process's kernel, and of the servers below `folder`."""
    peak, over = {"all": 0, "postgres": 0}, threading.Event()

    def sample():
        while not over.wait(0.25):
            jupyter = [psutil.Process(server), *psutil.Process(server).children(recursive=True)]
            kernels = [
                p
                for p in psutil.Process().children(recursive=True)
                if "ipykernel" in " ".join(_safely(p.cmdline) or [])
            ]
            postgres = sum(map(_pss, processes_in(folder)))
            total = sum(map(_pss, {p.pid: p for p in jupyter + kernels}.values())) + postgres
            if total > peak["all"]:
                peak.update(all=total, postgres=postgres)

    watcher = threading.Thread(target=sample)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _pss(process: psutil.Process) -> int:
    memory = _safely(process.memory_full_info)
    return getattr(memory, "pss", getattr(memory, "uss", 0)) if memory else 0


def _safely(look):
    try:
        return look()
    except psutil.Error:
        return None


def _cell_seconds(cell) -> float:
    moments = cell.metadata.execution
    begun, ended = (datetime.fromisoformat(moments[k]) for k in ("iopub.execute_input", "shell.execute_reply"))
    return (ended - begun).total_seconds()


def _worked(command: list[str]) -> float:
    """Seconds of a processor that a command takes: what else this machine does makes them no more."""
    before = sum(os.times()[2:4])
    _run(command)
    return sum(os.times()[2:4]) - before


def _seconds(action) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _seconds_to_enter(context) -> float:
    started = time.perf_counter()
    with context():
        return time.perf_counter() - started


def _run(command: list[str], **options) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=900, **options)


def _labs() -> str:
    return str(Path(sys.executable).with_name("labs"))


BENCHES = (
    pairs, command_help, first_start, whole_lab, product_events, product_exports, saas, inbox, orchestrator,
    orchestration, ingest, warehouse, plan, grading,
)

if __name__ == "__main__":
    main()
