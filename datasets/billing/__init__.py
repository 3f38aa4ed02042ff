"""Teaspoon's billing as its payment provider knows it, derived from the company's world, and what is true of it.

    billing = Billing(World(seed=7, households=200))
    billing.changes          # everything that happened to every object, oldest first
    billing.truth()          # distinct ids of each stream, and the metrics, to the cent

The production database is not told of trials, plan changes, pauses, failed payments, partial refunds and disputes;
the provider is. Where both know of something they agree: when a subscription began and ended, what an order cost.
"""

import json
from functools import cached_property
from hashlib import sha256

from datasets.billing.customers import customers
from datasets.billing.facts import Change, Facts, uncollected
from datasets.billing.orders import charge_orders
from datasets.billing.payouts import pay_out
from datasets.billing.prices import Catalogue
from datasets.billing.subscriptions import subscribe
from datasets.billing.truth import truth
from datasets.shape import SHAPE


class Billing:
    """The billing of one World. Made when it is first asked for: about a second for 1,000 households."""

    def __init__(self, world):
        self.world = world

    @property
    def changes(self) -> list[Change]:
        """Every change of every object, in the order in which they happened: a fold over them is the present state."""
        return self.facts.changes

    def checksum(self) -> str:
        """64 hex digits over every change."""
        digest = sha256()
        for change in self.changes:
            digest.update(json.dumps(change).encode())
        return digest.hexdigest()

    def truth(self, now: int = SHAPE.now) -> dict:
        """`{"stripe": {stream: distinct ids}, "metrics": {name: {day or month: value}}}`, money in US cents.

        The metrics come from payments and terms as they were drawn, not from the objects above. `now` is when the
        events of the last 30 days are asked for.
        """
        return truth(self.facts, now)

    @cached_property
    def facts(self) -> Facts:
        facts = Facts(int(self.world.seed))
        with uncollected():
            self._fill(facts, self.world.tables())
        return facts

    def _fill(self, facts: Facts, tables: dict) -> None:
        catalogue = Catalogue(facts, tables["plans"])
        who = customers(self.world, facts, tables)
        subscribe(self.world, facts, catalogue, who, tables["subscriptions"])
        charge_orders(self.world, facts, who, tables["orders"])
        pay_out(facts)
        facts.in_order()
