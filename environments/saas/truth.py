"""What is true of a simulated world, from the generator's own log: what any pipeline over the APIs must find."""

from environments.saas.service import Wanted
from environments.workspace import Workspace

METRICS = "metrics"


def truth(wanted: Wanted, workspace: Workspace) -> dict:
    """By API the distinct ids of each stream, and the metrics, both sources' together."""
    from datasets.billing import Billing
    from datasets.product import Product
    from datasets.world import World

    world = World(wanted.seed, wanted.households)
    money, product = Billing(world).truth(), Product(world).truth()
    return money | product | {METRICS: money[METRICS] | product[METRICS]}


def lines(found: dict) -> list[str]:
    """The streams with how many distinct ids each has, and the names of the metrics, for a person."""
    streams = [f"{api:10} {stream:24} {count:12,}" for api, its in found.items() if api != METRICS for stream, count in its.items()]
    return [*streams, f"metrics, in full with --json: {', '.join(found[METRICS])}"]
