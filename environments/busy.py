"""How busy this machine is, so that no wait takes a slow machine for a wrong answer or a dead service.

On a machine that shares its processors (a hub, Binder, a laptop with a hundred tabs) what takes one second takes ten.
A `FairClock` counts less of a second where more processes want a processor than there are; so a deadline of 30 s is 30
seconds of a machine that works, and at most three times as much for the person who waits.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress

FLOOR = 1 / 3  # of a second that is counted at least: a deadline is at most three times as long


_ours: Callable[[], int] = lambda: 1  # how many of those that want a processor work for anyone who asks


def count_as_one(ours: Callable[[], int]) -> None:
    """Have this process take all of these for one, where it asks how busy the machine is:
    who starts a hundred processes does not wait for others."""
    global _ours
    _ours = ours


def share() -> float:
    """The part of its time for which a process that wants a processor gets one: 1 where there are enough for all."""
    return min(1.0, (os.cpu_count() or 1) / max(1.0, _wanting() - max(0, _ours() - 1)))


def _wanting() -> float:
    """How many processes want a processor: at this moment, or where only that is known, in the last minute."""
    with suppress(OSError, ValueError, IndexError):
        with open("/proc/loadavg") as file:
            return int(file.read().split()[3].split("/")[0])
    with suppress(OSError, AttributeError):
        return os.getloadavg()[0]
    return 1.0


def _throttled() -> float:
    """Seconds for which the container that we are in was held back by its limit, so far; 0 where none is known."""
    with suppress(OSError, ValueError):
        with open("/sys/fs/cgroup/cpu.stat") as file:
            return int(dict(line.split() for line in file).get("throttled_usec", 0)) / 1e6
    return 0.0


class FairClock:
    """Seconds that this machine worked for us. Ask it often: it counts from one call of `seconds` to the next.

    `longest` is the most that is counted between two calls, for those who call at short intervals: who was stopped
    in the meantime, with the laptop's lid or by a scheduler, saw nothing of that time. `passed` are the seconds on the
    wall, `fair` those of them that this machine worked for us.
    """

    def __init__(self, longest: float = float("inf"), floor: float = FLOOR):
        self.longest, self.floor = longest, floor
        self.passed = self.fair = self._counted = self._working = 0.0
        self._at, self._held = time.monotonic(), _throttled()

    def seconds(self) -> float:
        """What a deadline is compared with."""
        now, held = time.monotonic(), _throttled()
        passed = now - self._at
        if passed > 0:
            part = min(share(), max(0.0, 1 - (held - self._held) / passed))
            self.passed += passed
            self._working += passed * part
            self.fair += min(passed, self.longest) * part
            self._counted += min(passed, self.longest) * max(self.floor, part)
            self._at, self._held = now, held
        return self._counted

    @property
    def share(self) -> float:
        """The part of the time so far for which the machine worked for us."""
        return self._working / self.passed if self.passed else 1.0
