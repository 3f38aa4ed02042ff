"""The closed codec between the examiner, who runs the tests, and the candidate, who runs the student's code.

Plain values travel by value: what Python, numpy, pandas and Arrow make, and the course's own servers. Anything else
travels as a reference to an object that stays where it is. Nothing that arrives is ever executed or unpickled, so the
examiner may read whatever a hostile candidate sends: the worst is a value, or ValueError.
"""

import datetime
import decimal
import fractions
import importlib
import pathlib
import re
import sys
import uuid
from collections import defaultdict, deque, namedtuple
from collections.abc import Callable, Collection
from functools import partial
from types import FunctionType
from typing import Any

import msgpack

DEEPEST = 100
NATIVE = {type(None), bool, float, str, bytes}
NUMPY = re.compile(r"[<>|=][biufcSUMm]\d+(\[\d*\w+\])?")
GIVEN = re.compile(r"autograders\.checks\.(lab_\d\d)\.callables")  # a lab's functions that its checks give away
NULLABLE = re.compile(r"U?Int(8|16|32|64)|Float(32|64)|boolean|string")


class Codec:
    """Values to bytes and back. `lend` describes, as plain data, an object that stays here; `borrow` makes what stands
    for one that stays there. Where `takes_ours`, as with the candidate, the course's own servers and functions may
    arrive; only the other end sends them."""

    def __init__(self, lend: Callable[[Any], dict], borrow: Callable[[dict], Any], takes_ours: bool = False):
        self.lend, self.borrow, self.takes_ours = lend, borrow, takes_ours

    def encode(self, value) -> bytes:
        return msgpack.packb(self._out(value, 0), unicode_errors="surrogatepass")

    def by_value(self, value) -> bool:
        """Whether a value of this kind travels by value; it is lent only where it stands too deep within others."""
        return type(value) in NATIVE or _writer(value) is not None

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
        write = _writer(value)
        if write is None and not self.takes_ours and _is_given(value):
            return _write_given(value, lambda part: self._out(part, depth + 1))
        if write is None or depth > DEEPEST:
            return ["ref", self.lend(value)]
        return write(value, lambda part: self._out(part, depth + 1))

    # In

    def _in(self, data, depth: int):
        if type(data) is not list:
            if type(data) is dict:
                raise ValueError("a map without a tag")
            return data
        if not data or depth > DEEPEST + 2:
            raise ValueError("a value without a tag, or one too deep")
        tag, *parts = data
        if tag == "ref":
            return self.borrow(parts[0])
        if tag in ("server", "given") and not self.takes_ours:
            raise ValueError("what only the examiner sends")
        return _READERS[tag](lambda part: self._in(part, depth + 1), *parts)


def _writer(value) -> Callable | None:
    kind = type(value)
    return _WRITERS.get(kind) or _science(kind) or next((w for base, w in _BASES if isinstance(value, base)), None)


# Collections: in one piece where all that is in them is native

def _all_native(values) -> bool:
    return NATIVE.issuperset(map(type, values))


def _write_items(tag: str, base: type[Collection]):
    def write(value, out):
        items = list(base.__iter__(value))
        return [tag.upper(), items] if _all_native(items) else [tag, [out(item) for item in items]]

    return write


def _write_dict(value, out):
    items = list(dict.items(value))
    if all(type(k) is str for k, _ in items) and _all_native(v for _, v in items):
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


# Numbers, times and the like

def _write_ndarray(value, out):
    if NUMPY.fullmatch(value.dtype.str):
        return ["array", value.dtype.str, list(value.shape), value.tobytes()]
    items = value.ravel().tolist()
    if _all_native(items):
        return ["OBJECTS", list(value.shape), items]
    return ["objects", list(value.shape), [out(item) for item in items]]


def _read_array(read, dtype, shape, data):
    import numpy as np

    return np.frombuffer(data, _dtype(dtype)).reshape(shape).copy()


def _read_objects(read, shape, items):
    import numpy as np

    flat = np.empty(len(items), dtype=object)
    flat[:] = [read(item) for item in items] if read else _checked(items)
    return flat.reshape(shape)


def _dtype(text: str):
    import numpy as np

    if not NUMPY.fullmatch(text):
        raise ValueError(f"no such type of number: {text!r:.40}")
    return np.dtype(text)


def _zone_out(zone) -> str | int | None:
    """The name of a time zone, with the library that pandas takes it from where that is not Python's; or its offset in seconds."""
    if zone is None:
        return None
    if type(name := getattr(zone, "zone", None)) is str:
        return f"pytz:{name}"
    return zone.key if type(getattr(zone, "key", None)) is str else int(zone.utcoffset(None).total_seconds())


def _zone_in(zone):
    from zoneinfo import ZoneInfo

    if type(zone) is str and zone.startswith("pytz:"):
        import pytz

        return pytz.timezone(zone.removeprefix("pytz:"))
    if zone is None or type(zone) is str:
        return zone and ZoneInfo(zone)
    return datetime.timezone(datetime.timedelta(seconds=zone)) if zone else datetime.UTC


def _write_datetime(value, out):
    return ["datetime", value.replace(tzinfo=None).isoformat(), _zone_out(value.tzinfo), value.fold]


def _read_datetime(read, text, zone, fold):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=_zone_in(zone), fold=fold)


# pandas

def _write_frame(value, out):
    return ["frame", out(value.columns), out(value.index), [_column_out(held, out) for held in value._iter_column_arrays()]]


def _read_frame(read, columns, index, data):
    """Of blocks, as pyarrow makes its frames: pandas' constructor looks through every column for what it could be, which
    takes long, and turns objects into times. From pandas 3 on it is `pandas.api.internals.create_dataframe_from_blocks`."""
    import numpy as np
    import pandas as pd
    from pandas.core.internals import BlockManager
    from pandas.core.internals.api import make_block

    blocks, alike = [], defaultdict(list)
    for number, column in enumerate(data):
        if column[0] == "array":
            alike[column[1]].append(number)
        else:
            blocks.append(make_block(_rows(_column_in(column, read)), [number]))
    for dtype, numbers in alike.items():
        together = np.frombuffer(b"".join(data[n][3] for n in numbers), _dtype(dtype)).reshape(len(numbers), -1)
        blocks.append(make_block(_rows(together.copy()), numbers))
    axes = [read(columns), read(index)]
    if not all(isinstance(axis, pd.Index) for axis in axes):
        raise ValueError("no index")
    return pd.DataFrame._from_mgr(BlockManager(blocks, axes), axes)


def _rows(column):
    """One or more columns as the rows of a block. Raises ValueError for what no frame holds."""
    import numpy as np
    from pandas.api.extensions import ExtensionArray

    if isinstance(column, np.ndarray) and column.dtype.kind not in "SU":
        return np.atleast_2d(column)
    if not isinstance(column, ExtensionArray):
        raise ValueError("no column")
    return column


def _write_series(value, out):
    return ["series", out(value.name), out(value.index), _column_out(value, out)]


def _read_series(read, name, index, data):
    import pandas as pd

    values = _column_in(data, read)
    return pd.Series(values, index=read(index), name=read(name), dtype=values.dtype)


def _column_out(value, out):
    """The values of a Series, an Index or what a frame holds as a column, with what it takes to make their type again."""
    import numpy as np
    import pandas as pd

    dtype = value.dtype
    if isinstance(dtype, np.dtype):
        return _write_ndarray(np.asarray(value), out)
    held = getattr(value, "array", value)
    if isinstance(dtype, pd.CategoricalDtype):
        return ["category", out(held.codes), out(held.categories), bool(held.ordered)]
    if isinstance(dtype, pd.DatetimeTZDtype):
        naive = pd.DatetimeIndex(value).tz_convert("UTC").tz_localize(None).to_numpy()
        return ["zoned", out(naive), _zone_out(dtype.tz)]
    if NULLABLE.fullmatch(str(dtype)):
        return ["nullable", str(dtype), [None if item is pd.NA else out(_plain(item)) for item in held]]
    return out(value.to_numpy())


def _column_in(data, read):
    import pandas as pd

    if type(data) is list and data and data[0] in ("category", "zoned", "nullable"):
        tag, *parts = data
        if tag == "category":
            return pd.Categorical.from_codes(read(parts[0]), categories=read(parts[1]), ordered=parts[2])
        if tag == "zoned":
            return pd.DatetimeIndex(read(parts[0])).tz_localize("UTC").tz_convert(_zone_in(parts[1])).array
        if NULLABLE.fullmatch(parts[0]):
            return pd.array([pd.NA if item is None else read(item) for item in parts[1]], dtype=parts[0])
        raise ValueError("no such type of column")
    return read(data)


def _plain(item):
    return item.item() if hasattr(item, "item") else item


def _write_index(value, out):
    import pandas as pd

    if isinstance(value, pd.RangeIndex):
        return ["range_index", value.start, value.stop, value.step, out(value.name)]
    if isinstance(value, pd.MultiIndex):
        return ["multi_index", [out(tuple(row)) for row in value], [out(name) for name in value.names]]
    return ["index", _column_out(value, out), out(value.name), getattr(value, "freqstr", None)]


def _read_index(read, data, name, freq):
    import pandas as pd

    values = _column_in(data, read)
    index = pd.Index(values, name=read(name), dtype=values.dtype)
    return type(index)(index, freq=freq) if freq else index


def _read_multi_index(read, rows, names):
    import pandas as pd

    names = [read(name) for name in names]
    if not rows:
        return pd.MultiIndex.from_arrays([[] for _ in names], names=names)
    return pd.MultiIndex.from_tuples([read(row) for row in rows], names=names)


def _pandas(name: str):
    import pandas as pd

    return getattr(pd, name)


def _read_timestamp(read, value, unit, zone):
    stamp = _pandas("Timestamp")(value, unit=unit).as_unit(unit)
    return stamp.tz_localize("UTC").tz_convert(_zone_in(zone)) if zone is not None else stamp


def _read_range_index(read, start, stop, step, name):
    return _pandas("RangeIndex")(start, stop, step, name=read(name))


# Arrow

def _write_table(value, out):
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, value.schema) as writer:
        writer.write_table(value)
    return ["table", sink.getvalue().to_pybytes()]


def _read_table(read, data):
    import pyarrow as pa

    table = pa.ipc.open_stream(data).read_all()
    table.validate(full=True)
    return table


# The course's servers: where they are, and how to log in

def _write_server(value, out):
    return ["server", str(value.runtime.root), value.runtime.name, value.password, out(value.source) if value.source else None]


def _read_server(read, root, name, password, source):
    from environments.embedded import Embedded
    from environments.postgres import Server

    return Server(Embedded(pathlib.Path(root), name), password, source=read(source) if source else None)


# The functions that a lab's checks give away: by lab and name, with the arguments that are theirs already

def _is_given(value) -> bool:
    if type(value) is partial and not value.keywords:
        value = value.func
    return type(value) is FunctionType and GIVEN.fullmatch(str(value.__module__)) is not None \
        and getattr(sys.modules.get(value.__module__), value.__name__, None) is value


def _write_given(value, out):
    function, arguments = (value.func, value.args) if type(value) is partial else (value, ())
    return ["given", function.__module__.split(".")[-2], function.__name__, *map(out, arguments)]


def _read_given(read, lab, name, *arguments):
    if not GIVEN.fullmatch(module := f"autograders.checks.{lab}.callables"):
        raise ValueError("no such lab")
    value = getattr(importlib.import_module(module), name) if type(name) is str else None
    if value is None or not _is_given(value):
        raise ValueError("no such function")
    return partial(value, *map(read, arguments)) if arguments else value


# Which value is written how; a value of a student's own subclass is written as what it extends

_WRITERS = {
    list: _write_items("list", list),
    tuple: _write_tuple,
    dict: _write_dict,
    set: _write_items("set", set),
    frozenset: _write_items("frozenset", frozenset),
    deque: _write_items("deque", deque),
    bytearray: lambda v, out: ["bytearray", bytes(v)],
    complex: lambda v, out: ["complex", v.real, v.imag],
    range: lambda v, out: ["range", v.start, v.stop, v.step],
    slice: lambda v, out: ["slice", out(v.start), out(v.stop), out(v.step)],
    type(...): lambda v, out: ["dots"],
    decimal.Decimal: lambda v, out: ["decimal", decimal.Decimal.__str__(v)],
    fractions.Fraction: lambda v, out: ["fraction", hex(v.numerator), hex(v.denominator)],
    datetime.datetime: _write_datetime,
    datetime.date: lambda v, out: ["date", v.isoformat()],
    datetime.time: lambda v, out: ["time", v.replace(tzinfo=None).isoformat(), _zone_out(v.tzinfo)],
    datetime.timedelta: lambda v, out: ["timedelta", v.days, v.seconds, v.microseconds],
    uuid.UUID: lambda v, out: ["uuid", v.hex],
    pathlib.PosixPath: lambda v, out: ["path", str(v)],
}

_BASES = [
    (int, lambda v, out: out(int.__add__(v, 0))),
    (float, lambda v, out: out(float.__add__(v, 0.0))),
    (str, lambda v, out: str.__getitem__(v, slice(None))),
    (bytes, lambda v, out: bytes.__getitem__(v, slice(None))),
    *((kind, _WRITERS[kind]) for kind in (list, tuple, dict, set, frozenset, deque, decimal.Decimal)),
]

_READERS: dict[str, Callable] = {
    "int": lambda read, text: int(text, 16),
    "LIST": lambda read, items: _checked(items), "list": lambda read, items: [read(i) for i in items],
    "tuple": lambda read, items: tuple(read(i) for i in items), "named": _read_named,
    "DICT": lambda read, items: dict(zip(items, _checked(list(items.values())), strict=True)),
    "dict": lambda read, items: {read(k): read(v) for k, v in items},
    "SET": lambda read, items: set(_checked(items)), "set": lambda read, items: {read(i) for i in items},
    "FROZENSET": lambda read, items: frozenset(_checked(items)), "frozenset": lambda read, items: frozenset(map(read, items)),
    "DEQUE": lambda read, items: deque(_checked(items)), "deque": lambda read, items: deque(map(read, items)),
    "bytearray": lambda read, data: bytearray(data),
    "complex": lambda read, real, imag: complex(real, imag),
    "range": lambda read, *ends: range(*ends),
    "slice": lambda read, *ends: slice(*map(read, ends)),
    "dots": lambda read: ...,
    "decimal": lambda read, text: decimal.Decimal(text),
    "fraction": lambda read, over, under: fractions.Fraction(int(over, 16), int(under, 16)),
    "datetime": _read_datetime,
    "date": lambda read, text: datetime.date.fromisoformat(text),
    "time": lambda read, text, zone: datetime.time.fromisoformat(text).replace(tzinfo=_zone_in(zone)),
    "timedelta": lambda read, days, seconds, micro: datetime.timedelta(days, seconds, micro),
    "uuid": lambda read, text: uuid.UUID(text),
    "path": lambda read, text: pathlib.Path(text),
    "array": _read_array, "objects": _read_objects,
    "OBJECTS": lambda read, shape, items: _read_objects(None, shape, items),
    "scalar": lambda read, dtype, data: _read_array(read, dtype, [1], data)[0],
    "frame": _read_frame, "series": _read_series, "index": _read_index,
    "range_index": _read_range_index, "multi_index": _read_multi_index,
    "timestamp": _read_timestamp,
    "duration": lambda read, value, unit: _pandas("Timedelta")(value, unit=unit).as_unit(unit),
    "NaT": lambda read: _pandas("NaT"), "NA": lambda read: _pandas("NA"),
    "table": _read_table,
    "server": _read_server, "given": _read_given,
    "polynomial": lambda read, coefficients: _polynomial(read(coefficients)),
}


def _checked(items: list) -> list:
    if not _all_native(items):
        raise ValueError("a collection said to be native that is not")
    return items


def _polynomial(coefficients):
    import numpy as np

    if not isinstance(coefficients, np.ndarray) or coefficients.ndim != 1 or coefficients.dtype.kind not in "iufc":
        raise ValueError("no coefficients")
    return np.poly1d(coefficients)


def _science(kind: type):
    """How a value of a heavy library is written; those libraries are not imported here for that."""
    package = kind.__module__.partition(".")[0]
    if package == "numpy":
        import numpy as np

        if issubclass(kind, np.generic):
            return lambda v, out: ["scalar", v.dtype.str, v.tobytes()] if NUMPY.fullmatch(v.dtype.str) else out(v.item())
        if kind is np.poly1d:
            return lambda v, out: ["polynomial", out(v.coeffs)]
        return _write_ndarray if kind is np.ndarray else None
    if package == "pandas":
        return _pandas_writer(kind)
    if package == "pyarrow" and kind.__name__ == "Table":
        return _write_table
    if kind.__module__ == "environments.postgres" and kind.__name__ == "Server":
        return _write_server
    return None


def _pandas_writer(kind: type):
    import pandas as pd

    if kind is pd.DataFrame:
        return _write_frame
    if kind is pd.Series:
        return _write_series
    if issubclass(kind, pd.Index) and not issubclass(kind, (pd.IntervalIndex, pd.PeriodIndex)):
        return _write_index
    return {pd.Timestamp: lambda v, out: ["timestamp", v.value if v.unit == "ns" else v._value, v.unit, _zone_out(v.tzinfo)],
            pd.Timedelta: lambda v, out: ["duration", v._value, v.unit],
            type(pd.NaT): lambda v, out: ["NaT"], type(pd.NA): lambda v, out: ["NA"]}.get(kind)
