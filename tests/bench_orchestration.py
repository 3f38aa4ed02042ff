"""`make bench`: what Dagster costs over the same steps called by hand, and how a backfill grows with its days.

The ways take turns in one run, on copies of one warehouse. Work is counted in processor time, which does not depend on
what else this machine does; seconds that pass do.

Some of it alone: python -m tests.bench orchestration
"""

import multiprocessing
import os
import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import psutil

from datasets.load import load
from datasets.world import World
from environments.place import COURSE
from environments.postgres import DATABASE, Server
from environments.saas import Simulator
from environments.stack.dbt_project import WAREHOUSE
from tests import pipelines

ROUNDS = 3
SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
WORLD = World(2026, 25)
DAY, NOW = "2026-06-29", "2026-06-30T06:00-04:00"  # that the morning is for, and when it is
DAYS = 10, 30       # of backfills
LAST = date(2026, 3, 30)
Cost = tuple[float, float]  # seconds of processors, and seconds that passed
Lines = Iterator[tuple[str, str, str]]


def orchestration(folder: Path) -> Lines:
    yield from _morning(folder / "morning")
    yield from _backfill()


def _morning(folder: Path) -> Lines:
    from environments.stack.orchestration.simulation import instance_in

    with _sources(folder) as made, instance_in(None) as memory, instance_in(folder / "dagster") as disk:
        ways = {"by hand": lambda: _by_hand(made), "memory": lambda: _in_dagster(made, memory),
                "disk": lambda: _in_dagster(made, disk)}
        _load_sheet(folder)
        _measured(folder, ways["by hand"], first=True)  # loads all that there is, and has dbt imported
        costs = {way: [] for way in ways}
        for number in range(ROUNDS + 1):
            for way, work in ways.items():
                cost = _measured(folder, work)
                costs[way] += [cost] if number else []  # the first imports what it needs, too
    hand, memory, disk = (tuple(map(statistics.median, zip(*costs[way], strict=True))) for way in ways)
    asked = f"asked: {1.2 * hand[0] + 3:.1f} s at most, 20 % and 3 s more"
    yield "a morning, its steps by hand", f"{hand[0]:.1f} s", \
        f"CPU, of dbt too; median of {ROUNDS}; {hand[1]:.1f} s passed"
    yield "  in Dagster that keeps its log in memory", f"{memory[0]:.1f} s", \
        f"CPU, taking turns, with the checks of loads ({asked}); {memory[1]:.1f} s passed"
    yield "  in Dagster that keeps it on the disk", f"{disk[0]:.1f} s", \
        f"the same as `labs up dagster` does; {disk[1]:.1f} s passed"


@contextmanager
def _sources(folder: Path):
    """The pipeline over the simulated APIs, the shop's database and a parsed dbt project, in the environment."""
    folder.mkdir()
    before = dict(os.environ)
    try:
        with _simulator() as places, Server.create(folder / "shop") as shop:
            with shop.connect() as connection:
                load(WORLD, connection)
            os.environ |= _environment(folder, places, shop)
            yield _pipeline(folder)
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _simulator() -> Iterator[dict[str, dict[str, str]]]:
    """In a process of its own, so that its work is not counted."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def _serve(pipe: Connection) -> None:
    with Simulator(WORLD) as saas:
        pipe.send(saas.as_dict())
        threading.Event().wait()


def _environment(folder: Path, places: dict[str, dict[str, str]], shop: Server) -> dict[str, str]:
    """As `labs up dagster` gives it."""
    apis = {f"{api}_{name.removeprefix('base_')}".upper(): value
            for api, place in places.items() for name, value in place.items()}
    reached = shop.conninfo("postgres", DATABASE)
    return apis | {
        "TEASPOON_WAREHOUSE": str(folder / WAREHOUSE), "TEASPOON_PUBLIC": str(folder), "TEASPOON_CRM": str(folder),
        "TEASPOON_DBT": str(folder / "dbt"), "PRODUCTION_DSN": f"{reached} password={shop.password}",
        "TEASPOON_NOW": NOW, "ALERTS_URL": "", "ALERTS_TOKEN": "", "ALERTS_FOLDER": str(folder)}


def _pipeline(folder: Path):
    from environments.stack.orchestration.definitions import definitions

    return definitions(pipelines.reference_manifest(folder / "dbt"))


def _load_sheet(folder: Path) -> None:
    """The sheet is loaded when it comes, not in the morning."""
    from environments.stack.orchestration.crm import load_sheet
    from environments.stack.orchestration.resources import WarehouseFile

    with WarehouseFile(path=str(folder / WAREHOUSE)).connect() as con:
        load_sheet(con, COURSE / "datasets/samples/crm.csv")


def _measured(folder: Path, work: Callable[[], None], first: bool = False) -> Cost:
    """On a copy of the warehouse as the first morning left it."""
    kept, warehouse = folder / "kept.duckdb", folder / WAREHOUSE
    if not first:
        shutil.copyfile(kept, warehouse)
    worked, started = _worked(), time.monotonic()
    work()
    cost = _worked() - worked, time.monotonic() - started
    with duckdb.connect(str(warehouse)) as con:
        con.execute("checkpoint")  # no log lies beside it
    if first:
        shutil.copyfile(warehouse, kept)
    return cost


def _worked() -> float:
    """Seconds of processors, of this process and of the one that forks for dbt."""
    forks = [child for child in psutil.Process().children() if "environments.forks" in child.cmdline()]
    return sum(sum(process.cpu_times()[:4]) for process in [psutil.Process(), *forks])


def _by_hand(made) -> None:
    import dagster as dg

    from environments.stack.orchestration.definitions import resources
    from environments.stack.orchestration.feeds import FEEDS
    from environments.stack.orchestration.loads import DAYS as PARTITIONS
    from environments.stack.orchestration.models import UNIQUE_ID

    window = PARTITIONS.time_window_for_partition_key(DAY)
    models = [asset for asset in made.assets if asset.op.name.endswith("_models")]
    with dg.build_resources(resources()) as tools:
        for name in FEEDS:
            getattr(tools, name).load(tools.warehouse, (window.start, window.end))
        for step in models:
            run = tools.dbt.build(tools.warehouse, [spec.metadata[UNIQUE_ID] for spec in step.specs])
            assert run.success, run.why()
        for step in models:
            marts = sorted(key.path[-1] for key in step.keys if key.path[-1].startswith(("fct_", "dim_")))
            tools.public.put(tools.warehouse, step.op.name.removesuffix("_models"), marts)


def _in_dagster(made, instance) -> None:
    """In this process, as the lab does."""
    assert made.resolve_job_def("morning").execute_in_process(SILENT, instance=instance, partition_key=DAY).success


def _backfill() -> Lines:
    from environments.stack.orchestration import simulation

    made = pipelines.reference()
    simulation.warm_up()
    nothing, few, many = (_simulated(made, days) for days in (0, *DAYS))
    each = [(cost - nothing) / days for cost, days in zip((few, many), DAYS, strict=True)]
    yield f"a backfill of {DAYS[1]} days", f"{many - nothing:.1f} s", \
        f"CPU of Dagster alone, sources simulated; {DAYS[0]} days {few - nothing:.1f} s"
    yield "  growth of a day's share", f"{each[1] / each[0] - 1:+.0%}", \
        f"of {DAYS[1]} days against {DAYS[0]} (asked: with the days, not faster)"


def _simulated(made, number: int) -> float:
    """Seconds of a processor that a day takes with such a backfill of `reload`, in a process forked for it."""
    from environments.stack.orchestration.nights import through
    from environments.stack.orchestration.scenario import Backfill, Scenario

    days = tuple(str(LAST - timedelta(days=n)) for n in reversed(range(number)))
    asked = (Backfill("2026-03-31T07:30-04:00", "reload", days),) if days else ()
    before = sum(os.times()[2:4])
    rows = 6  # too few for checks to compare their number
    between = Scenario("2026-03-31T07:00-04:00", "2026-03-31T23:00-04:00", backfills=asked, rows=rows)
    outcome = through(lambda: made, between, 600)
    assert (outcome.error, {run.status for run in outcome.runs}, len(outcome.runs)) == (
        "", {"SUCCESS"} if days else set(), number), outcome.error
    return sum(os.times()[2:4]) - before
