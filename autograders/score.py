"""Run a learner's notebook on their own services, and say what it would score in grading, hidden tests aside.

The rules are the engine's: the notebook is repaired first; a test gives all of its points, or none where it ended with
an error or was not run; what is printed costs nothing; a cell that ends the kernel loses nothing but itself.
"""

import copy
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader.preprocessors import Execute
from nbgrader.utils import setenv

from autograders.configuration import course_config
from autograders.grading.cells import is_grade, is_solution, is_test, with_sections
from autograders.grading.model import Assignment, Release
from autograders.grading.releases import release_of
from autograders.grading.repair import Unreadable, repair
from environments.course import Lab
from environments.errors import LabsError, MachineTooBusy
from environments.unwritten import SAID

Tell = Callable[[str, str], None]
RUNS = 6  # of one notebook, each without the cells that ended those before
# In a kernel quit() and exit() end everything; here, as in grading, they end their cell.
QUIT_ENDS_THE_CELL = (
    "--IPKernelApp.exec_lines=get_ipython().user_ns.update(dict.fromkeys(('quit', 'exit'), __import__('sys').exit))"
)
PLAIN = ("CheckFailed", "NotWritten", "CellEnded", MachineTooBusy.__name__)  # errors whose text is the whole message
ENDED = "ended the whole notebook, or used too much memory"


def silent(part: str, detail: str) -> None:
    """For those who do not watch."""


@dataclass(frozen=True)
class Mark:
    """What one graded cell gave. `section` is the heading above it; `message` is empty where all points were given.

    `not_checked` where this machine was too busy for a verdict: neither right nor wrong.
    """

    name: str
    section: str
    points: float
    most: float
    message: str
    by_hand: bool
    not_checked: bool = False

    as_dict = asdict


@dataclass(frozen=True)
class Score:
    """The marks of a notebook, what was repaired in it, and which of its cells were left out to run the others."""

    marks: list[Mark]
    repairs: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def score(lab: Lab, tell: Tell = silent) -> Score:
    """What the learner's notebook of a lab scores,
    run from top to bottom on this workspace's services. The file stays as it is.

    `tell` hears what is being done: a part of the work, and where in it we are. Without the lab's source nothing is
    repaired. Raises LabsError where the file is no notebook.
    """
    try:
        content = lab.notebook.read_bytes()
        if lab.solution.exists():
            tell("comparing the notebook with the lab as it was handed out", "")
            return scored(content, as_students_see_it(Assignment(lab.name, lab.solution)), lab.notebook.parent, tell)
        notebook, left_out = executed(nbformat.reads(content, as_version=4), lab.notebook.parent, tell)
        return Score(marks(notebook), (), tuple(left_out))
    except (OSError, ValueError, Unreadable) as e:
        why = e.strerror if isinstance(e, OSError) else str(e).splitlines()[0]
        raise LabsError(
            f"{lab.notebook} cannot be read as a notebook ({why}). Restore it with: git checkout {lab.notebook}"
        ) from None


def as_students_see_it(assignment: Assignment) -> Release:
    """The release of an assignment without its hidden tests."""
    visible = release_of(assignment, course_config()).visible
    return Release(assignment.name, visible, visible)


def scored(content: bytes, release: Release, folder: Path, tell: Tell = silent) -> Score:
    """What a notebook scores, run in a folder. Raises Unreadable where it is none."""
    repaired = repair(content, release)
    notebook, left_out = executed(repaired.notebook, folder, tell)
    return Score(marks(notebook), repaired.messages, tuple(left_out))


# The run

def executed(
    notebook: nbformat.NotebookNode, folder: Path, tell: Tell = silent
) -> tuple[nbformat.NotebookNode, list[str]]:
    """The notebook with the outputs of a run in a new kernel, and a line for each cell that had to be left out of it.

    A cell that fails does not end the run. After one that ends the kernel, or cannot be stopped, the others run again.
    """
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    left_out: dict[int, str] = {}
    for _ in range(RUNS):
        tried = copy.deepcopy(notebook)
        for number in left_out:
            tried.cells[number].source = ""
        run = _Run(config=_config())
        run.tell = _placed(tried, tell, again=bool(left_out))
        tell("starting Python", "")
        try:
            with setenv(NBGRADER_VALIDATING="1", NBGRADER_EXECUTION="validate"):
                run.preprocess(tried, {"metadata": {"path": str(folder)}})
            break
        except DeadKernelError:
            left_out[run.at] = ENDED
        except CellTimeoutError:
            left_out[run.at] = f"did not end within {run.timeout} s, and could not be stopped"
    for number, why in left_out.items():
        cell = tried.cells[number]
        cell.source, cell.execution_count = notebook.cells[number].source, None
        cell.outputs = [nbformat.v4.new_output("error", ename="CellEnded", evalue=f"your answer {why}")]
    return tried, [
        f"{_place(tried, number)} {why}; the others were run without it" for number, why in sorted(left_out.items())
    ]


class _Run(Execute):
    """nbgrader's run of a notebook, which knows where it is."""

    at = 0
    tell: Callable[[int], None]  # the number of the cell that is run next

    def preprocess_cell(self, cell, resources, index):
        self.at = index
        if cell.cell_type == "code":
            self.tell(index)
        return super().preprocess_cell(cell, resources, index)


def _placed(notebook: nbformat.NotebookNode, tell: Tell, again: bool) -> Callable[[int], None]:
    """Tells of a cell, by its number, the section it is in and how many checks are behind."""
    sections = [section for section, _ in with_sections(notebook)]
    parts = list(dict.fromkeys(filter(None, sections)))
    tests = [is_test(cell) for cell in notebook.cells]

    def told(number: int) -> None:
        section = sections[number]
        part = f"section {parts.index(section) + 1} of {len(parts)}: {section}" if section else "the beginning"
        tell(
            f"{part}, again" if again else part,
            f"check {sum(tests[: number + 1])} of {sum(tests)}"
            if tests[number]
            else f"{sum(tests[:number])} of {sum(tests)} checks run",
        )

    return told


def _config():
    config = course_config()
    config.Execute.extra_arguments = [*config.Execute.get("extra_arguments", []), QUIT_ENDS_THE_CELL]
    return config


def _place(notebook: nbformat.NotebookNode, number: int) -> str:
    cell = notebook.cells[number]
    section = next((section for n, (section, _) in enumerate(with_sections(notebook)) if n == number), "")
    begins = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    what = cell.metadata.nbgrader.grade_id if is_test(cell) else f'the cell that begins "{begins[:50]}"'
    return f'{what} in "{section}"' if section else what


# The marks

def marks(notebook: nbformat.NotebookNode) -> list[Mark]:
    """One Mark for each graded cell of an executed notebook, in its order."""
    return [_mark(cell, section) for section, cell in with_sections(notebook) if is_grade(cell)]


def _mark(cell, section: str) -> Mark:
    name, most = cell.metadata.nbgrader.grade_id, cell.metadata.nbgrader.points
    if is_solution(cell) or cell.cell_type != "code":
        return Mark(name, section, 0, most, "", True)
    message = _message(cell)
    too_busy = any(output.get("ename") == MachineTooBusy.__name__ for output in cell.outputs)
    return Mark(name, section, 0 if message else most, most, message, False, too_busy)


def _message(cell) -> str:
    """Why a test gives no point: the words of the error it ended with; nothing where it passed."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            plain = output.ename in PLAIN or SAID.match(output.evalue)
            return output.evalue if plain else f"{output.ename}: {output.evalue}".strip()
    return "" if cell.execution_count else "this test was not run: the notebook ended before it"
