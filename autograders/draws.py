"""What checks draw at random: different for each student,
and always the same for one, so that a score stays as it is."""

from collections.abc import Callable
from functools import wraps
from random import Random

from environments.workspace import Workspace

draw = Random()
_running = ""


def running() -> str:
    """The name of the check that was called last."""
    return _running


def repeatable(check: Callable) -> Callable:
    """A check whose draws depend on its name and on the seed of the workspace,
    which in grading comes from the student's id."""

    @wraps(check)
    def checked(*functions):
        global _running
        _running = check.__name__
        draw.seed(f"{check.__module__}.{check.__name__} {Workspace.here().seed}")
        return check(*functions)

    return checked
