"""Answers kept under tests/answers/ to prove the grader with: right ones written differently, and students' mistakes.

    '''Lag from the last position received, not replayed.'''
    # loses: check_lag_in_bytes
    # %% lag_bytes
    def lag_bytes(primary, standby): ...

The first line says what is special; `loses` (wrong answers only) names the checks that must give no point; `# alone`
asks for a notebook of its own; each `# %% name` opens what stands in the answer cell of that name.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from environments.course import Lab
from environments.workspace import COURSE

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Answer:
    """One file: its name, what is special, the checks it must lose, and its text for each answer cell."""

    name: str
    story: str
    loses: frozenset[str]
    cells: dict[str, str]
    alone: bool = False  # it would hold up what other answers in its notebook break


def answers(one: Lab, kind: str) -> list[Answer]:
    """The answers of a lab of one kind, 'right' or 'wrong', by name."""
    folder = COURSE / "tests" / "answers" / f"lab_{one.number}" / kind
    return [_read(file) for file in sorted(folder.glob("*.py"))]


def _read(file: Path) -> Answer:
    text = file.read_text(encoding="utf-8")
    head, *parts = re.split(r"(?m)^# %% *", text)
    loses = re.search(r"(?m)^# loses: *(.+)$", head)
    cells = dict(part.split("\n", 1) for part in parts)
    return Answer(file.stem, ast.get_docstring(ast.parse(head)) or "", frozenset(loses[1].replace(",", " ").split() if loses else ()),
                  {name.strip(): source.strip() for name, source in cells.items()}, "\n# alone" in head)


def fill(released: NotebookNode, solution: NotebookNode, texts: dict[str, str]) -> None:
    """Write answers into a student's copy, as a student would: the lines that try them out stay below."""
    sources = {cell.metadata.nbgrader.grade_id: cell.source for cell in solution.cells if "nbgrader" in cell.metadata}
    for cell in released.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in texts:
            cell.source = texts[name] + sources[name].rpartition(END)[2].rstrip()


def reference(solution: NotebookNode) -> dict[str, str]:
    """The course's own answers, without the markers and the lines that try them out; a written answer whole."""
    return {cell.metadata.nbgrader.grade_id: _answer(cell.source) for cell in solution.cells
            if cell.metadata.get("nbgrader", {}).get("solution")}


def _answer(source: str) -> str:
    lines = source.rpartition(END)[0].splitlines()
    return "\n".join(line for line in lines if line.strip() not in (BEGIN, END)).strip()
