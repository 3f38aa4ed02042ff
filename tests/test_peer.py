"""Iterators that one process lends the other: what is taken of them, and when."""

import itertools
import socket
import threading
from contextlib import contextmanager

import pytest

from autograders.expect import StillRunning
from autograders.grading.deadline import Deadline
from autograders.grading.peer import Channel, Peer
from tests.waits import HANG


class Owner(Peer):
    """The end that lends."""

    def __init__(self, channel: Channel, thing):
        super().__init__(channel, careful=False)
        self.thing, self.asked = thing, []

    def _done(self, verb, target, arguments, keywords):
        self.asked.append(verb)
        return self.thing() if verb == "give" else super()._done(verb, target, arguments, keywords)


@contextmanager
def lent(thing):
    """What a function gives in another process, as it is here, and its owner."""
    ours, theirs = socket.socketpair()
    owner = Owner(Channel(theirs), thing)
    serves = threading.Thread(target=owner.serve, daemon=True)
    serves.start()
    try:
        asks = Peer(Channel(ours), careful=True)
        yield asks.ask("give"), owner, asks
    finally:
        ours.close()
        serves.join(HANG)
        theirs.close()


class Restless:
    """Goes on after it said that it has ended."""

    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n % 3 == 0:
            raise StopIteration
        return self.n


def changing():
    row = [0]
    for n in range(5):
        row[0] = n
        yield row


def broken():
    yield 1
    yield 2
    raise TypeError("no third")


@pytest.mark.parametrize("take", [list, tuple, sorted, lambda it: [*it], lambda it: [0].extend(it)])
def test_who_takes_all_gets_all(take):
    with lent(lambda: (n for n in range(50))) as (numbers, _, _):
        assert take(numbers) == take(n for n in range(50))


@pytest.mark.parametrize(
    "kind", [changing, Restless, lambda: iter([]), lambda: iter(["x" * 100_000] * 3), lambda: map(str, range(3))]
)
def test_they_are_what_they_were_when_they_came(kind):
    with lent(kind) as (items, _, _):
        here = kind()
        assert [list(items) for _ in range(3)] == [[*map(copied, here)] for _ in range(3)]


def copied(item):
    return list(item) if type(item) is list else item


@pytest.mark.parametrize("take", [list, lambda it: [next(it), *it], lambda it: [item for item in it]])
def test_an_error_between_them_is_raised(take):
    with lent(broken) as (items, _, _), pytest.raises(TypeError, match="no third"):
        take(items)


@pytest.mark.parametrize(
    "take", [next, lambda it: [item for item, _ in zip(it, "ab", strict=False)], lambda it: [*itertools.islice(it, 2)]]
)
def test_who_takes_some_has_no_more_made(take):
    made = []
    count = lambda: (made.append(n) or n for n in itertools.count())  # noqa: E731
    with lent(count) as (numbers, _, _):
        assert take(numbers) == take(itertools.count())
    assert len(made) <= 3


def test_what_has_no_end_is_still_running():
    with lent(itertools.count) as (numbers, _, asks):
        asks.deadline = Deadline(0.2)
        with pytest.raises(StillRunning):
            list(numbers)
