"""The closed codec between the examiner, who runs the tests, and the candidate, who runs the student's code.

Plain values travel by value: what Python and the libraries of `autograders.grading.libraries` make, and what the
services that a lab is graded with hand out. Anything else travels as a reference to an object that stays where it is.
Nothing that arrives is ever executed or unpickled, so the examiner may read whatever a hostile candidate sends: the
worst is a value, or ValueError.
"""

import datetime
import decimal
import fractions
import importlib
import pathlib
import uuid
from collections import ChainMap, UserDict, deque, namedtuple
from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any

import msgpack

from autograders.grading import libraries
from autograders.grading.given import is_given, read_given, write_given
from autograders.grading.held import Held, asked_of, base_of
from autograders.grading.plain import NATIVE, all_native, checked, zone_in, zone_out

MAX_DEPTH = 100
_handles: set[str] = set()  # the classes of services, as "module:Class", whose objects are handed to answers


def register_handles(classes: Iterable[str]) -> None:
    """Have objects of these classes, which have `as_handle` and `from_handle`,
    travel to the candidate (see `environments.grading_needs`)."""
    _handles.update(classes)


class Codec:
    """Values to bytes and back. `lend` describes, as plain data, an object that stays here; `borrow` makes what stands
    for one that stays there; `hold` makes what stands for an object that is a plain value as well. Where `takes_ours`,
    as with the candidate, the course's own handles and functions may arrive; only the other end sends them."""

    def __init__(self, lend: Callable[[Any], dict], borrow: Callable[[dict], Any], takes_ours: bool = False,
                 hold: Callable[[dict, list, Any], Any] = lambda about, asked, value: value):
        self.lend, self.borrow, self.takes_ours, self.hold = lend, borrow, takes_ours, hold

    def encode(self, value) -> bytes:
        return msgpack.packb(self._out(value, 0), unicode_errors="surrogatepass")

    def encode_value(self, value) -> bytes:
        """An object of a class that extends a plain type, as a value of that type alone."""
        return msgpack.packb(
            _base_writer(value)(value, lambda part: self._out(part, 1)), unicode_errors="surrogatepass"
        )

    def by_value(self, value) -> bool:
        """Whether a value of this kind travels by value; it is lent only where it stands too deep within others."""
        return type(value) in NATIVE or _writer(value) is not None or _is_handle(value)

    def decode(self, data: bytes):
        """Raises ValueError for bytes that no codec of ours wrote."""
        try:
            return self._in(msgpack.unpackb(data, unicode_errors="surrogatepass", strict_map_key=False), 0)
        except ValueError:
            raise
        except Exception as e:  # hostile bytes may break any constructor: all the same to the reader
            raise ValueError(f"not a value: {type(e).__name__}") from None

    # Out

    def _out(self, value, depth: int):
        kind = type(value)
        if kind in NATIVE:
            return value
        if kind is int:
            return value if -(2**63) <= value < 2**64 else ["int", hex(value)]
        if isinstance(value, Held):
            return ["ref", self.lend(value)]
        if self.takes_ours and depth <= MAX_DEPTH and base_of(value):
            return [
                "held",
                self.lend(value),
                asked_of(kind),
                _base_writer(value)(value, lambda part: self._out(part, depth + 1)),
            ]
        write = _writer(value) or (None if self.takes_ours else _writer_of_ours(value))
        if write is None or depth > MAX_DEPTH:
            return ["ref", self.lend(value)]
        return write(value, lambda part: self._out(part, depth + 1))

    # In

    def _in(self, data, depth: int):
        if type(data) is not list:
            if type(data) is dict:
                raise ValueError("a map without a tag")
            return data
        if not data or depth > MAX_DEPTH + 2:
            raise ValueError("a value without a tag, or one too deep")
        tag, *parts = data
        if tag == "ref":
            return self.borrow(parts[0])
        if tag == "held" and not self.takes_ours:
            about, asked, value = parts
            return self.hold(about, asked, self._in(value, depth + 1))
        if tag in ("handle", "given") and not self.takes_ours:
            raise ValueError("what only the examiner sends")
        return _READERS[tag](lambda part: self._in(part, depth + 1), *parts)


def _writer(value) -> Callable | None:
    kind = type(value)
    return _WRITERS.get(kind) or _of_library(kind) or _base_writer(value)


def _base_writer(value) -> Any:
    return next((write for base, write in _BASES if isinstance(value, base)), None)


def _of_library(kind: type) -> Callable | None:
    library = libraries.BY_PACKAGE.get(kind.__module__.partition(".")[0])
    return library.writer(kind) if library else None


# Collections: in one piece where all that is in them is native

def _write_items(tag: str, base: type):
    def write(value, out):
        items = list(base.__iter__(value))
        return [tag.upper(), items] if all_native(items) else [tag, [out(item) for item in items]]

    return write


def _write_dict(value, out):
    items = list(dict.items(value))
    if all(type(k) is str for k, _ in items) and all_native(v for _, v in items):
        return ["DICT", dict(items)]
    return ["dict", [[out(k), out(v)] for k, v in items]]


def _write_tuple(value, out):
    names = getattr(type(value), "_fields", None)
    items = [out(item) for item in tuple.__iter__(value)]
    if isinstance(names, tuple) and len(names) == len(items) and all(type(n) is str for n in names):
        return ["named", type(value).__name__, list(names), items]
    return ["tuple", items]


def _read_named(read, name, names, items):
    if not (isinstance(name, str) and name.isidentifier()):
        raise ValueError("a bad name")
    return namedtuple(name, names)(*map(read, items))


# Times

def _write_datetime(value, out):
    naive = datetime.datetime.combine(datetime.datetime.date(value), datetime.datetime.time(value))
    return ["datetime", datetime.datetime.isoformat(naive), zone_out(value.tzinfo), value.fold]


def _read_datetime(read, text, zone, fold):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone_in(zone), fold=fold)


# What the course hands to answers: to the candidate only

def _writer_of_ours(value) -> Callable | None:
    return _write_handle if _is_handle(value) else write_given if is_given(value) else None


def _is_handle(value) -> bool:
    return _name_of(type(value)) in _handles


def _name_of(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _write_handle(value, out):
    return ["handle", _name_of(type(value)), *map(out, value.as_handle())]


def _read_handle(read, name, *parts):
    if name not in _handles:
        raise ValueError("no such handle")
    module, _, kind = name.partition(":")
    return getattr(importlib.import_module(module), kind).from_handle(*map(read, parts))


def _dict(value) -> dict:
    if type(value) is not dict:
        raise ValueError("no dict")
    return value


# Which value is written how; a value of a student's own subclass is written as what it extends

_WRITERS = {
    list: _write_items("list", list),
    tuple: _write_tuple,
    dict: _write_dict,
    set: _write_items("set", set),
    frozenset: _write_items("frozenset", frozenset),
    deque: _write_items("deque", deque),
    UserDict: lambda v, out: ["user_dict", out(dict(v.data))],
    ChainMap: lambda v, out: ["chain", [out(dict(layer)) for layer in v.maps]],
    MappingProxyType: lambda v, out: ["proxy", out(dict(v))],
    type({}.keys()): lambda v, out: ["keys", out(list(v))],
    type({}.items()): lambda v, out: ["items", out(list(v))],
    bytearray: lambda v, out: ["bytearray", bytes(v)],
    complex: lambda v, out: ["complex", v.real, v.imag],
    range: lambda v, out: ["range", v.start, v.stop, v.step],
    slice: lambda v, out: ["slice", out(v.start), out(v.stop), out(v.step)],
    type(...): lambda v, out: ["dots"],
    decimal.Decimal: lambda v, out: ["decimal", decimal.Decimal.__str__(v)],
    fractions.Fraction: lambda v, out: ["fraction", hex(v.numerator), hex(v.denominator)],
    datetime.datetime: _write_datetime,
    datetime.date: lambda v, out: ["date", datetime.date.isoformat(v)],
    datetime.time: lambda v, out: ["time", v.replace(tzinfo=None).isoformat(), zone_out(v.tzinfo)],
    datetime.timedelta: lambda v, out: ["timedelta", v.days, v.seconds, v.microseconds],
    uuid.UUID: lambda v, out: ["uuid", v.hex],
    pathlib.PosixPath: lambda v, out: ["path", str(v)],
}

_BASES = [
    (int, lambda v, out: out(int.__add__(v, 0))),
    (float, lambda v, out: out(float.__add__(v, 0.0))),
    (str, lambda v, out: str.__getitem__(v, slice(None))),
    (bytes, lambda v, out: bytes.__getitem__(v, slice(None))),
    *(
        (kind, _WRITERS[kind])
        for kind in (
            list,
            tuple,
            dict,
            set,
            frozenset,
            deque,
            UserDict,
            decimal.Decimal,
            datetime.datetime,
            datetime.date,
            datetime.timedelta,
        )
    ),
]

_READERS: dict[str, Callable] = {
    "int": lambda read, text: int(text, 16),
    "LIST": lambda read, items: checked(items),
    "list": lambda read, items: [read(i) for i in items],
    "tuple": lambda read, items: tuple(read(i) for i in items),
    "named": _read_named,
    "DICT": lambda read, items: dict(zip(items, checked(list(items.values())), strict=True)),
    "dict": lambda read, items: {read(k): read(v) for k, v in items},
    "SET": lambda read, items: set(checked(items)),
    "set": lambda read, items: {read(i) for i in items},
    "FROZENSET": lambda read, items: frozenset(checked(items)),
    "frozenset": lambda read, items: frozenset(map(read, items)),
    "DEQUE": lambda read, items: deque(checked(items)),
    "deque": lambda read, items: deque(map(read, items)),
    "user_dict": lambda read, held: UserDict(_dict(read(held))),
    "chain": lambda read, maps: ChainMap(*(_dict(read(layer)) for layer in maps)),
    "proxy": lambda read, held: MappingProxyType(_dict(read(held))),
    "keys": lambda read, keys: dict.fromkeys(read(keys)).keys(),
    "items": lambda read, items: dict(read(items)).items(),
    "bytearray": lambda read, data: bytearray(data),
    "complex": lambda read, real, imag: complex(real, imag),
    "range": lambda read, *ends: range(*ends),
    "slice": lambda read, *ends: slice(*map(read, ends)),
    "dots": lambda read: ...,
    "decimal": lambda read, text: decimal.Decimal(text),
    "fraction": lambda read, over, under: fractions.Fraction(int(over, 16), int(under, 16)),
    "datetime": _read_datetime,
    "date": lambda read, text: datetime.date.fromisoformat(text),
    "time": lambda read, text, zone: datetime.time.fromisoformat(text).replace(tzinfo=zone_in(zone)),
    "timedelta": lambda read, days, seconds, micro: datetime.timedelta(days, seconds, micro),
    "uuid": lambda read, text: uuid.UUID(text),
    "path": lambda read, text: pathlib.Path(text),
    "handle": _read_handle,
    "given": read_given,
}
for _library in libraries.ALL:
    _READERS |= _library.readers
