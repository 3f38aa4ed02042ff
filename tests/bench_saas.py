"""`make bench`: how fast the world is generated, and how fast and large its simulated APIs are, as ratios within one run.

`python -m tests.bench_saas HOUSEHOLDS` serves what is measured, until its standard input ends; it prints the ports.
"""

import asyncio
import contextlib
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import psutil

from datasets.parquet import SCHEMA
from datasets.sizes import SIZES
from environments.workspace import COURSE

PAGE = "/v1/charges?limit=100"
MEGABYTE = 2**20


def world(folder: Path):
    """Rows: what, value, how it was taken."""
    took, rows, memory = {}, {}, {}
    for size in SIZES:
        said, took[size], memory[size] = _child(["-m", "datasets.parquet", "--size", size, str(folder / size)])
        rows[size] = int(said.split()[0].replace(",", ""))
        yield f"{rows[size]:,} events to Parquet", f"{rows[size] / took[size]:,.0f}/s", \
            f"{took[size]:.0f} s with the start; at most {memory[size] / MEGABYTE:.0f} MB"
    # The start (imports, who lives where) is the same for a few days of events as for all: what grows is the rest.
    yield "  time an event, large against medium", f"{took['large'] / rows['large'] / (took['medium'] / rows['medium']):.2f} x", "asked: in proportion, 1"
    yield "  memory, large against medium", f"{memory['large'] / memory['medium']:.2f} x", "asked: flat, 1"
    random = _seconds(lambda: _random_columns(rows["medium"], len(SCHEMA), folder / "random.parquet"))
    yield "DuckDB, as many random columns to Parquet", f"{rows['medium'] / random:,.0f}/s", f"{len(SCHEMA)} columns, {rows['medium']:,} rows"
    yield "  ours, of that", f"{random / took['medium']:.0%}", "rows a second (asked: a third)"


def _random_columns(rows: int, columns: int, file: Path) -> None:
    chosen = ", ".join(f"(random() * 1e9)::bigint as c{n}" for n in range(columns))
    duckdb.connect().execute(f"copy (select {chosen} from range({rows})) to '{file}' (format parquet)")


def _child(command: list[str]) -> tuple[str, float, int]:
    """What a Python said, how many seconds it took, and the most memory it held, in bytes."""
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, cwd=COURSE)
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    return said, time.monotonic() - started, used.ru_maxrss * 1024


def saas(folder: Path):
    """Rows: what, value, how it was taken."""
    yield from _start(folder)
    yield from _serving()
    yield from _exporting()


def _start(folder: Path):
    environment = os.environ | {"LABS_HOME": str(folder / "saas"), "LABS_SEED": "2026"}
    labs = str(Path(sys.executable).with_name("labs"))

    def up() -> tuple[float, float]:
        begun = time.perf_counter()
        said = json.loads(subprocess.run([labs, "up", "saas", "--json"], env=environment, capture_output=True, check=True).stdout)["stripe"]
        ready = time.perf_counter() - begun
        _pages(int(said["base_url"].rpartition(":")[2]), said["api_key"], PAGE, 1)
        whole = time.perf_counter() - begun
        subprocess.run([labs, "down"], env=environment, capture_output=True, check=True)
        return ready, whole

    up()
    ready, whole = map(statistics.median, zip(*(up() for _ in range(5))))
    yield "labs up saas, small", f"{ready:.2f} s", "from the command to its end; median of 5 (asked: ready in under 1 s)"
    yield "  to the first page of charges", f"{whole:.2f} s", "the world is made meanwhile"


def _serving():
    with _server("200") as (ports, key, _):
        for name in ("stripe", "constant"):
            _pages(ports[name], key, PAGE, 200)
        ours, constant = (statistics.median(_seconds(lambda: _pages(ports[name], key, PAGE, 300)) for _ in range(5)) for name in ("stripe", "constant"))
    yield "pages of 100 charges", f"{300 / ours:,.0f}/s", "one connection, one request after another; median of 5 times 300"
    yield "  of one constant page of that size", f"{constant / ours:.0%}", "the same server and framework (asked: half)"


def _exporting():
    with _server(str(SIZES["large"])) as (ports, key, process):
        one = _export(ports["mixpanel"], key, "2026-06-30", "2026-06-30")
        before = process.memory_info().rss
        lines, most = _export_watched(ports["mixpanel"], key, process)
    yield "a million events exported", f"{lines:,}", f"2026-06-24 to 30 of the large world; a day alone has {one:,}"
    yield "  memory that takes", f"{(most - before) / MEGABYTE:+.0f} MB", f"above the {before / MEGABYTE:.0f} MB that the server held after one day (asked: flat)"


def _export_watched(port: int, key: str, process: psutil.Process) -> tuple[int, int]:
    most = 0

    def look() -> None:
        nonlocal most
        most = max(most, process.memory_info().rss)

    return _export(port, key, "2026-06-24", "2026-06-30", look), most


def _export(port: int, key: str, first: str, last: str, look=lambda: None) -> int:
    """How many lines an export has."""
    from requests import get

    answer = get(f"http://127.0.0.1:{port}/api/2.0/export", params={"from_date": first, "to_date": last}, auth=(key, ""), stream=True, timeout=600)
    answer.raise_for_status()
    lines = 0
    for n, chunk in enumerate(answer.iter_content(MEGABYTE)):
        lines += chunk.count(b"\n")
        if n % 20 == 0:
            look()
    return lines


def _pages(port: int, key: str, path: str, times: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(times):
        connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        if len(answer.read()) < 1000 or answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
    connection.close()


def _seconds(action) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


# The served side

@contextlib.contextmanager
def _server(households: str):
    """Ports by name, the key that opens all, and the process."""
    process = psutil.Popen([sys.executable, "-m", "tests.bench_saas", households], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=COURSE)
    try:
        told = json.loads(process.stdout.readline())
        yield told["ports"], told["key"], process
    finally:
        process.stdin.close()
        process.wait(20)


async def _serve(households: int) -> None:
    from datasets.world import World
    from environments.saas.app import State
    from environments.saas.hosting import host, listening
    from environments.saas.simulator import applications

    state = State.of(World(7, households))
    apps = applications(state, "admin") | {"constant": await _constant(state)}
    sockets = {name: listening() for name in apps}
    ports = {name: one.getsockname()[1] for name, one in sockets.items()}
    stop = asyncio.Event()
    await asyncio.get_running_loop().connect_read_pipe(lambda: _Ended(stop), sys.stdin)
    key = state.keys.stripe
    told = {"ports": {name: ports[name] for name in ("stripe", "constant", "mixpanel")}, "key": key}
    object.__setattr__(state.keys.mixpanel, "api_secret", key)  # one key opens what is measured
    await host(apps, sockets, lambda: print(json.dumps(told), flush=True), stop)


async def _constant(state):
    """An application of the same framework that knows one page by heart."""
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    from environments.saas import stripe
    from environments.saas.asgi import Api

    page = (await Api("stripe", stripe, state).get("/v1/charges", {"limit": "100"})).body if state.world.households < 1000 else b"x" * 2000

    async def answer(request):
        return Response(page, media_type="application/json")

    return Starlette(routes=[Route("/v1/charges", answer)])


class _Ended(asyncio.Protocol):
    def __init__(self, stop: asyncio.Event):
        self.stop = stop

    def connection_lost(self, exc) -> None:
        self.stop.set()


if __name__ == "__main__":
    import uvloop

    uvloop.run(_serve(int(sys.argv[1])))
