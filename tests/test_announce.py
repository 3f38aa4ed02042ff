"""A check that passes says so in the notebook: its name, and the points that its cell's metadata give."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from autograders.announce import _points, passed
from environments.course import labs

CHECK = "from autograders.checks import lab_00 as check\n\ncheck.dollars(dollars)"
RIGHT = 'def dollars(cents):\n    return f"${cents / 100:,.2f}"'
MARKS = {"nbgrader": {"grade": True, "solution": False, "locked": True, "points": 1, "grade_id": "check_dollars"}}


def run(monkeypatch, answer: str, **environment: str):
    """The check's cell as it is after an answer's."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    cells = [new_code_cell(answer), new_code_cell(CHECK, metadata=MARKS)]
    NotebookClient(new_notebook(cells=cells), allow_errors=True, kernel_name="python3", timeout=120).execute()
    return cells[1]


def printed(cell) -> list[str]:
    return [output.text for output in cell.outputs if output.output_type == "stream"]


@pytest.mark.slow
def test_a_check_that_passes_is_one_line_of_its_cell_and_costs_no_points(monkeypatch):
    cell = run(monkeypatch, RIGHT)
    assert (printed(cell), determine_grade(cell)) == (["check_dollars passes: 1 point\n"], (1, 1))


@pytest.mark.slow
def test_one_that_fails_only_says_why(monkeypatch):
    assert printed(run(monkeypatch, "def dollars(cents):\n    return cents")) == []


@pytest.mark.slow
def test_nothing_is_said_while_a_class_is_graded(monkeypatch):
    assert printed(run(monkeypatch, RIGHT, LABS_GRADED="1")) == []


@pytest.mark.parametrize(
    "points, words", [(1, "check_a passes: 1 point"), (2.5, "check_a passes: 2.5 points"), (None, "check_a passes")]
)
def test_points_are_said_in_words(points, words):
    assert passed("check_a", points) == words


@pytest.mark.parametrize("lab", [lab for lab in labs() if lab.ready], ids=lambda lab: lab.name)
def test_the_points_of_a_lab_are_those_of_its_metadata(lab):
    cells = nbformat.read(lab.notebook, as_version=4).cells
    assert _points(lab.number) == {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in cells
                                   if c.metadata.get("nbgrader", {}).get("grade")}
