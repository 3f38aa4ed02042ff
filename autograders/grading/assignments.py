"""What can be graded here: the labs, and in a process that made more known, those."""

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

from autograders.grading.cells import imported
from autograders.grading.model import Assignment
from environments.course import labs
from environments.errors import LabsError

FURTHER: list[Path] = []  # folders of assignments that are no labs, such as those that prove the engine


def assignments() -> list[Assignment]:
    """The labs that are written, in their order, then what else was made known."""
    written = [Assignment(lab.name, lab.solution) for lab in labs() if lab.solution.exists()]
    more = [
        (folder, file)
        for folder in FURTHER
        for file in sorted(folder.glob("*/*.ipynb"))
        if file.stem == file.parent.name
    ]
    return written + [Assignment(file.stem, file, folder / f"lab_{file.stem[:2]}") for folder, file in more]


def assignment(number: str) -> Assignment:
    """The one of this number or name; '3' and '03' are the same. Raises LabsError where there is none."""
    found = next((known for known in assignments() if number and number.zfill(2) in (known.number, known.name)), None)
    if found is None:
        there = ", ".join(known.number for known in assignments() if not known.home)
        raise LabsError(f"lab {number} cannot be graded here. Those that can: {there} (see `labs list`).")
    return found


def imported_by(numbers: Iterable[str]) -> list[str]:
    """The modules that the notebooks of these assignments import, as far as that can be told: a hint, and no more."""
    modules: dict[str, None] = {}
    for number in numbers:
        with contextlib.suppress(LabsError, OSError, ValueError, KeyError, TypeError):  # grading will say so
            cells = json.loads(assignment(number).source.read_text(encoding="utf-8"))["cells"]
            for cell in cells:
                modules |= dict.fromkeys(imported("".join(cell["source"])) if cell["cell_type"] == "code" else ())
    return list(modules)
