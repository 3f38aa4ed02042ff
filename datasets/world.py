"""Teaspoon's world: seven tables from two numbers, and the truth about them.

    world = World(seed=7, households=2000)
    world.tables()["orders"]          # a frame, as production holds it
    world.revenue_cents("2026-06")    # what any mart must find, to the cent
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from numbers import Integral

import numpy as np
import pandas as pd

from datasets import entities
from datasets.shape import NEVER, SHAPE
from datasets.stream import RandomStream

LAUNCH = datetime.fromtimestamp(SHAPE.launch, UTC)
NOW = datetime.fromtimestamp(SHAPE.now, UTC)
EARNS = ("paid", "delivered")  # the statuses of an order that count as revenue


@dataclass(frozen=True)
class World:
    """Everything that happened at Teaspoon from LAUNCH to NOW, UTC.

    `households` is how many signed up; the rest follows (20 to 25 orders each, 3 lines an order).
    ValueError when either is not a whole number of 1 or more.
    """

    seed: int = 7
    households: int = 2000

    def __post_init__(self):
        for name, value in vars(self).items():
            if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name} must be a whole number of 1 or more, not {value!r}")

    def stream(self, name: str) -> RandomStream:
        """This world's draws for one entity; a new name never disturbs another's."""
        return RandomStream(int(self.seed), name)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Copies of the seven tables by name, parents first.

        Ids and cents are int64, moments are datetime64[ns, UTC] (NaT: not yet), words are str
        (None: unknown).
        """
        return {name: frame.assign(**{c: _moments(frame[c]) for c in map(str, frame) if c.endswith("_at")})
                for name, frame in self._frames.items()}

    def checksum(self) -> str:
        """64 hex digits over names, order and values of every table."""
        digest = hashlib.sha256()
        for name, frame in self._frames.items():
            for column in frame:
                digest.update(f"{name}.{column}\n".encode() + _bytes(frame[column]))
        return digest.hexdigest()

    def revenue_by_month(self) -> dict[str, int]:
        """US cents by month, "2024-07" to "2026-06": the totals of the orders placed in it (UTC)
        that are paid or delivered. Subscription fees are not in it."""
        earned = self._orders[self._orders["status"].isin(EARNS)]
        by_month = earned["total_cents"].groupby(earned["month"]).sum()
        return {month: int(by_month.get(month, 0)) for month in _months()}

    def revenue_cents(self, month: str) -> int:
        """One month of revenue_by_month(); ValueError outside the world's months."""
        return self.revenue_by_month()[_known(month)]

    def orders_count(self, month: str | None = None) -> int:
        """Orders of any status, ever or placed in one month; ValueError as revenue_cents()."""
        if month is None:
            return len(self._orders)
        return int((self._orders["month"] == _known(month)).sum())

    def active_subscriptions(self) -> int:
        """Subscriptions that have not ended by NOW."""
        return int((self._frames["subscriptions"]["ended_at"] == NEVER).sum())

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        plans, recipes = entities.plans(), entities.recipes(self.stream("recipes"))
        households = entities.households(self.stream("households"), self.households)
        people = entities.people(self.stream("people"), households)
        subscriptions = entities.subscriptions(self.stream("subscriptions"), households)
        visits = entities.visits(self.stream("visits"), households, subscriptions)
        items = entities.order_items(self.stream("order_items"), visits, recipes)
        orders = entities.orders(self.stream("orders"), visits, items)
        return {"plans": plans, "recipes": recipes, "households": households, "people": people,
                "subscriptions": subscriptions, "orders": orders, "order_items": items}

    @cached_property
    def _orders(self) -> pd.DataFrame:
        orders = self._frames["orders"]
        month = orders["placed_at"].to_numpy().astype("datetime64[s]").astype("datetime64[M]")
        return orders.assign(month=month.astype(str))


def _months() -> list[str]:
    return np.arange(f"{LAUNCH:%Y-%m}", f"{NOW:%Y-%m}", dtype="datetime64[M]").astype(str).tolist()


def _known(month: str) -> str:
    months = _months()
    if month not in months:
        raise ValueError(f"month must be {months[0]} to {months[-1]}, not {month!r}")
    return month


def _moments(seconds: pd.Series) -> pd.Series:
    """Whole seconds as moments; never by way of floats, in which pandas overflows for some columns."""
    moments = seconds.to_numpy().astype("datetime64[s]")
    moments[seconds.to_numpy() == NEVER] = np.datetime64("NaT")
    return pd.Series(moments.astype("datetime64[ns]"), index=seconds.index).dt.tz_localize("UTC")


def _bytes(column: pd.Series) -> bytes:
    """The same bytes on every platform; unit separators keep neighbours apart."""
    if column.dtype == object:
        return "\x1f".join("\0" if word is None else word for word in column).encode()
    return column.to_numpy().astype("<i8").tobytes()
