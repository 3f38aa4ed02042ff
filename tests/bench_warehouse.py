"""`make bench`: the reference dbt project at two sizes, what an increment saves, the bulk load beside the checkout,
what dbt costs over the SQL alone, and how soon a check that runs it answers.

Some of it alone: python -m tests.bench warehouse
"""

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psutil

from datasets.world import World
from environments import templates
from environments.checkout import checkout_load
from environments.postgres import Server
from environments.stack.dbt_project import DbtProject, DbtRun
from environments.stack.landing import EVENT_DAYS, PRODUCTION, land, land_production, opened
from environments.stack.warehouses import SEEDS, practice
from tests.memory import Watch

SMALL = int(os.environ.get("LABS_BENCH_WAREHOUSE", "10"))  # households; the large world has 100 times as many
MODEL = "fct_product_events"  # incremental
EVENTS = ("mixpanel_export", "amplitude_export")
LAST_DAY = "2026-06-30 06:00"  # after it comes the last of the daily loads
BY_ROW = 2000  # rows of a load row by row: the rest would take minutes
LIMIT = 900  # seconds of one build
WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")
Lines = Iterator[tuple[str, str, str]]


def warehouse(folder: Path) -> Lines:
    yield from _sizes(folder / "dbt")
    yield from _loads(folder)
    yield from _check()


def _sizes(folder: Path) -> Lines:
    with practice(SEEDS[0]) as project:  # the process that runs dbt has started
        project.run("parse")
    small, large = (_landed(folder, households) for households in (SMALL, 100 * SMALL))
    (_, few, _), (run, many, memory) = _built(small), _built(large)
    rows, more = _rows(small), _rows(large)
    yield f"dbt build, {SMALL} households", f"{few:.1f} s", f"{rows:,} raw rows; without tests, parsed again"
    yield f"dbt build, {100 * SMALL:,} households", f"{many:.1f} s", f"{more:,} raw rows, {EVENT_DAYS} days of events"
    yield "  time grew", f"{many / few:.1f} x", f"rows grew {more / rows:.0f} x"
    yield "  peak memory", f"{memory / 2**20:,.0f} MB", "RSS of the process that builds, of which DuckDB may have 256"
    yield from _by_hand(folder, large, many, run)
    yield from _increment(large)


def _built(project: DbtProject) -> tuple[DbtRun, float, float]:
    """How it ran, its seconds, and the most memory that the process had which was forked for it."""
    server = next(child.pid for child in psutil.Process().children() if "environments.forks" in child.cmdline())
    with Watch(server, every=0.05, family=True) as watch:
        run, seconds = _timed(project, "build", *WITHOUT_TESTS)
    return run, seconds, watch.peak - watch.first


def _landed(folder: Path, households: int) -> DbtProject:
    project = DbtProject.copy(folder / str(households))
    land(World(7, households), project.warehouse)
    return project


def _timed(project: DbtProject, *command: str, **options) -> tuple[DbtRun, float]:
    begun = time.perf_counter()
    run = project.run(*command, within=LIMIT, **options)
    assert run.success, run.why()
    return run, time.perf_counter() - begun


def _rows(project: DbtProject) -> int:
    with duckdb.connect(str(project.warehouse), read_only=True) as con:
        tables = con.execute("select table_name from information_schema.tables where table_schema = 'raw'").fetchall()
        return sum(con.execute(f"select count(*) from raw.{name}").fetchall()[0][0] for name, in tables)


def _by_hand(folder: Path, project: DbtProject, dbt: float, run: DbtRun) -> Lines:
    """The same SQL in the same order, without dbt."""
    copy = folder / "by_hand" / project.warehouse.name  # SQL that is compiled has the file's name in it
    copy.parent.mkdir()
    with duckdb.connect(str(project.warehouse)) as con:
        con.execute("checkpoint")  # what the build left in the log beside the file is copied, too
    shutil.copyfile(project.warehouse, copy)
    with duckdb.connect(str(copy), config={"threads": 2, "memory_limit": "256MB"}) as con:
        con.execute("set timezone = 'UTC'")
        begun = time.perf_counter()
        for node in (node for node in run.nodes if node.kind == "model"):
            marts = "/marts/" in node.path
            con.execute(f"create or replace {'table marts' if marts else 'view staging'}.{node.name} as {node.sql}")
        alone = time.perf_counter() - begun
    shutil.rmtree(copy.parent)
    yield "  the same SQL by hand", f"{alone:.1f} s", f"dbt takes {dbt - alone:.1f} s more, {dbt / alone:.1f} x as long"


def _increment(project: DbtProject) -> Lines:
    """One day of events, and all of them again, by dbt's own time of the model."""
    with duckdb.connect(str(project.warehouse)) as con:
        for table in EVENTS:
            con.execute(f"create table {table} as from raw.{table} where _loaded_at > '{LAST_DAY}'")
            con.execute(f"delete from raw.{table} where _loaded_at > '{LAST_DAY}'")
    _timed(project, "run", select=MODEL, full_refresh=True)
    with duckdb.connect(str(project.warehouse)) as con:
        for table in EVENTS:
            con.execute(f"insert into raw.{table} from {table}; drop table {table}")
    day, whole = (_timed(project, "run", select=MODEL, full_refresh=full)[0][MODEL].seconds for full in (False, True))
    yield f"{MODEL}, one day of events", f"{day:.2f} s", "dbt's own time of the model"
    yield "  full refresh", f"{whole:.2f} s", \
        f"the day takes {day / whole:.2f} of it, as copies of its events may be of any day; at most 0.1 is wanted"


def _loads(folder: Path) -> Lines:
    """From the standby, in bulk and row by row; and the checkout beside the bulk load."""
    with templates.pair() as (primary, standby):
        file = folder / "loaded.duckdb"
        bulk, by_row = _bulk(standby, file), _row_by_row(standby, file)
        yield "bulk load from the standby", f"{bulk:,.0f} rows/s", "all tables of production, COPY through a file"
        yield "  row by row", f"{by_row:,.0f} rows/s", f"an INSERT each, {BY_ROW:,} rows"
        yield "  bulk is faster", f"{bulk / by_row:.0f} x", "at least 20 is wanted"
        alone = checkout_load(primary).ms.quantile(0.95)
        beside = checkout_load(primary, events=[(0.5, lambda: _again(standby, file))]).ms.quantile(0.95)
        yield "checkout on the primary, p95", f"{alone:.1f} ms", "Lab 3's load, nothing beside it"
        yield "  beside the bulk load", f"{beside:.1f} ms", "the standby is read for 3 s; both on this machine"


def _bulk(standby: Server, file: Path) -> float:
    begun = time.perf_counter()
    with opened(file) as con:
        rows = sum(land_production(con, standby).values())
    return rows / (time.perf_counter() - begun)


def _row_by_row(standby: Server, file: Path) -> float:
    with opened(file) as con, standby.connect() as source:
        con.execute("create or replace table raw.by_row as from raw.production_order_items limit 0")
        begun = time.perf_counter()
        for row in source.execute(f"select *, now()::timestamp from order_items limit {BY_ROW}"):
            con.execute(f"insert into raw.by_row values ({', '.join('?' * len(row))})", list(row))
        return BY_ROW / (time.perf_counter() - begun)


def _again(standby: Server, file: Path) -> None:
    end = time.perf_counter() + 3
    while time.perf_counter() < end:
        with opened(file) as con:
            land_production(con, standby, PRODUCTION)


def _check() -> Lines:
    """A model of a student, built and looked at on an unseen world."""
    seconds = []
    for _ in range(5):
        begun = time.perf_counter()
        with practice(SEEDS[0], built=True) as project:
            project.write("models/marts/fct_mrr.sql", project.read("models/marts/fct_mrr.sql") + "\n-- mine")
            assert project.run("run", select="fct_mrr").success
            project.rows("select * from marts.fct_mrr")
        seconds.append(time.perf_counter() - begun)
    took = statistics.median(seconds)
    yield "a check that runs dbt", f"{took:.1f} s", "one mart, forked and parsed; median of 5; at most 5 s is wanted"
