"""pandas' frames, series, indexes and moments, by public names alone.

A column travels as what it is made of, each in the form of its type. Arrow would carry most of them, but not exactly:
of an object column it takes None, NaN and NaT for one thing, refuses mixed types, and drops an index's frequency. Where
it would do, it saves about 0.1 ms of a frame's 0.4 ms.
"""

import re

from autograders.grading.libraries.numpy import write_array
from autograders.grading.library import Library, Write
from autograders.grading.plain import zone_in, zone_out

NULLABLE = re.compile(r"U?Int(8|16|32|64)|Float(32|64)|boolean|string")


def _writer(kind: type) -> Write | None:
    import pandas as pd

    if kind is pd.DataFrame:
        return _write_frame
    if kind is pd.Series:
        return _write_series
    if issubclass(kind, pd.Index) and not issubclass(kind, (pd.IntervalIndex, pd.PeriodIndex)):
        return _write_index
    return {pd.Timestamp: lambda v, out: ["timestamp", _count(v), v.unit, zone_out(v.tzinfo)],
            pd.Timedelta: lambda v, out: ["duration", _count(v), v.unit],
            type(pd.NaT): lambda v, out: ["NaT"], type(pd.NA): lambda v, out: ["NA"]}.get(kind)


# Frames and series

def _write_frame(value, out) -> list:
    columns = [_column_out(column, out) for _, column in value.items()]
    return ["frame", out(value.columns), out(value.index), columns, *([out(value.attrs)] if value.attrs else [])]


def _read_frame(read, columns, index, data, attrs=None):
    import pandas as pd

    columns, index = read(columns), read(index)
    if not (isinstance(columns, pd.Index) and isinstance(index, pd.Index)) or len(columns) != len(data):
        raise ValueError("no frame")
    frame = pd.DataFrame(
        {number: _as_read(column, read, index) for number, column in enumerate(data)}, index=index, copy=False
    )
    frame.columns = columns
    return _with_attrs(frame, attrs, read)


def _as_read(data, read, index):
    """One column, of the type it had: pandas looks through objects for what they could be, unless told."""
    import numpy as np
    import pandas as pd

    values = _column_in(data, read)
    if (
        not isinstance(values, (np.ndarray, pd.api.extensions.ExtensionArray))
        or values.ndim != 1
        or len(values) != len(index)
        or isinstance(values, np.ndarray)
        and values.dtype.kind in "SU"
    ):
        raise ValueError("no column")
    return pd.Series(values, index=index, dtype=values.dtype, copy=False)


def _write_series(value, out) -> list:
    return [
        "series",
        out(value.name),
        out(value.index),
        _column_out(value, out),
        *([out(value.attrs)] if value.attrs else []),
    ]


def _read_series(read, name, index, data, attrs=None):
    import pandas as pd

    values = _column_in(data, read)
    return _with_attrs(pd.Series(values, index=read(index), name=read(name), dtype=values.dtype), attrs, read)


def _with_attrs(value, attrs, read):
    if attrs is not None:
        value.attrs = read(attrs)
    return value


def _become(value, now) -> None:
    """A frame or series made again of another: so anyone who holds it has what it has become."""
    value.__init__(now)
    value.attrs = now.attrs


# Columns

def _column_out(value, out) -> list:
    """The values of a Series or an Index, with what it takes to make their type again."""
    import numpy as np
    import pandas as pd

    dtype = value.dtype
    if isinstance(dtype, np.dtype):
        return write_array(value.to_numpy(), out)
    if isinstance(dtype, pd.CategoricalDtype):
        held = value.array
        return ["category", out(held.codes), out(held.categories), bool(held.ordered)]
    if isinstance(dtype, pd.DatetimeTZDtype):
        naive = pd.DatetimeIndex(value).tz_convert("UTC").tz_localize(None).to_numpy()
        return ["zoned", out(naive), zone_out(dtype.tz)]
    if NULLABLE.fullmatch(str(dtype)) or _is_text(dtype):
        return [
            "nullable",
            str(dtype),
            [None if missing else out(_plain(item)) for item, missing in zip(value.array, value.isna(), strict=True)],
        ]
    return out(value.to_numpy())


def _column_in(data, read):
    import pandas as pd

    if type(data) is list and data and data[0] in ("category", "zoned", "nullable"):
        tag, *parts = data
        if tag == "category":
            return pd.Categorical.from_codes(read(parts[0]), categories=read(parts[1]), ordered=parts[2])
        if tag == "zoned":
            return pd.DatetimeIndex(read(parts[0])).tz_localize("UTC").tz_convert(zone_in(parts[1])).array
        if parts[0] == "str":
            return pd.array(
                [None if item is None else read(item) for item in parts[1]], dtype=pd.StringDtype(na_value=float("nan"))
            )
        if NULLABLE.fullmatch(parts[0]):
            return pd.array([pd.NA if item is None else read(item) for item in parts[1]], dtype=parts[0])
        raise ValueError("no such type of column")
    return read(data)


def _is_text(dtype) -> bool:
    """Whether it is pandas' type of texts in which NaN is what is missing;
    from pandas 3 on, that of any column of texts."""
    import pandas as pd

    return isinstance(dtype, pd.StringDtype) and str(dtype) == "str"


def _plain(item):
    return item.item() if hasattr(item, "item") else item


# Indexes

def _write_index(value, out) -> list:
    import pandas as pd

    if isinstance(value, pd.RangeIndex):
        return ["range_index", value.start, value.stop, value.step, out(value.name)]
    if isinstance(value, pd.MultiIndex):
        return [
            "multi_index",
            [_column_out(value.get_level_values(n), out) for n in range(value.nlevels)],
            [out(name) for name in value.names],
        ]
    return ["index", _column_out(value, out), out(value.name), getattr(value, "freqstr", None)]


def _read_index(read, data, name, freq):
    import pandas as pd

    values = _column_in(data, read)
    index = pd.Index(values, name=read(name), dtype=values.dtype)
    return type(index)(index, freq=freq) if freq else index


def _read_multi_index(read, levels, names):
    import pandas as pd

    values = [_column_in(level, read) for level in levels]
    return pd.MultiIndex.from_arrays([pd.Index(v, dtype=v.dtype) for v in values], names=[read(name) for name in names])


def _read_range_index(read, start, stop, step, name):
    import pandas as pd

    return pd.RangeIndex(start, stop, step, name=read(name))


# Moments

def _count(value) -> int:
    """How many of its unit a moment, in UTC, or a duration is."""
    return int(value.asm8.astype("i8"))


def _read_timestamp(read, value, unit, zone):
    import pandas as pd

    stamp = pd.Timestamp(value, unit=unit).as_unit(unit)
    return stamp.tz_localize("UTC").tz_convert(zone_in(zone)) if zone is not None else stamp


def _read_duration(read, value, unit):
    import pandas as pd

    return pd.Timedelta(value, unit=unit).as_unit(unit)


def _missing(name: str):
    def read_missing(read):
        import pandas as pd

        return getattr(pd, name)

    return read_missing


# What is slow the first time

def _use_once(shell):
    import pandas as pd

    shell.runs("import pandas\npandas.DataFrame({'a': [1], 'b': ['x']})")
    shell.reset()
    frame = pd.DataFrame({"number": [1.5], "text": ["x"], "time": pd.to_datetime(["2026-11-20"]), "object": [{}]})
    pd.testing.assert_frame_equal(frame, frame)
    frame.to_csv()
    return frame


LIBRARY = Library(
    "pandas",
    writer=_writer,
    mutable={"DataFrame": _become, "Series": _become},
    warm_up=_use_once,
    readers={
        "frame": _read_frame,
        "series": _read_series,
        "index": _read_index,
        "range_index": _read_range_index,
        "multi_index": _read_multi_index,
        "timestamp": _read_timestamp,
        "duration": _read_duration,
        "NaT": _missing("NaT"),
        "NA": _missing("NA"),
    },
)
