"""`make bench`: product events as Parquet against DuckDB writing random ones,
and their exports: rows a second, memory."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import requests

from datasets.sizes import SIZES
from environments.place import COURSE
from tests.memory import Watch

# As many columns of the same types as datasets.parquet.SCHEMA, into a folder a month as well.
RANDOM = """
copy (select (random() * 9e18)::bigint, (random() * 2)::int::varchar, (random() * 70)::int::varchar,
             make_timestamp((random() * 1e15)::bigint), make_timestamp((random() * 1e15)::bigint),
             (random() * 40000)::int, (random() * 9e18)::bigint, (random() * 9e18)::bigint,
             (random() * 9)::int::varchar, (random() * 21)::int::varchar, (random() * 10)::int::varchar,
             (random() * 120)::smallint, (random() * 500000)::int, (random() * 9000)::int,
             (random() * 5)::int, random() < 0.01, range // {month} as month from range({rows}))
to '{folder}' (format parquet, partition_by (month))"""
SERVER = """
import json, sys
from datasets.world import World
from environments.saas import Simulator, amplitude, mixpanel
with Simulator(World(7, 20_000), modules={"mixpanel": mixpanel, "amplitude": amplitude}) as saas:
    print(json.dumps(saas.as_dict()), flush=True)
    sys.stdin.read()
"""
RUNS = os.environ.get("LABS_BENCH_EVENTS", "small medium").split()  # large: minutes, and 3 GB of disk


def product_events(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Rows a second and memory of 1, 10 (and 100) million events."""
    random = _random(folder / "random", 10 * 10**6)
    yield "random rows by DuckDB", f"{random / 1000:,.0f} k/s", "10 million rows, 16 columns, partitioned Parquet"
    for size in RUNS:
        rows, seconds, memory = _written(size, folder / size)
        yield (
            f"product events, {size}",
            f"{rows / seconds / 1000:,.0f} k/s",
            f"{rows:,} rows in {seconds:.1f} s, one process",
        )
        yield "  against random rows", f"{rows / seconds / random:.2f} x", "at least 0.33 is wanted"
        yield "  peak memory", f"{memory:,.0f} MB", f"of the writing process; {SIZES[size]:,} households"


def product_exports(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Memory of the server while a day, and then a week,
    of the large world is exported from Mixpanel: a million events."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=COURSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        keys = json.loads(server.stdout.readline())["mixpanel"]
        _exported(server.pid, keys, "2026-06-02")  # makes the people
        for what, last in (("a day", "2026-06-02"), ("a week", "2026-06-08")):
            lines, seconds, grown = _exported(server.pid, keys, last)
            yield (
                f"export of {what} of the large world",
                f"{lines / seconds / 1000:,.0f} k/s",
                f"{lines:,} events in {seconds:.1f} s",
            )
            yield "  more memory in the meantime", f"{grown:,.0f} MB", "of the server, over what its world takes"
        server.stdin.close()


def _random(folder: Path, rows: int) -> float:
    """Rows a second."""
    begun = time.perf_counter()
    duckdb.connect().execute(RANDOM.format(month=rows // 24, rows=rows, folder=folder))
    return rows / (time.perf_counter() - begun)


def _written(size: str, folder: Path) -> tuple[int, float, float]:
    """Rows, seconds without the start, and the most memory in MB of `python -m datasets.parquet`."""
    command = [sys.executable, "-m", "datasets.parquet", "--size", size, str(folder)]
    with (
        subprocess.Popen(command, cwd=COURSE, stdout=subprocess.PIPE, text=True) as process,
        Watch(process.pid, every=0.02) as watch,
    ):
        said = process.stdout.read()
    rows, seconds = re.search(r"([\d,]+) events .*?, ([\d.]+) s", said).groups()
    return int(rows.replace(",", "")), float(seconds), watch.peak / 2**20


def _exported(server: int, keys: dict, last: str) -> tuple[int, float, float]:
    begun, lines = time.perf_counter(), 0
    with (
        Watch(server, every=0.02) as watch,
        requests.get(
            keys["base_url"] + "/api/2.0/export",
            {"from_date": "2026-06-02", "to_date": last},
            auth=(keys["api_secret"], ""),
            headers={"Accept-Encoding": "identity"},
            stream=True,
            timeout=600,
        ) as answer,
    ):
        for part in answer.iter_content(2**20):
            lines += part.count(b"\n")
    return lines, time.perf_counter() - begun, (watch.peak - watch.first) / 2**20
