"""What travels between examiner and candidate:
plain values as themselves, everything else as a reference, nothing else."""

import collections
import datetime
import decimal
import enum
import fractions
import math
import pathlib
import random
import uuid
from functools import partial
from zoneinfo import ZoneInfo

import msgpack
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from autograders.checks.lab_02 import callables
from autograders.grading.codec import Codec, register_handles
from autograders.grading.peer import _become

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def codec():
    return Codec(lend=lambda value: {"type": type(value).__name__}, borrow=lambda about: ("borrowed", about["type"]))


def there_and_back(codec, value):
    return codec.decode(codec.encode(value))


PLAIN = [
    None,
    True,
    0,
    -1,
    2**70,
    -(2**70),
    1.5,
    math.inf,
    1 + 2j,
    "",
    "text \u00e4 \U0001f35d",
    "\ud800",
    b"\0\xff",
    bytearray(b"x"),
    [],
    [1, "a", None],
    [[1], [2.5]],
    (1, (2,)),
    {},
    {"a": 1},
    {1: "x", (2, 3): [4]},
    {1, 2},
    frozenset("a"),
    range(1, 9, 2),
    slice(1, None),
    ...,
    decimal.Decimal("1.10"),
    fractions.Fraction(1, 3),
    collections.deque([1]),
    uuid.UUID(int=5),
    datetime.date(2026, 11, 20),
    datetime.datetime(2026, 11, 20, 7, 30),
    datetime.datetime(2026, 3, 29, 3, tzinfo=BERLIN),
    datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    datetime.time(7, 30),
    datetime.timedelta(days=-1, seconds=3),
    pathlib.Path("a/b"),
    pd.Timestamp("2026-11-20 07:30"),
    pd.Timestamp("2026-11-20", tz="Europe/Berlin"),
    pd.Timedelta("3h"),
    np.int32(7),
    np.float64(2.5),
    np.bool_(True),
    np.str_("x"),
    np.datetime64("2026-11-20"),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_a_plain_value_comes_back_equal_and_of_its_type(codec, value):
    back = there_and_back(codec, value)
    assert back == value and type(back) is type(value)


def test_what_equals_nothing_comes_back_as_it_is(codec):
    assert math.isnan(there_and_back(codec, math.nan))
    assert there_and_back(codec, pd.NaT) is pd.NaT and there_and_back(codec, pd.NA) is pd.NA


ARRAYS = [np.arange(6).reshape(2, 3), np.array([], dtype="float32"), np.array(["2026-11-20"], dtype="datetime64[D]"),
          np.array([1, "a", None], dtype=object), np.array(["ab", "c"]), np.array(3.5), np.array([[True], [False]])]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda a: f"{a.dtype}{list(a.shape)}")
def test_an_array_comes_back_with_its_type_and_shape(codec, array):
    np.testing.assert_array_equal(back := there_and_back(codec, array), array)
    assert (back.dtype, back.shape) == (array.dtype, array.shape)


def frames():
    moments = pd.date_range("2026-01-01", periods=3, freq="D", name="day")
    yield pd.DataFrame()
    yield pd.DataFrame({"n": [1, 2, 3], "x": [1.5, None, 2], "s": ["a", None, "c"], "b": [True, False, True]})
    yield pd.DataFrame(
        {"t": moments, "z": moments.tz_localize("Europe/Berlin"), "d": pd.to_timedelta([1, 2, 3], unit="h")}
    )
    yield pd.DataFrame(
        {
            "i": pd.array([1, None, 3], dtype="Int64"),
            "c": pd.Categorical(["a", "b", "a"], ordered=True),
            "f": pd.array([1.5, None, 2], dtype="Float32"),
            "t": pd.array(["x", None, "z"], dtype="string"),
        }
    )
    yield pd.DataFrame({"a": [1, 2, 3]}, index=moments)
    yield pd.DataFrame(
        [[1, 2], [3, 4]],
        columns=["same", "same"],
        index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", "n"]),
    )
    yield pd.DataFrame(
        {
            "o": pd.Series(list(moments), dtype=object),
            "e": pd.Series(list(pd.to_timedelta([1, 2, 3], unit="h")), dtype=object),
        },
        index=pd.Index(list(moments), dtype=object),
    )
    yield pd.DataFrame(
        {"n": [1], "x": [0.5], "more": [2], "t": pd.to_datetime(["2026-01-01"]), "s": ["x"], "last": [3]}
    )[:0]
    yield pd.DataFrame(
        {
            "u": np.array([1], "u1"),
            "h": np.array([0.5], "f2"),
            "j": np.array([1j]),
            "s": np.array([7], "M8[s]"),
            "ms": np.array([7], "m8[ms]"),
        }
    )
    yield pd.DataFrame(index=["no", "columns"])
    yield pd.DataFrame({"texts": pd.array(["a", None, "c"], dtype=pd.StringDtype(na_value=math.nan))},
                       index=pd.Index(["x", None, "z"], dtype=pd.StringDtype(na_value=math.nan)))
    yield pd.DataFrame({"mixed": [decimal.Decimal("1.1"), datetime.date(2026, 1, 1), [1, 2]]}, index=["x", "y", "z"])


@pytest.mark.parametrize("frame", list(frames()), ids=lambda f: "-".join(map(str, f.columns)) or "empty")
def test_a_frame_comes_back_with_its_types_index_and_names(codec, frame):
    pd.testing.assert_frame_equal(there_and_back(codec, frame), frame)


def test_a_frame_keeps_what_arrow_would_not_tell_apart(codec):
    held = pd.DataFrame(
        {"o": pd.Series([None, math.nan, pd.NaT, pd.NA, "x", 1], dtype=object), "f": [math.nan, 1, 2, 3, 4, 5]}
    )
    came = there_and_back(codec, held)
    assert [type(value) for value in came.o] == [type(value) for value in held.o] and list(came.dtypes) == list(
        held.dtypes
    )


def test_frames_and_series_keep_what_is_noted_on_them(codec):
    frame, series = pd.DataFrame({"a": [1]}), pd.Series([1], name="a")
    frame.attrs = series.attrs = {"source": "stripe", "rows": 1}
    assert there_and_back(codec, frame).attrs == there_and_back(codec, series).attrs == frame.attrs


def test_the_levels_of_an_index_keep_their_types(codec):
    index = pd.MultiIndex.from_arrays(
        [pd.Categorical(["a", "b"]), np.array([1, 2], dtype="int8"), pd.to_datetime(["2026-01-01", None])],
        names=["c", None, "t"],
    )
    pd.testing.assert_index_equal(there_and_back(codec, index), index, exact=True)


@pytest.mark.parametrize("moment", ["1677-09-21 00:12:43.145224193", "2262-04-11 23:47:16.854775807"])
def test_the_ends_of_time_come_back(codec, moment):
    assert there_and_back(codec, pd.Timestamp(moment)) == pd.Timestamp(moment)
    assert there_and_back(codec, pd.Timestamp(moment[:19]).as_unit("s")).unit == "s"


@pytest.mark.parametrize(
    "before, now",
    [
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": ["x", "y"]}, index=[3, 4])),
        (pd.Series([1], name="a"), pd.Series(["x"], name="b", index=[5])),
        (np.arange(3), np.arange(4).reshape(2, 2)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_argument_becomes_what_it_was_made_there(before, now):
    held = before
    _become(before, now)
    assert held is before and (held.shape, repr(held)) == (now.shape, repr(now))


def test_a_frame_that_came_can_be_changed(codec):
    frame = there_and_back(codec, pd.DataFrame({"a": [1, 2], "s": ["x", "y"], "b": [3, 4]}))
    frame.loc[0, "b"], frame["c"] = 9, frame["s"] + "!"
    del frame["a"]
    pd.testing.assert_frame_equal(
        frame.sort_values("b"), pd.DataFrame({"s": ["y", "x"], "b": [4, 9], "c": ["y!", "x!"]}, index=[1, 0])
    )


def test_what_is_no_frame_is_refused(codec):
    index, numbers = ["range_index", 0, 2, 1, None], ["array", "<i8", [2], bytes(16)]
    names = ["index", ["OBJECTS", [1], ["a"]], None, None]
    codec.decode(msgpack.packb(["frame", names, index, [numbers]]))
    for parts in (
        [names, index, []],
        [names, index, [numbers, numbers]],
        [names, index, [["array", "<i8", [3], bytes(24)]]],
        [names, index, [["array", "<U4", [2], bytes(32)]]],
        [names, index, [["LIST", [1, 2]]]],
        [names, index, [["ref", {}]]],
        [["LIST", ["a"]], index, [numbers]],
        [names, ["LIST", [0, 1]], [numbers]],
        [names, index, numbers],
    ):
        with pytest.raises(ValueError):
            codec.decode(msgpack.packb(["frame", *parts]))


def test_a_series_and_an_arrow_table_come_back(codec):
    for series in (
        pd.Series([1, 2], index=["a", "b"], name="n"),
        pd.Series([pd.Timestamp("2026-11-20")], dtype=object),
    ):
        pd.testing.assert_series_equal(there_and_back(codec, series), series)
    table = pa.table({"a": [1, None], "b": [["x"], []]})
    assert there_and_back(codec, table) == table


class Liar(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Colour(enum.Enum):
    RED = 1


Point = collections.namedtuple("Point", "x y")


def test_a_subclass_of_a_plain_type_loses_what_it_pretends(codec):
    back = there_and_back(codec, Liar(3))
    assert type(back) is int and back != 4


def test_a_named_tuple_keeps_its_names_and_nothing_else(codec):
    back = there_and_back(codec, Point(1, Liar(2)))
    assert (back.x, back.y, back) == (1, 2, (1, 2)) and type(back.y) is int


@pytest.mark.parametrize(
    "value", [object(), Colour.RED, lambda: 1, iter([1]), Exception("x"), type, pd], ids=lambda v: type(v).__name__
)
def test_anything_else_travels_as_a_reference(codec, value):
    assert there_and_back(codec, value) == ("borrowed", type(value).__name__)


def test_a_reference_travels_inside_a_collection(codec):
    assert there_and_back(codec, {"a": [object()]}) == {"a": [("borrowed", "object")]}


def test_what_is_too_deep_travels_as_a_reference(codec):
    deep = []
    for _ in range(300):
        deep = [deep]
    assert "borrowed" in repr(there_and_back(codec, deep))


def test_what_a_check_gives_away_travels_by_name_to_the_candidate_alone():
    examiner, candidate = (
        Codec(lend=lambda value: {"type": "function"}, borrow=lambda about: "borrowed", takes_ours=whose)
        for whose in (False, True)
    )
    assert candidate.decode(examiner.encode([callables.stored])) == [callables.stored]
    assert examiner.decode(candidate.encode([callables.stored])) == ["borrowed"]
    weighted = candidate.decode(examiner.encode(partial(callables.weighted, {"a": 2.0})))
    assert (weighted.func, weighted({"a": 3.0})) == (callables.weighted, 6.0)
    for lent in (partial(callables.weighted, inputs={}), partial(len, []), partial(partial, callables.weighted)):
        assert candidate.decode(examiner.encode(lent)) == "borrowed"
    assert examiner.decode(candidate.encode(partial(callables.weighted, {}))) == "borrowed"

    def product(company):
        return callables.stored(company)

    product.__module__ = callables.__name__
    assert candidate.decode(examiner.encode(product)) == "borrowed"
    for name in ("__builtins__", "nothing", 7, "annotations", "deepcopy"):
        with pytest.raises(ValueError):
            candidate.decode(msgpack.packb(["given", callables.__name__, name]))
    for module in ("os", "autograders.expect", "autograders.checks.nothing.callables", 7):
        with pytest.raises(ValueError):
            candidate.decode(msgpack.packb(["given", module, "stored"]))


def test_a_server_travels_to_the_candidate_alone():
    from environments.embedded import Embedded
    from environments.postgres import Server

    register_handles(["environments.postgres:Server"])
    examiner, candidate = (
        Codec(lambda value: {}, lambda about: "borrowed", takes_ours=whose) for whose in (False, True)
    )
    primary = Server(Embedded(pathlib.Path("/nowhere/primary")), "secret")
    sent = Server(Embedded(pathlib.Path("/nowhere/standby")), "secret", source=primary)
    came = candidate.decode(examiner.encode(sent))
    assert (came.name, came.password, came.source.data) == ("standby", "secret", primary.data)
    assert examiner.decode(candidate.encode(sent)) == "borrowed"
    with pytest.raises(ValueError, match="only the examiner"):
        examiner.decode(examiner.encode(sent))


def test_a_polynomial_travels_by_value(codec):
    came = there_and_back(codec, np.poly1d([2.0, 0, 1]))
    assert (type(came), came(3)) == (np.poly1d, 19.0)


def test_nothing_is_unpickled_or_looked_up_by_name(codec):
    for hostile in (
        ["array", "|O8", [1], b"x" * 8],
        ["nosuch", 1],
        ["scalar", "<i8", b""],
        ["nullable", "object", []],
        {"a": 1},
        [],
        ["series", None, None, ["nullable", "category", [1]]],
        ["named", "x y", ["class"], [1]],
        ["LIST", [["ref", {}]]],
        ["handle", "environments.postgres:Server", "/", "primary", "password", None],
        ["given", "autograders.checks.lab_02.callables", "stored"],
        ["polynomial", ["LIST", ["x"]]],
        ["frame"],
        ["index", 1, None, "nonsense"],
    ):
        with pytest.raises(ValueError):
            codec.decode(msgpack.packb(hostile))


def test_random_bytes_are_a_value_or_a_value_error(codec):
    chance = random.Random(2026)
    good = codec.encode([{"a": (1, 2.5, "x")}, np.arange(3), pd.DataFrame({"a": [1]})])
    for _ in range(2000):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            codec.decode(bytes(data[:chance.randint(1, len(data))]))
        except ValueError:
            pass
