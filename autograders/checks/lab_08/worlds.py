"""What Lab 8's checks try answers on: days of a world that the student has not seen, with all that is wrong in it."""

from collections import defaultdict
from functools import lru_cache
from random import Random
from typing import NamedTuple

from datasets.mess import DEFECTS, Mess
from datasets.product import Product
from datasets.world import World
from environments.stack.tracked_events import tracked
from environments.workspace import Workspace

HOUSEHOLDS = 12
FIRST, STEP, DAYS, MOST = 500, 3, 8, 60  # days, spread over releases, and later ones that have a rare defect
NO_DEFECT: frozenset[str] = frozenset()


class Unseen(NamedTuple):
    """Records in the order in which they were received, and what is wrong with each, by its id."""

    records: list[dict]
    wrong: dict[str, frozenset[str]]

    def clean(self) -> list[dict]:
        return [record for record in self.records if record["id"] not in self.wrong]

    def only(self, defect: str) -> list[dict]:
        """Those with this defect and no other."""
        return [record for record in self.records if self.wrong.get(record["id"], NO_DEFECT) == {defect}]

    def pairs(self) -> set[tuple[str, str]]:
        return {(id, defect) for id, defects in self.wrong.items() for defect in defects}


def unseen(number: int = 0) -> Unseen:
    """A world of the student's own that no notebook shows. Every defect is in it."""
    return _world(str(Workspace.here().seed), number)


@lru_cache(maxsize=3)
def _world(seed: str, number: int) -> Unseen:
    mess = Mess(Product(World(Random(f"lab 8, world {number} of {seed}").randrange(10**6), HOUSEHOLDS)))
    days: list[int] = []
    wrong: dict[str, set[str]] = defaultdict(set)
    for day in range(FIRST, FIRST + MOST * STEP, STEP):
        missing = set(DEFECTS).difference(*wrong.values())
        if len(days) >= DAYS and not missing:
            break
        added = _wrong_on(mess, day)
        if len(days) < DAYS or missing & {defect for _, defect in added}:
            days.append(day)
            for id, defect in added:
                wrong[id].add(defect)
    return Unseen(tracked(mess, days), {id: frozenset(defects) for id, defects in wrong.items()})


def _wrong_on(mess: Mess, day: int) -> list[tuple[str, str]]:
    found = mess.defects(day)
    return list(zip(found.event_id, found.defect, strict=True))
