"""A student's class that extends list, dict or date: in a test it is what it extends, and what the class adds to it."""

import socket
import textwrap
import threading
from collections import ChainMap, UserDict
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from types import MappingProxyType

import pytest

from autograders.grading.peer import Channel, Peer


class Owner(Peer):
    """The end at which a student's code runs."""

    def __init__(self, channel: Channel, names: dict):
        super().__init__(channel, careful=False)
        self.names = names

    def _done(self, verb, target, arguments, keywords):
        return eval(arguments[0], self.names) if verb == "give" else super()._done(verb, target, arguments, keywords)


@contextmanager
def given(source: str):
    """Asks a notebook with these definitions for the value of an expression."""
    names = {"__name__": "__main__"}
    exec(textwrap.dedent(source), names)
    ours, theirs = socket.socketpair()
    serves = threading.Thread(target=Owner(Channel(theirs), names).serve, daemon=True)
    serves.start()
    try:
        yield (
            lambda expression: (
                Peer.ask(asks, "give", None, (expression,)) if (asks := Peer(Channel(ours), careful=True)) else None
            )
        )
    finally:
        ours.close()
        serves.join(10)
        theirs.close()


@pytest.fixture
def give():
    with given(CLASSES) as ask:
        yield ask


CLASSES = """
from collections import ChainMap, OrderedDict, UserDict, deque, namedtuple
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

class Bucket(list):
    def __init__(self, capacity):
        super().__init__([1] * capacity)
        self.capacity = capacity
    @property
    def left(self):
        return len(self)
    def take(self, n):
        del self[:n]

class Prices(dict):
    def __missing__(self, key):
        return 7
    def startswith(self, text):
        return True

class Named(UserDict):
    def total(self):
        return sum(self.values())

class Day(date):
    def iso(self):
        return self.isoformat()

class Moment(datetime): pass
class Span(timedelta): pass

class Row(NamedTuple):
    id: int
    cents: int
    def dollars(self):
        return self.cents / 100

Plain = namedtuple("Plain", "id cents")

class Text(str):
    def startswith(self, text):
        return True
    def shout(self):
        return self.upper()

class Count(int):
    __eq__ = __lt__ = __gt__ = lambda self, other: True
    __hash__ = int.__hash__
"""


@pytest.mark.parametrize(
    "expression, due",
    [
        ("Bucket(2)", [1, 1]),
        ("Prices(a=1)", {"a": 1}),
        ("Named(a=1)", UserDict(a=1)),
        ("Day(2026, 4, 15)", date(2026, 4, 15)),
        ("Moment(2026, 4, 15, 3, microsecond=7)", datetime(2026, 4, 15, 3, microsecond=7)),
        ("Span(days=2)", timedelta(days=2)),
        ("Row(1, 990)", (1, 990)),
        ("Plain(1, 990)", (1, 990)),
        ("Text('x')", "x"),
        ("Count(3)", 3),
        ("UserDict(a=[1])", UserDict(a=[1])),
        ("ChainMap({'a': 1}, {'b': 2})", ChainMap({"a": 1}, {"b": 2})),
        ("MappingProxyType({'a': 1})", MappingProxyType({"a": 1})),
        ("{'a': 1}.keys()", {"a": 1}.keys()),
        ("{'a': 1}.items()", {"a": 1}.items()),
        ("[Bucket(1), {1: Day(2026, 1, 1)}]", [[1], {1: date(2026, 1, 1)}]),
    ],
)
def test_it_equals_what_it_extends_and_is_of_its_kind(give, expression, due):
    got = give(expression)
    assert (got == due, due == got, isinstance(got, type(due))) == (True, True, True)


@pytest.mark.parametrize(
    "expression, due",
    [
        ("UserDict(a=1)", {"a": 1}),
        ("ChainMap({'a': 1})", {"a": 1}),
        ("MappingProxyType({'a': 1})", {"a": 1}),
        ("Named(a=1)", {"a": 1}),
    ],
)
def test_mappings_equal_the_dict_that_they_show(give, expression, due):
    assert give(expression) == due


@pytest.mark.parametrize("expression, lie", [("Count(3)", 4), ("Text('x')", "y"), ("Prices(a=1)", {"a": 2})])
def test_a_class_has_no_say_in_what_its_values_equal(give, expression, lie):
    assert give(expression) != lie


def test_what_the_class_adds_is_asked_of_the_object(give):
    row, text, day = give("Row(1, 990)"), give("Text('x')"), give("Day(2026, 4, 15)")
    assert (row.dollars(), row.cents, text.shout(), day.iso()) == (9.9, 990, "X", "2026-04-15")


def test_what_the_plain_type_knows_is_not_asked_of_the_class(give):
    assert give("Text('x')").startswith("$1") is False


def test_a_key_that_is_missing_is_the_classs_own_matter(give):
    assert give("Prices(a=1)")["b"] == 7


def test_it_changes_with_the_object(give):
    bucket = give("Bucket(3)")
    bucket.take(2)
    assert (bucket == [1], len(bucket), bucket.left, bucket.capacity) == (True, 1, 1, 3)


def test_what_a_test_changes_is_changed_in_the_object(give):
    bucket = give("Bucket(1)")
    bucket.append(5)
    bucket[0] = 4
    bucket.capacity = 9
    assert (list(bucket), bucket.left, bucket.capacity) == ([4, 5], 2, 9)


def test_it_comes_back_to_the_notebook_as_the_object_it_is(give):
    same = give("[one := Bucket(1), lambda other: other is one]")
    assert same[1](same[0]) is True


def test_its_class_knows_it(give):
    kind, bucket = give("[Bucket, Bucket(1)]")
    assert isinstance(bucket, kind)
