"""What people do on Teaspoon's website and in its apps: sessions and events of any day.

    product = Product(World(seed=7, households=200))
    for events in product.events(day=700): ...    # by itself; memory depends on no other day

The website reports to Mixpanel, the apps to Amplitude. What is wrong with the events is in datasets.mess,
what is true of them in datasets.product_truth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

from datasets.product_cast import Cast, cast, cast_apart
from datasets.product_events import Events, events
from datasets.product_sessions import DAYS, Sessions, blocks, sessions, start_of
from datasets.shape import SHAPE

if TYPE_CHECKING:
    from datasets.world import World

LAUNCHED = datetime.fromtimestamp(SHAPE.launch, UTC).date()


@dataclass(frozen=True)
class Product:
    """The product's events of a world. `days` are numbered from 0, the day of the launch."""

    world: "World | None" = None
    made: Cast | None = None  # instead of a world

    @classmethod
    def apart(cls, seed: int, households: int) -> "Product":
        """The same product without a world in this process's memory: for large ones."""
        return cls(made=cast_apart(seed, households))

    @cached_property
    def cast(self) -> Cast:
        if self.made is not None:
            return self.made
        assert self.world is not None, "a product is of a world, or made apart"
        return cast(self.world)

    @property
    def days(self) -> range:
        return range(DAYS)

    def blocks(self) -> range:
        return blocks(self.cast)

    def sessions(self, day: int, block: int = 0) -> Sessions:
        return self._sessions(day, block)

    @cached_property
    def _sessions(self):
        """What is uploaded on a day happened on one of a few: their sessions are asked for again."""
        return lru_cache(maxsize=24)(partial(sessions, self.cast))

    def events(self, day: int) -> Iterator[Events]:
        """All events that happened on a day of UTC, in batches, as they truly were."""
        for block in self.blocks():
            drawn = self.sessions(day, block)
            for late in (False, True):
                yield events(self.cast, drawn.where((drawn.delay > 0) == late), day, block, late)

    def about(self, first: int, last: int) -> int:
        """Roughly how many events the apps have between two moments in Unix seconds; quick, and rather too many."""
        days = range(max(0, day_at(first)), min(DAYS, day_at(last - 1) + 1))
        return sum(
            int(20 * (~self.sessions(day, block).web).sum()) for day in days[::30] for block in self.blocks()
        ) * min(30, len(days))


def day_of(when: date) -> int:
    """The number of a calendar day; below 0 before the launch."""
    return (when - LAUNCHED).days


def date_of(day: int) -> date:
    return LAUNCHED + timedelta(day)


def day_at(moment: int) -> int:
    """The day of a moment in Unix seconds."""
    return (moment - start_of(0)) // 86_400
