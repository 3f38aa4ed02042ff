"""A lab of two answers, made by a test: one that a tool of the sandbox runs, and one beside it that costs nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograders.grading import engine as engines
from autograders.grading.model import Graded, Release, Submission
from autograders.grading.pool import GradingOptions, workers
from autograders.grading.sandbox import Limits
from environments.course import Lab
from tests.test_engine import STUB, answer, check

LIMITS = Limits(cell=60, submission=240, memory=1024, disk=256)


class SmallLab:
    """`setup` is its first cell. `asked`, the text of a check, asks the first answer, under the name `check_name`."""

    def __init__(self, name: str, service: str, setup: str, asked: str, check_name: str):
        self.service = service
        cells = [new_code_cell(setup, id="setup"), answer(STUB), check(asked, check_name),
                 answer(STUB, "second"), check("assert second() == 2", "check_second")]
        text = nbformat.writes(new_notebook(cells=cells))
        self.release = Release(name, text, text)

    @contextmanager
    def needed(self) -> Iterator[None]:
        """While the block runs, grading knows that this lab needs the service."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engines, "lab_of", lambda name: Lab(name, "", "", "", "", 1, [self.service]))
            yield

    def graded(self, answers: dict[str, str], jobs: int = 2) -> dict[str, Graded]:
        """What each first answer came to, by its name; the second answer is right."""
        with workers(self.release, GradingOptions(jobs, limits=LIMITS)) as pool:
            return {done.student: result
                    for done, result in pool.results(self._handed_in(*named) for named in answers.items())}

    def _handed_in(self, name: str, source: str) -> Submission:
        notebook = nbformat.reads(self.release.visible, as_version=4)
        notebook.cells[1].source, notebook.cells[3].source = source, "def second():\n    return 2"
        return Submission(name, nbformat.writes(notebook).encode())
