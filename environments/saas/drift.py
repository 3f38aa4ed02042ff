"""Effects on records: fields renamed, retyped, gone; values changed; records held back or doubled.

`of` is the kind of object meant (Stripe's `object`, else the event's name), wherever in an answer it stands; empty is
every record. `field` may be dotted. `every` is 1 for all of them, or about one in so many, always the same ones.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from environments.saas.bodies import IDS, chosen, inside, place_of
from environments.saas.effects import Rewrite

FORMATS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True)
class FieldRewrite(Rewrite):
    """A field of the records meant."""

    field: str
    of: str = ""
    every: int = 1

    def change(self, records: list[dict]) -> list[dict]:
        for holder, name in self.places(records):
            self.one(holder, name)
        return records

    def places(self, records: list[dict]) -> Iterator[tuple[dict, str]]:
        for record in records:
            for part in inside(record, self.of):
                place = place_of(part, self.field) if chosen(part, self.every) else None
                if place:
                    yield place

    def one(self, holder: dict, name: str) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Rename(FieldRewrite):
    """The field goes by another name."""

    to: str = ""

    def one(self, holder: dict, name: str) -> None:
        holder[self.to] = holder.pop(name)


@dataclass(frozen=True)
class Retype(FieldRewrite):
    """A number comes as text, or what is text as a list of one; null stays null."""

    def one(self, holder: dict, name: str) -> None:
        value = holder[name]
        if value is not None:
            holder[name] = [value] if isinstance(value, str) else str(value)


@dataclass(frozen=True)
class Remove(FieldRewrite):
    """The field is gone."""

    def one(self, holder: dict, name: str) -> None:
        del holder[name]


@dataclass(frozen=True)
class SetValue(FieldRewrite):
    """The field has a value that nobody has seen before."""

    value: object = None

    def one(self, holder: dict, name: str) -> None:
        holder[name] = self.value


@dataclass(frozen=True)
class ShiftTime(FieldRewrite):
    """The field's moment is off by so many seconds: Unix seconds or milliseconds, or a date and time as text."""

    seconds: int = 0

    def one(self, holder: dict, name: str) -> None:
        value = holder[name]
        if isinstance(value, str):
            holder[name] = _shifted(value, self.seconds)
        elif value is not None:
            holder[name] = value + self.seconds * (1000 if value > 10**11 else 1)


@dataclass(frozen=True)
class Withhold(Rewrite):
    """Records are not there yet."""

    of: str = ""
    every: int = 1

    def change(self, records: list[dict]) -> list[dict]:
        return [r for r in records if not (any(True for _ in inside(r, self.of)) and chosen(r, self.every))]


@dataclass(frozen=True)
class Duplicate(Rewrite):
    """Records come twice, one after the other; the second without the insert id where `anonymous`."""

    every: int = 1
    anonymous: bool = False

    def change(self, records: list[dict]) -> list[dict]:
        return [copy for r in records for copy in ([r, self.again(r)] if chosen(r, self.every) else [r])]

    def again(self, record: dict) -> dict:
        twin = copy.deepcopy(record)
        if self.anonymous:
            for place in (twin, twin.get("properties") or {}):
                for name in IDS:
                    place.pop(name, None)
        return twin


def _shifted(text: str, seconds: int) -> str:
    """A moment as text, moved; text in no known form stays."""
    for form in FORMATS:
        try:
            return (datetime.strptime(text, form) + timedelta(seconds=seconds)).strftime(form)
        except ValueError:
            continue
    return text
