"""What billing is made of: changes of objects, and, apart from them,
the money and the terms that the truth is made from."""

import gc
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from datasets.shape import SHAPE

PREFIXES = {
    "customer": "cus",
    "product": "prod",
    "price": "price",
    "subscription": "sub",
    "subscription_item": "si",
    "invoice": "in",
    "invoiceitem": "ii",
    "line_item": "il",
    "charge": "ch",
    "payment_intent": "pi",
    "refund": "re",
    "dispute": "dp",
    "balance_transaction": "txn",
    "payout": "po",
    "payment_method": "pm",
    "account": "acct",
    "event": "evt",
    "request": "req",
    "webhook_endpoint": "we",
}


class Change(NamedTuple):
    """One change of one object. `at` is in Unix seconds; `values` are the fields that are new, all of them the first
    time; `event` is what the provider calls it, empty where it tells nobody."""

    at: int
    kind: str
    id: str
    event: str
    values: dict


class Money(NamedTuple):
    """One movement of money. `amount` is in hundredths of `currency`, `settled` in US cents, both with their sign."""

    at: int
    what: str  # charge | refund | dispute | reinstated | fee
    currency: str
    amount: int
    settled: int


class Stretch(NamedTuple):
    """A time [start, end) in which a subscription is worth `amount` hundredths of `currency` a month. `subscription`
    and `household` are production's numbers."""

    start: int
    end: int
    currency: str
    amount: int
    subscription: int
    household: int


class Term(NamedTuple):
    """A subscription from its start to its end, in Unix seconds; NEVER where it runs."""

    start: int
    end: int


@dataclass
class Facts:
    """Filled by the other modules. What has not happened by the world's end is not taken in."""

    seed: int
    changes: list[Change] = field(default_factory=list)
    money: list[Money] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    # When it happened, when it may be paid out, the balance transaction, US cents.
    settled: list[tuple[int, int, str, int]] = field(default_factory=list)

    def id(self, kind: str, *key) -> str:
        """The same id for the same thing in the same world."""
        return identity(self.seed, kind, *key)

    def tell(self, at: int, kind: str, id: str, event: str, **values) -> None:
        """Something changes at a moment."""
        if at < SHAPE.now:
            self.changes.append(Change(at, kind, id, event, values))

    def move(self, at: int, what: str, currency: str, amount: int, settled: int) -> None:
        """Money moves at a moment."""
        if at < SHAPE.now:
            self.money.append(Money(at, what, currency, amount, settled))

    def in_order(self) -> None:
        """Oldest first; what happened in the same second stays as it was told."""
        self.changes.sort(key=lambda change: change.at)
        self.money.sort(key=lambda money: money.at)


def identity(seed: int, kind: str, *key) -> str:
    """An id in the provider's form: a prefix and 24 hex digits, 14 for customers."""
    digest = blake2b("|".join(map(str, (seed, kind, *key))).encode(), digest_size=12).hexdigest()
    return f"{PREFIXES[kind]}_{digest[:14] if kind == 'customer' else digest}"


@contextmanager
def uncollected():
    """Without the collector of cycles,
    which would look through half a million new objects again and again, none of them garbage."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
