"""Grading on a machine that is really busy, with twenty loops for its processors: marks are as on an idle one."""

import contextlib
import multiprocessing
from collections.abc import Iterator

import pytest

from autograders.answers import answers
from autograders.configuration import course_config
from autograders.grading import sandbox
from autograders.grading.assignments import assignment
from autograders.grading.model import Graded
from autograders.grading.pool import GradingOptions, workers
from autograders.grading.releases import release_of
from autograders.prove import ProofNotebook, handed_in, packed

pytestmark = [pytest.mark.slow, pytest.mark.exhaustive, pytest.mark.timeout(3600),
              pytest.mark.skipif(bool(sandbox.refusal()), reason=sandbox.refusal() or "-")]
LOAD = 20
# Right answers that a busy machine once failed.
WAITING = {"90": None, "04": ("left_open", "tenacity_retries", "urllib_alone")}


def _spin() -> None:
    while True:
        pass


@contextlib.contextmanager
def load(number: int) -> Iterator[None]:
    """So many processes that want a processor all the time."""
    loops = [multiprocessing.get_context("spawn").Process(target=_spin, daemon=True) for _ in range(number)]
    try:
        for loop in loops:
            loop.start()
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.join()


@pytest.mark.parametrize("number", WAITING)
def test_a_busy_machine_changes_no_mark(number):
    lab = assignment(number)
    release = release_of(lab, course_config())
    right = [answer for answer in answers(lab, "right") if WAITING[number] is None or answer.name in WAITING[number]]
    everything = [
        ProofNotebook("the reference"),
        *(ProofNotebook(answer.name, [answer]) for answer in right),
        packed(answers(lab, "wrong"))[0],
    ]
    expected = {known.name.replace(" ", "_"): known.loses for known in everything}
    with load(LOAD), workers(release, GradingOptions(2)) as pool:
        results = {
            submission.student: result for submission, result in pool.results(handed_in(lab, release, everything))
        }
    assert {name: {v.name for v in result.verdicts if v.points == 0} if isinstance(result, Graded) else result
            for name, result in results.items()} == expected
