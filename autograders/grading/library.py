"""What grading knows of a library beside Python's own: how its values travel, and what each fork would do again.

Each library has a module of its own in `autograders.grading.libraries`. None of them imports it before a notebook does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Write = Callable[[Any, Callable], list]  # (value, out): a tag, then parts; `out` writes what is within
Read = Callable[..., Any]                # (read, *parts): the value; ValueError or any other error for hostile parts


def _none(kind: type) -> None:
    """No value of it travels by value."""


def _nothing(shell) -> None:
    """Nothing of it is slow the first time."""


@dataclass(frozen=True)
class Library:
    """`package` is the module in which its types are. `writer` gives how a value of a type is written, or None where it
    is lent; `readers` read it again, by tag. `mutable` are its types, by name, that a function may change in place:
    each with what makes a value become another. `warm_up` is done once before the first fork, with the shell that all
    forks begin with; what it returns travels once. `environment` is set for every process that grades; {home} in it is
    the submission's own folder."""

    package: str
    writer: Callable[[type], Write | None] = _none
    readers: Mapping[str, Read] = field(default_factory=dict)
    mutable: Mapping[str, Callable[[Any, Any], None]] = field(default_factory=dict)
    warm_up: Callable[[Any], Any] = _nothing
    environment: Mapping[str, str] = field(default_factory=dict)
