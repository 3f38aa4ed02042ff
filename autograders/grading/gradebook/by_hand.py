"""What a mark given by hand rests on: the answer that the person read.
As long as that answer stays the same, so does the mark."""

import json
from pathlib import Path

from autograders.grading.cells import is_grade, is_solution, is_task


def answers_in(notebook: dict) -> dict[str, str]:
    """The answer that each graded cell's mark rests on, by the cell's name.

    A written answer is its own cell. A test is about the answers above it, down from the test before. A task is about
    the cells that the student added below it.
    """
    cells = [_Cell(cell) for cell in notebook["cells"]]
    found, tested = {}, False
    above: list[_Cell] = []
    for number, cell in enumerate(cells):
        if is_task(cell):
            found[cell.name] = _text([cell, *_added_below(cells[number + 1:])])
        if is_solution(cell):
            above = [cell] if tested else [*above, cell]
            tested = False
        if is_grade(cell):
            found[cell.name] = _text([cell] if is_solution(cell) else above)
            tested = tested or not is_solution(cell)
    return found


def answers_at(notebook: Path) -> dict[str, str] | None:
    """Those of an autograded notebook on the disk; None where there is none, or it cannot be read."""
    try:
        return answers_in(json.loads(notebook.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def changed(before: dict[str, str] | None, now: dict[str, str]) -> set[str]:
    """The cells whose answers are others than before.

    Nobody knows what was read where nothing is left of it: then all.
    """
    return {name for name, answer in now.items() if before is None or before.get(name) != answer}


class _Cell:
    """A notebook's cell, as JSON has it, in the form that `autograders.grading.cells` asks."""

    def __init__(self, cell: dict):
        self.metadata, self.cell_type, self.attachments = cell["metadata"], cell["cell_type"], cell.get("attachments")
        self.source = "".join(cell["source"])
        self.name = self.metadata.get("nbgrader", {}).get("grade_id", "")


def _added_below(cells: list[_Cell]) -> list[_Cell]:
    end = next((number for number, cell in enumerate(cells) if cell.name), len(cells))
    return cells[:end]


def _text(cells: list[_Cell]) -> str:
    return json.dumps([[cell.cell_type, cell.source, cell.attachments] for cell in cells], sort_keys=True)
