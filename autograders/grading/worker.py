"""What a worker runs, a thread here or one of Dask's:
one submission after another, by an engine that all threads share."""

import contextlib
import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from autograders.grading.engine import Engine, TooBusy, Unread
from autograders.grading.model import Graded, Release, Submission, Verdict
from autograders.grading.sandbox import Limits
from environments.errors import LabsError

_engines: dict[tuple, Engine] = {}
_one_at_a_time = threading.Lock()
_thread = threading.local()


@dataclass(frozen=True)
class Refused:
    """A submission that could not be graded. `again` where another try may succeed, else the student must act; `busy`
    where this machine was too busy, with the verdicts `given` by then."""

    student: str
    why: str
    again: bool
    busy: bool = False
    given: tuple[Verdict, ...] = ()


def grade_one(release: Release, submission: Submission, sandboxed: bool, limits: Limits) -> Graded | Refused:
    """What a submission scores, or why it has no score: what is wrong with one ends no batch."""
    try:
        return engine_for(release, sandboxed, limits).grade(submission, getattr(_thread, "processor", None))
    except Unread as e:
        return Refused(submission.student, str(e), again=False)
    except TooBusy as e:
        return Refused(submission.student, str(e), again=True, busy=True, given=e.verdicts)
    except LabsError as e:
        return Refused(submission.student, str(e), again=True)


def take_processor(free: "SimpleQueue[int]") -> None:
    """What this thread grades runs on a processor of its own from now on, where one is free: examiner and candidate
    take turns, and no student's library starts a thread for each processor there is."""
    with contextlib.suppress(Empty):
        _thread.processor = free.get_nowait()


def close() -> None:
    """End the engines of this process; what they grade in the meantime has no result."""
    while _engines:
        _engines.popitem()[1].__exit__()


def engine_for(release: Release, sandboxed: bool, limits: Limits) -> Engine:
    """This process's engine for a release, begun to be warmed up. Raises LabsError where it cannot grade here."""
    wanted = (release.edition, sandboxed, limits)
    with _one_at_a_time:
        if wanted not in _engines:
            close()
            _engines[wanted] = Engine(release, sandboxed, limits).__enter__()
        return _engines[wanted]
