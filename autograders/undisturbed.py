"""Where a tool of ours works for a check: what a student left running may not touch its files or speak in its place."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

_hold: Callable[[], AbstractContextManager] = nullcontext  # in a kernel there is nobody to hold


def undisturbed() -> AbstractContextManager:
    """While the block runs, no process of the student's does, where a submission is graded."""
    return _hold()


def hold_with(hold: Callable[[], AbstractContextManager]) -> None:
    """Grading says how it holds a submission's processes."""
    global _hold
    _hold = hold
