"""Waiting for a fact, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

from environments.busy import FairClock
from environments.errors import TookTooLong

T = TypeVar("T")


def wait_until(fact: Callable[[], T], within: float, awaited: str, log: Callable[[], str] | None = None,
               fair: bool = False) -> T:
    """The first true value `fact()` returns, asked again every 20 ms.

    Raises TookTooLong after `within` seconds: what was awaited, for how long, the last lines of the log. A `fair` wait
    is longer on a busy machine, for what has to work before it can answer.
    """
    clock = FairClock()
    started = time.monotonic()
    seconds = clock.seconds if fair else lambda: time.monotonic() - started
    while True:
        value = fact()
        if value:
            return value
        left = within - seconds()
        if left <= 0:
            busy = " This machine is busy: try again." if fair and clock.share < 0.5 else ""
            tail = f"\n{log()}" if log else ""
            raise TookTooLong(
                f"timed out after {max(within, round(clock.passed)):g} s waiting for {awaited}.{busy}{tail}", ""
            )
        time.sleep(min(0.02, left))
