"""Values of a student's own classes that extend a plain type: a class that extends list, dict or date.

In the test they are what they extend, by value: of its kind, and equal to what it equals. What the class adds is asked
of the object itself, and what has become of that is told with each answer. What the plain type knows itself is never
asked: a class could say that it starts with whatever is due.
"""

from collections import UserDict, deque
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

CHANGING = (list, dict, set, deque, UserDict)
BASES = (*CHANGING, tuple, frozenset, int, float, str, bytes, datetime, date, timedelta, Decimal)
# Done to the object, whose value comes back.
CHANGES = (
    "append extend insert remove pop clear sort reverse popitem update setdefault add discard appendleft extendleft "
    "popleft rotate difference_update intersection_update symmetric_difference_update"
).split()
# Special methods that a class may have of its own: none is told what is due.
ASKED = ("len", "bool", "getitem", "iter", "enter", "exit", "call")
NAME = 200  # characters of a class's name


def base_of(value) -> type | None:
    """The plain type that an object of a notebook's own class extends; none for any other object."""
    kind = type(value)
    if kind.__module__ != "__main__" or _is_record(kind):
        return None
    return next((base for base in BASES if issubclass(kind, base)), None)


def asked_of(kind: type) -> list[str]:
    """The special methods that a class in a notebook has of its own."""
    own = {name for base in kind.__mro__ if base.__module__ == "__main__" for name in vars(base)}
    if "__missing__" in own:
        own.add("__getitem__")
    return [verb for verb in ASKED if f"__{verb}__" in own]


def _is_record(kind: type) -> bool:
    """Whether it is a named tuple and nothing more, which travels as one."""
    fields = getattr(kind, "_fields", None)
    return (
        issubclass(kind, tuple)
        and type(fields) is tuple
        and not [
            name
            for base in kind.__mro__
            if base.__module__ == "__main__"
            for name in vars(base)
            if not name.startswith("_") and name not in fields
        ]
    )


class Held:
    """Mixed into a plain type: a value that stands for an object of the other process, its `_remote`."""

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        return self._remote._ask("getattr", name)

    def __setattr__(self, name: str, value) -> None:
        self._remote._ask("setattr", name, value)

    def __reduce_ex__(self, protocol):
        raise TypeError("it stays where it is")


def held(value, remote, asked: list[str]) -> Held:
    """A value that stands for a remote object as well.
    Raises ValueError where it is of no type that a class may extend."""
    base = type(value)
    if base not in BASES and not _is_record(base):
        raise ValueError("no value that a class can extend")
    own = {f"__{verb}__": _asking(verb) for verb in ASKED if verb in asked}
    if base in CHANGING:
        own |= {f"__{verb}__": _asking(verb) for verb in ("setitem", "delitem")}
        own |= {name: property(_of_the_object(name)) for name in CHANGES if hasattr(base, name)}
    made = _made(type(str(remote._about["type"])[:NAME], (Held, base), own), value)
    object.__setattr__(made, "_remote", remote)
    return made


def become(value: Held, now) -> None:
    """Take over what has become of the object. Raises ValueError where it is of another type."""
    base = type(value).__bases__[1]
    if type(now) is not base or base not in CHANGING:
        raise ValueError("it became another kind of thing")
    if base is UserDict:
        object.__setattr__(value, "data", now.data)
        return
    verbs: Any = base  # the base's own, not those that ask the object
    verbs.clear(value)
    (verbs.extend if base in (list, deque) else verbs.update)(value, now)


def _asking(verb: str) -> Callable:
    return lambda self, *arguments, **keywords: self._remote._ask(verb, *arguments, **keywords)


def _of_the_object(name: str) -> Callable:
    return lambda self: self._remote._ask("getattr", name)


def _made(kind: Any, value):
    if isinstance(value, UserDict):
        made = kind.__new__(kind)
        object.__setattr__(made, "data", dict(value.data))
        return made
    if isinstance(value, datetime):
        return kind(*value.timetuple()[:6], value.microsecond, value.tzinfo, fold=value.fold)
    if isinstance(value, date):
        return kind(value.year, value.month, value.day)
    if isinstance(value, timedelta):
        return kind(value.days, value.seconds, value.microseconds)
    return kind(*value) if hasattr(value, "_fields") else kind(value)
