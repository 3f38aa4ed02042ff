"""What time it is at Teaspoon: always the end of its generated world, or now."""

import time
from dataclasses import dataclass

from datasets.shape import DAY, SHAPE


@dataclass(frozen=True)
class Clock:
    """The world's own time, in Unix seconds (UTC).

    `fixed` stands still at the world's end, so that outputs repeat. `real` goes on, and every generated moment lies
    `shift` seconds later than it was generated: a whole number of days, so that hours and weekly habits near it stay.
    """

    kind: str = "fixed"  # fixed | real
    shift: int = 0       # seconds to add to a generated moment before it leaves an API

    @classmethod
    def fixed(cls) -> "Clock":
        return cls()

    @classmethod
    def real(cls, shift: int | None = None) -> "Clock":
        """A clock that goes on; without a `shift` the generated world ends less than a day ago, never in the future."""
        return cls("real", shift_of(time.time()) if shift is None else shift)

    def now(self) -> int:
        """The moment that writes are stamped with."""
        return SHAPE.now if self.kind == "fixed" else int(time.time())

    def moved(self, moment: int) -> int:
        """A generated moment as an API shows it."""
        return moment + self.shift


def shift_of(now: float) -> int:
    """The whole days, in seconds, that bring the end of the generated world closest to a moment, and not after it."""
    return int(now - SHAPE.now) // DAY * DAY
