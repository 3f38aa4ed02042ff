"""The records of a world's events as a tracking plan's door gets them, in the order in which they were received.

A record has an `id` beside what `environments.tracking.tools` says of it: what the tool names the event by.
"""

from collections.abc import Iterable

from datasets.mess import Mess, Messy
from datasets.product import Product, date_of, day_of
from datasets.product_plan import EVENTS
from environments.saas import amplitude_events, mixpanel_events
from environments.tracking.tools import from_amplitude, from_mixpanel

__all__ = ["date_of", "day_of", "meant", "records", "tracked"]

NO_LETTER = str.maketrans("", "", " _-")


def tracked(mess: Mess, days: Iterable[int]) -> list[dict]:
    """All that happened on these days, from the website and the apps."""
    found = [record for day in days for messy in mess.batches(day) for record in records(mess.product, messy)]
    return sorted(found, key=lambda record: record["received_ms"])


def records(product: Product, messy: Messy) -> list[dict]:
    """One batch of a world's events."""
    web = messy.events.of("web")
    return [
        *({"id": line["properties"]["$insert_id"], **from_mixpanel(line)}
          for line in mixpanel_events.records(product, messy.where(web), 0, True)),
        *({"id": line["uuid"], **from_amplitude(line)}
          for line in amplitude_events.records(product, messy.where(~web), 0))]


def meant(name: str) -> str | None:
    """The event in EVENTS whose name this is, whatever its case, blanks, `_` and `-`; None if it is none of them."""
    return ALIKE.get(_bare(name))


def _bare(name: str) -> str:
    return name.lower().translate(NO_LETTER)


ALIKE = {_bare(event): event for event in EVENTS}
