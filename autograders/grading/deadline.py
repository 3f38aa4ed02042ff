"""How long grading waits: so many seconds of a machine that works for this submission, not of the clock on the wall."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from environments.busy import FairClock

FLOOR = 1 / 10  # of a second that is counted at least: on the busiest machine a deadline is ten times as long
LOOK = 0.5  # seconds between two looks at how busy it is


class Deadline:
    """Past once the machine has worked for so many seconds, or the `outer` deadline is.
    Ask it often: each call counts what passed since the last one."""

    def __init__(self, seconds: float, outer: "Deadline | None" = None):
        self.seconds, self.outer = seconds, outer
        self._clock = FairClock(longest=4 * LOOK, floor=FLOOR)

    def left(self) -> float:
        """Seconds for which to wait at most before asking again; 0 or less once it is past."""
        left = self.seconds - self._clock.seconds()
        return min(left, self.outer.left()) if self.outer else left

    @property
    def busy(self) -> bool:
        """Whether it is past though the machine has worked for less than half of that time: nobody was late."""
        if self.outer and self.outer.left() <= 0:
            return self.outer.busy
        return self.left() <= 0 and self._clock.fair < self.seconds / 2


@contextmanager
def watched(deadline: Deadline, over: Callable[[], object]) -> Iterator[None]:
    """Calls `over` from another thread once the deadline is past, unless the block has ended."""
    done = threading.Event()

    def watch() -> None:
        while (left := deadline.left()) > 0:
            if done.wait(min(left, LOOK)):
                return
        over()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


class WallDeadline:
    """Past so many seconds from now."""

    def __init__(self, seconds: float):
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        return self._at - time.monotonic()
