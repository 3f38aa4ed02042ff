"""Cases of functions that take and give plain data: what is given, what is due, and in words what that is."""

from collections.abc import Iterable
from numbers import Integral
from typing import NamedTuple

from autograders.expect import CheckedFunction


class Case(NamedTuple):
    when: str
    given: tuple
    due: object
    words: str


def ask(asked: CheckedFunction, cases: Iterable[Case]) -> None:
    for when, given, due, words in cases:
        got = asked(*given, when=when)
        asked.expect(same(got, due), words)


def same(got: object, due: object) -> bool:
    """Whether two values are equal and of the same kind: 1, 1.0 and True are three.

    A tuple may be a list, numpy's whole numbers are whole numbers, and a StrEnum's member is text.
    """
    if isinstance(due, (list, tuple)):
        return isinstance(got, (list, tuple)) and len(got) == len(due) and all(map(same, got, due))
    if isinstance(due, dict):
        return isinstance(got, dict) and got.keys() == due.keys() and all(same(got[key], due[key]) for key in due)
    if isinstance(due, str):
        return isinstance(got, str) and got == due
    if type(due) is int:
        return isinstance(got, Integral) and type(got) is not bool and got == due
    return type(got) is type(due) and got == due
