"""The shop's checkout as a load on a server: customers arrive at a fixed rate, whether or not it keeps up."""

import contextlib
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

import pandas as pd
import psycopg

from environments.postgres import Server
from environments.workspace import graded

Event = tuple[float, Callable[[], object]]
Watch = Callable[[float], object]
PAUSE = 0.05  # seconds between two calls of who watches


def checkout_load(server: Server, seconds: float = 4.0, rate: float = 50, clients: int = 8,
                  events: Iterable[Event] = (), watch: Watch | None = None) -> pd.DataFrame:
    """Checkouts at `rate` a second from `clients` connections, for `seconds` and until every event has ended.

    An event is (second, what to call then), run beside the load; `watch` is called with the second, all the time, with
    50 ms between two calls. Returns a frame with one row a checkout: `second` it was due, since the start, and `ms`
    from then to its commit, so that waiting in line counts. Raises what an event, `watch` or a checkout raised. While a
    class is graded, it all takes a tenth of the time.
    """
    pace = 0.1 if graded() else 1
    seconds, events = pace * seconds, [(pace * second, event) for second, event in events]
    numbers = count()
    done: list[tuple[float, float]] = []
    with ThreadPoolExecutor(clients + len(events) + 1) as pool, contextlib.ExitStack() as stack:
        connections = [stack.enter_context(server.connect()) for _ in range(clients)]
        start = time.perf_counter()
        beside = [pool.submit(_at, start + second, event) for second, event in events]
        if watch:
            beside.append(pool.submit(_watch, watch, start, start + seconds))

        def due(number: int) -> bool:
            return number / rate < seconds or not all(map(Future.done, beside))

        customers = [pool.submit(_serve, c, start, rate, numbers, due, done) for c in connections]
        jobs: list[Future] = [*beside, *customers]
        for job in jobs:
            job.result()
    return pd.DataFrame(sorted(done), columns=["second", "ms"])


def _at(moment: float, event: Callable[[], object]) -> object:
    _pause_until(moment)
    return event()


def _watch(watch: Watch, start: float, end: float) -> None:
    while True:
        watch(time.perf_counter() - start)
        if time.perf_counter() + PAUSE > end:
            return
        time.sleep(PAUSE)


def _serve(connection: psycopg.Connection, start: float, rate: float, numbers, due, done: list) -> None:
    """One connection: take the next customer, wait for their moment, serve them."""
    for number in numbers:
        if not due(number):
            return
        _pause_until(start + number / rate)
        _check_out(connection, random.Random(number))
        done.append((number / rate, (time.perf_counter() - start - number / rate) * 1000))


def _check_out(connection: psycopg.Connection, chance: random.Random) -> None:
    """One order of two dishes, as the shop writes it."""
    with connection.transaction():
        [(order,)] = connection.execute(
            "insert into orders (household_id, total_cents) values (%s, 4400) returning id",
            [chance.randint(1, 100)]).fetchall()
        connection.cursor().executemany(
            "insert into order_items (order_id, recipe_id, quantity, unit_price_cents) values (%s, %s, 2, 1100)",
            [(order, chance.randint(1, 50)), (order, chance.randint(51, 100))])


def _pause_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.perf_counter()))
