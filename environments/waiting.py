"""Waiting for a fact, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

from environments.errors import TookTooLong

T = TypeVar("T")


def wait_until(fact: Callable[[], T], within: float, awaited: str, log: Callable[[], str] | None = None) -> T:
    """The first true value `fact()` returns, asked again every 20 ms.

    Raises TookTooLong after `within` seconds: what was awaited, for how long, the last lines of the log.
    """
    deadline = time.monotonic() + within
    while True:
        value = fact()
        if value:
            return value
        if time.monotonic() >= deadline:
            tail = f"\n{log()}" if log else ""
            raise TookTooLong(f"timed out after {within:g} s waiting for {awaited}.{tail}", "")
        time.sleep(min(0.02, max(0.0, deadline - time.monotonic())))
