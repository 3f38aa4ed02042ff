"""Answers kept in a lab's home to prove the grader with: right ones written differently, and students' mistakes.

    '''Lag from the last position received, not replayed.'''
    # loses: check_lag_in_bytes
    # %% lag_bytes
    def lag_bytes(primary, standby): ...

The first line says what is special; `loses` (wrong answers and attacks) names the checks that must give no point;
`# alone` asks for a notebook of its own; each `# %% name` opens what stands in the answer cell of that name, `# %% +
first` and `# %% + last` cells of the student's own at the top and at the end, `# %% file NAME` a file handed in beside
it. They stand in `autograders/checks/lab_NN/answers/`, in `right` and `wrong`; attacks on the grading, in the same
form, in `attacks`. Students never see them: `labs publish` leaves them out, and a sandbox hides them.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograders.grading.model import Assignment
from autograders.homes import home

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class KnownAnswer:
    """One file: its name, what is special, the checks it must lose, and its text for each answer cell."""

    name: str
    story: str
    loses: frozenset[str]
    cells: dict[str, str]
    alone: bool = False  # it would hold up what other answers in its notebook break
    own: dict[str, str] = field(default_factory=dict)  # cells of the student's own: 'first' and 'last'
    files: dict[str, bytes] = field(default_factory=dict)


def home_of(assignment: Assignment) -> Path:
    """The folder of what proves an assignment's checks: its own, or the home of its lab."""
    return assignment.home or home(assignment.number)


def answers(assignment: Assignment, kind: str) -> list[KnownAnswer]:
    """The answers of a lab of one kind, 'right' or 'wrong', by name."""
    return _in(home_of(assignment) / "answers" / kind)


def attacks(assignment: Assignment) -> list[KnownAnswer]:
    """The attacks on the grading of a lab, by name."""
    return _in(home_of(assignment) / "attacks")


def _in(folder: Path) -> list[KnownAnswer]:
    return [_read(file) for file in sorted(folder.glob("*.py"))]


def _read(file: Path) -> KnownAnswer:
    text = file.read_text(encoding="utf-8")
    head, *parts = re.split(r"(?m)^# %% *", text)
    loses = re.search(r"(?m)^# loses: *(.+)$", head)
    cells = {name.strip(): source.strip() for name, source in (part.split("\n", 1) for part in parts)}
    files = {name: cells.pop(name) for name in [n for n in cells if n.startswith("file ")]}
    own = {name: cells.pop(name) for name in [n for n in cells if n.startswith("+ ")]}
    return KnownAnswer(
        file.stem,
        ast.get_docstring(ast.parse(head)) or "",
        frozenset(loses[1].replace(",", " ").split() if loses else ()),
        cells,
        "\n# alone" in head,
        {name[2:]: source for name, source in own.items()},
        {name[5:]: text.encode() for name, text in files.items()},
    )


def fill(released: NotebookNode, solution: NotebookNode, texts: dict[str, str]) -> None:
    """Write answers into a student's copy, as a student would: the lines that try them out stay below."""
    sources = {cell.metadata.nbgrader.grade_id: cell.source for cell in solution.cells if "nbgrader" in cell.metadata}
    for cell in released.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in texts:
            cell.source = texts[name] + sources[name].rpartition(END)[2].rstrip()


def add(notebook: NotebookNode, answer: KnownAnswer) -> None:
    """Put the answer's own cells into a notebook."""
    new = {where: nbformat.v4.new_code_cell(source) for where, source in answer.own.items()}
    notebook.cells[:] = [
        *(new[w] for w in new if w == "first"),
        *notebook.cells,
        *(new[w] for w in new if w != "first"),
    ]


def reference(solution: NotebookNode) -> dict[str, str]:
    """The course's own answers, without the markers and the lines that try them out; a written answer whole."""
    return {cell.metadata.nbgrader.grade_id: _answer(cell.source) for cell in solution.cells
            if cell.metadata.get("nbgrader", {}).get("solution")}


def _answer(source: str) -> str:
    lines = source.rpartition(END)[0].splitlines()
    return "\n".join(line for line in lines if line.strip() not in (BEGIN, END)).strip()
