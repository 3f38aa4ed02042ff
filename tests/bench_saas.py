"""`make bench`: how fast the simulated APIs start, and how fast Stripe's pages are against a constant one, in one run.

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
from functools import partial
from pathlib import Path

import psutil

from environments.place import COURSE

PAGE = "/v1/charges?limit=100"


def saas(folder: Path):
    """Rows: what, value, how it was taken."""
    yield from _start(folder)
    yield from _serving()


def _start(folder: Path):
    environment = os.environ | {"LABS_HOME": str(folder / "saas"), "LABS_SEED": "2026"}
    labs = str(Path(sys.executable).with_name("labs"))

    def up() -> tuple[float, float]:
        begun = time.perf_counter()
        said = json.loads(
            subprocess.run([labs, "up", "saas", "--json"], env=environment, capture_output=True, check=True).stdout
        )["stripe"]
        ready = time.perf_counter() - begun
        _pages(int(said["base_url"].rpartition(":")[2]), said["api_key"], PAGE, 1)
        whole = time.perf_counter() - begun
        subprocess.run([labs, "down"], env=environment, capture_output=True, check=True)
        return ready, whole

    up()
    ready, whole = map(statistics.median, zip(*(up() for _ in range(5)), strict=True))
    yield (
        "labs up saas, small",
        f"{ready:.2f} s",
        "from the command to its end; median of 5 (asked: ready in under 1 s)",
    )
    yield "  to the first page of charges", f"{whole:.2f} s", "the world is made in the meantime"


def _serving():
    with _server("200") as (ports, key):
        for name in ("stripe", "constant"):
            _pages(ports[name], key, PAGE, 200)
        ours, constant = (
            statistics.median(_seconds(partial(_pages, ports[name], key, PAGE, 300)) for _ in range(5))
            for name in ("stripe", "constant")
        )
    yield (
        "pages of 100 charges",
        f"{300 / ours:,.0f}/s",
        "one connection, one request after another; median of 5 times 300",
    )
    yield "  of one constant page of that size", f"{constant / ours:.0%}", "the same server and framework (asked: half)"


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
    """Ports by name, and the key that opens Stripe."""
    process = psutil.Popen(
        [sys.executable, "-m", "tests.bench_saas", households],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=COURSE,
    )
    try:
        told = json.loads(process.stdout.readline())
        yield told["ports"], told["key"]
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
    ports = {name: sock.getsockname()[1] for name, sock in sockets.items()}
    stop = asyncio.Event()
    await asyncio.get_running_loop().connect_read_pipe(lambda: _Ended(stop), sys.stdin)
    key = state.keys.stripe
    told = {"ports": {name: ports[name] for name in ("stripe", "constant")}, "key": key}
    await host(apps, sockets, lambda: print(json.dumps(told), flush=True), stop)


async def _constant(state):
    """An application of the same framework that knows one page by heart."""
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    from environments.saas import stripe
    from environments.saas.asgi import Api

    page = (await Api("stripe", stripe, state).get("/v1/charges", {"limit": "100"})).body

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
