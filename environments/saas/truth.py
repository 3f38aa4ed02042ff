"""What is true of a simulated world, from the generator's own log: what any pipeline over the APIs must find."""

import re
from datetime import date, timedelta

from datasets.shape import DAY
from environments.saas.service import WorldConfig
from environments.workspace import Workspace

METRICS = "metrics"
A_DAY, A_MONTH = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d")


def truth(wanted: WorldConfig, workspace: Workspace) -> dict:
    """By API the distinct ids of each stream, and the metrics, both sources' together.

    With the real clock every day lies as much later as the APIs show it, and there are no months: a generated month,
    moved by days, is no calendar month.
    """
    from datasets.billing import Billing
    from datasets.product import Product
    from datasets.product_truth import truth as true_of
    from datasets.world import World

    world, clock = World(wanted.seed, wanted.households), wanted.clock_of(workspace)
    money, product = Billing(world).truth(clock.now() - clock.shift), true_of(Product(world))
    metrics = money[METRICS] | product[METRICS]
    return money | product | {METRICS: moved(metrics, clock.shift // DAY) if wanted.clock == "real" else metrics}


def moved(value, days: int):
    """A value whose dictionaries by day start so many days later; what is by month is left out."""
    if not isinstance(value, dict):
        return value
    return {_moved(key, days): inside for key, part in value.items() if not A_MONTH.fullmatch(key)
            if (inside := moved(part, days)) != {} or part == {}}


def _moved(key: str, days: int) -> str:
    return str(date.fromisoformat(key) + timedelta(days)) if A_DAY.fullmatch(key) else key


def lines(found: dict) -> list[str]:
    """The streams with how many distinct ids each has, and the names of the metrics, for a person."""
    streams = [
        f"{api:10} {stream:24} {count:12,}"
        for api, facts in found.items()
        if api != METRICS
        for stream, count in facts.items()
    ]
    return [*streams, f"metrics, in full with --json: {', '.join(found[METRICS])}"]
