"""The price list (pricing.yaml), checked when it is read, and the arithmetic that its prices need.

    prices = load()
    prices["bigquery_queries"].cost(3)       # Decimal("12.50"): the first TiB is free
    prices["looker_standard"].bounds(1)      # nobody publishes it: two estimates, low and high
    [price.id for price in prices.stale(date.today())]  # to be looked up again before use

Money is Decimal, in the price's currency, for one billing period; nothing is rounded.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

PATH = Path(__file__).parent / "pricing.yaml"
# libyaml's parser where PyYAML was built with it: ten times as fast, and it makes plain values only, too.
SAFELY = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# How old a page may be, and how long ago a page without a date may have been read, before its price is stale.
YEAR, QUARTER = timedelta(days=365), timedelta(days=90)

Roles = Literal["database", "compute", "ingestion", "warehouse", "transformation", "orchestration", "bi", "people"]
Models = Literal["flat", "per_unit", "graduated", "volume", "package"]
Amount = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
Some = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Https = Annotated[str, StringConstraints(pattern=r"^https://[^/\s]+\.[^/\s]+(/\S*)?$")]


class PriceListError(ValueError):
    """The price list cannot be used as it is: two lines, what is wrong and what to do."""


class UnknownPrice(ValueError):
    """The vendor publishes no such price; one line that says whether there is an estimate."""


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tier(Frozen):
    """`amount` a unit, for the units after the tier before, up to and with `up_to` (None: no end)."""

    up_to: Some | None
    amount: Amount


class Estimate(Frozen):
    """What the public says of an amount the vendor does not publish, and where it says so."""

    low: Amount
    high: Amount
    source: Https
    dated: date | None = None
    note: Words

    @model_validator(mode="after")
    def _ordered(self):
        _must(self.low <= self.high, "low must not be more than high")
        return self


class Price(Frozen):
    """One line of the list. `basis` says how far to trust it:
    list      read on the vendor's own page
    copy      read in somebody else's transcript of that page, `via`
    former    stood on the vendor's own page, and does not any more
    reported  the vendor's price as somebody else gives it
    unknown   not published at all

    The parts add up: base + usage, and at least `minimum` once anything is used. Usage is what
    the units beyond `included` cost under `model`:
    flat       `amount`, whatever the quantity, from nothing on
    per_unit   `amount` for each unit, parts of a unit in proportion
    graduated  each unit at the amount of the tier it lies in (marginal, as income tax)
    volume     all units at the amount of the tier that the last of them lies in
    package    `amount` for each `size` units that are begun
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    vendor: Words
    product: Words
    role: Roles
    options: tuple[Literal["A", "B"], ...] = ()
    unit: Words
    model: Models
    amount: Amount | None = None
    base: Amount = Decimal(0)
    included: Amount = Decimal(0)
    minimum: Amount = Decimal(0)
    size: Some | None = None
    tiers: tuple[Tier, ...] = ()
    # Whether a quantity of exactly `up_to` still belongs to the tier; it matters for `volume` only.
    edge: Literal["included", "excluded"] = "included"
    billed: Literal["monthly", "annual"]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    region: Words | None = None
    basis: Literal["list", "copy", "former", "reported", "unknown"]
    source: Https              # the page the price stands on
    via: Https | None = None   # what was read if it was not the page itself
    dated: date | None = None  # the date that the page, or its copy, gives for the price; None: it gives none
    read: date                 # the day on which it was read
    estimate: Estimate | None = None
    not_listed: Words | None = None
    note: Words

    @model_validator(mode="after")
    def _complete(self):
        _check_amounts(self)
        _check_tiers(self)
        _must(self.dated is None or self.dated <= self.read, "dated must not be later than read")
        _must(self.via is None or self.basis != "list", "was read on the vendor's own page, so it has no via")
        _must(self.via is not None or self.basis != "copy", "is a copy, so it needs a via")
        return self

    def cost(self, quantity: int | float | Decimal) -> Decimal:
        """What `quantity` units cost in one billing period, exactly.

        ValueError for a quantity below 0 or no number; UnknownPrice where nobody publishes it.
        """
        if self.basis == "unknown":
            raise UnknownPrice(f"{self.vendor} does not publish {self.product} ({self.id}): {_instead(self)}")
        return self._cost(_quantity(quantity), self.amount)

    def bounds(self, quantity: int | float | Decimal) -> tuple[Decimal, Decimal]:
        """The least and the most that `quantity` units cost; equal where the price is known.

        Errors as cost(); UnknownPrice only where there is no estimate either.
        """
        if self.estimate is None:
            return self.cost(quantity), self.cost(quantity)
        amount = _quantity(quantity)
        return self._cost(amount, self.estimate.low), self._cost(amount, self.estimate.high)

    def monthly(self, quantity: int | float | Decimal) -> Decimal:
        """cost() for a month, a twelfth of it where a year is billed."""
        return self.cost(quantity) / (12 if self.billed == "annual" else 1)

    def stale(self, today: date) -> bool:
        """Whether to look it up again before use: its page is dated more than a year before `today`, or gives no date
        and was read more than 90 days before, or does not show the price any more."""
        old = self.dated < today - YEAR if self.dated else self.read < today - QUARTER
        return old or self.basis == "former"

    def _cost(self, quantity: Decimal, amount: Decimal | None) -> Decimal:
        usage = _USAGE[self.model](self, max(quantity - self.included, Decimal(0)), amount)
        return max(self.base + usage, self.minimum if quantity else Decimal(0))


class PriceList(Frozen):
    """Every price, in the order of the file."""

    prices: tuple[Price, ...]

    @model_validator(mode="after")
    def _each_once(self):
        ids = [price.id for price in self.prices]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        _must(not twice, f"each id must be there once: {', '.join(twice)}")
        return self

    def __getitem__(self, id: str) -> Price:
        """The price with this id. KeyError names the ones nearest to it."""
        for price in self.prices:
            if price.id == id:
                return price
        like = [p.id for p in self.prices if p.id.split("_")[0] == str(id).split("_")[0]]
        raise KeyError(f"no price {id!r}; there are {', '.join(like or (p.id for p in self.prices))}")

    def __iter__(self) -> Iterator[Price]:  # pyrefly: ignore[bad-override]  # pydantic's own walks through fields
        return iter(self.prices)

    def __len__(self) -> int:
        return len(self.prices)

    def of(self, **fields) -> list[Price]:
        """The prices whose fields have these values: `of(role="bi", vendor="Metabase")`."""
        return [p for p in self.prices if all(getattr(p, f) == value for f, value in fields.items())]

    def stale(self, today: date) -> list[Price]:
        """The prices to look up again before use; Price.stale() says which."""
        return [price for price in self.prices if price.stale(today)]


def load(path: Path | str = PATH) -> PriceList:
    """The price list in that file. PriceListError, in two lines, where it is missing or wrong."""
    path = Path(path)
    try:
        return _listed(path, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _broken(path, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise _broken(path, f"is not YAML: {' '.join(str(error).split())}") from None


@lru_cache(maxsize=1)  # nobody can change it, and to check it takes as long as a small exercise
def _listed(path: Path, text: str) -> PriceList:
    entries = _entries(path, text)
    try:
        return PriceList.model_validate({"prices": entries})
    except ValidationError as error:
        raise _broken(path, _first(error, entries)) from None


def _entries(path: Path, text: str) -> list:
    try:
        entries = yaml.load(text, SAFELY)
    except yaml.YAMLError as error:
        raise _broken(path, f"is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(entries, list) or not entries:
        raise _broken(path, "must hold a list of prices, each beginning with '- id:'")
    return entries


def _broken(path: Path, what: str) -> PriceListError:
    return PriceListError(f"{path.name}: {what}\nFix the file, or take it back from the course repository.")


def _first(error: ValidationError, entries: list) -> str:
    """The first thing that is wrong, with the entry's id and the field it is in."""
    found = error.errors()[0]
    where, message = found["loc"][1:], found["msg"].removeprefix("Value error, ")
    if not where:
        return message
    number = int(where[0])
    entry, nameless = entries[number], f"entry {number + 1}"
    name = entry.get("id", nameless) if isinstance(entry, dict) else nameless
    return ": ".join(filter(None, (str(name), ".".join(map(str, where[1:])), message)))


def _must(holds: bool, else_say: str) -> None:
    if not holds:
        raise ValueError(else_say)


def _check_amounts(price: Price) -> None:
    unknown, tiered = price.basis == "unknown", price.model in ("graduated", "volume")
    _must((price.amount is None) == (unknown or tiered), "needs an amount, unless it is unknown or has tiers")
    _must(bool(price.tiers) == (tiered and not unknown), "needs tiers if graduated or volume, and only then")
    _must((price.size is None) == (price.model != "package"), "needs a size if sold in packages, and only then")
    _must(price.estimate is None or unknown, "has an estimate although its price is known")


def _check_tiers(price: Price) -> None:
    ends = [tier.up_to for tier in price.tiers]
    closed = [end for end in ends[:-1] if end is not None]
    _must(not ends or ends[-1] is None, "the last tier must be open: up_to: null")
    _must(len(closed) == len(ends[:-1]), "only the last tier may be open")
    _must(all(a < b for a, b in pairwise(closed)), "each tier must end above the one before it")


def _instead(price: Price) -> str:
    return "use bounds(), there is an estimate" if price.estimate else "ask their sales"


def _quantity(given) -> Decimal:
    """As a Decimal, a float by its shortest digits: 0.1 is a tenth."""
    if isinstance(given, bool) or not isinstance(given, (int, float, Decimal)):
        raise ValueError(f"quantity must be a number of 0 or more, not {given!r}")
    quantity = Decimal(str(given))
    if not quantity.is_finite() or quantity < 0:
        raise ValueError(f"quantity must be a number of 0 or more, not {given!r}")
    return quantity


def _flat(price, units, amount):
    return amount


def _per_unit(price, units, amount):
    return units * amount


def _graduated(price, units, amount):
    total, start = Decimal(0), Decimal(0)
    for tier in price.tiers:
        end = units if tier.up_to is None else min(units, tier.up_to)
        total += max(end - start, Decimal(0)) * tier.amount
        start = end
    return total


def _volume(price, units, amount):
    for tier in price.tiers:
        if tier.up_to is None or units < tier.up_to or (units == tier.up_to and price.edge == "included"):
            return units * tier.amount


def _package(price, units, amount):
    whole, rest = divmod(units, price.size)
    return (whole + bool(rest)) * amount


_USAGE = {"flat": _flat, "per_unit": _per_unit, "graduated": _graduated, "volume": _volume, "package": _package}
