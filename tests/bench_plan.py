"""`make bench`: a million events at the door of Teaspoon's tracking plan, against jsonschema-rs alone on its schemas.

A record that is refused has its reasons, so jsonschema-rs alone lists its errors of those, too.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import psutil

from datasets.mess import Mess
from datasets.product import Product
from datasets.world import World
from environments.saas.tracked import Tracked
from environments.stack.tracking_plan import REFERENCE, reference
from environments.tracking import plan_of
from environments.tracking.door import Door
from environments.tracking.schemas import record_schema, validator

EVENTS = 1_000_000
ROUNDS = 3
ONLY_SCHEMAS = ("delivery:",)  # what schemas alone cannot ask for


def plan(_: Path) -> Iterator[tuple[str, str, str]]:
    """How long it takes, clean events and those of a world with its mess, and what memory it needs."""
    asked = reference()
    schemas_alone = _without_delivery()
    for what, records in (("clean events", _records(clean=True)), ("events with their mess", _records(clean=False))):
        theirs = _seconds(partial(_alone, asked, records))
        ours = _seconds(partial(_door, schemas_alone, records))
        yield f"a million {what}, jsonschema-rs alone", f"{theirs:.2f} s", f"its errors, too; CPU, median of {ROUNDS}"
        yield "  through the door, schemas alone", f"{ours:.2f} s", "each is accepted, or quarantined with its reasons"
        yield "  against jsonschema-rs", f"{ours / theirs:.2f} x", "at most 1.30 is wanted"
    full = _seconds(partial(_door, asked, records), 1)
    yield "  with copies, late ones and wrong clocks", f"{full:.2f} s", "the whole plan, on events with their mess"
    grown = _grown(schemas_alone, records)
    yield "  more memory at its end", f"{grown:.1f} MB", "of this process, from the 100,000th event to the millionth"


def _without_delivery():
    text = REFERENCE.read_text(encoding="utf-8")
    return plan_of("\n".join(line for line in text.splitlines() if not line.startswith(ONLY_SCHEMAS)))


def _records(clean: bool) -> list[dict]:
    """Some ten thousand records, which are then repeated."""
    mess, records = Mess(Product(World(7, 100))), []
    for day in range(640, 660):
        for messy in mess.batches(day):
            for (name, properties), known, time_ms, received in zip(
                    Tracked(mess.product, messy).rows(), messy.events.known().tolist(),
                    (messy.events.time + messy.skew).tolist(), messy.received.tolist(), strict=True):
                records.append({"event": name, "properties": properties, "user_id": "user_000001" if known else None,
                                "device_id": "d", "time_ms": time_ms, "received_ms": received})
    check = Door(_without_delivery())
    return [record for record, reasons in check.sort(records) if not (clean and reasons)]


def _seconds(run: Callable[[], None], rounds: int = ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        run()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def _alone(asked, records: list[dict]) -> None:
    checks = {event.name: validator(record_schema(asked, event)) for event in asked.events}
    for record in islice(cycle(records), EVENTS):
        check = checks.get(record["event"])
        if check is not None and not check.is_valid(record):
            list(check.iter_errors(record))


def _door(asked, records: list[dict]) -> None:
    for _record, _reasons in Door(asked).sort(islice(cycle(records), EVENTS)):
        pass


def _grown(asked, records: list[dict]) -> float:
    passing = Door(asked).sort(islice(cycle(records), EVENTS))
    for _ in islice(passing, EVENTS // 10):
        pass
    before = psutil.Process().memory_info().rss
    for _ in passing:
        pass
    return max(0, psutil.Process().memory_info().rss - before) / 2**20
