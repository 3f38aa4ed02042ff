"""What can be told of a cell: what its code imports, and what nbgrader's metadata says. The latter as `nbgrader.utils`
has it, whose import takes seconds that every engine would wait."""

import ast
import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

STAMP = "released"  # the metadata of an ordinary cell in which the release keeps `stamp_of` it


def is_grade(cell) -> bool:
    """Whether the cell gives points."""
    return bool(_marks(cell).get("grade", False))


def is_solution(cell) -> bool:
    """Whether it is the student's to answer."""
    return bool(_marks(cell).get("solution", False))


def is_task(cell) -> bool:
    """Whether a person grades what the student adds below it."""
    return bool(_marks(cell).get("task", False))


def is_locked(cell) -> bool:
    """Whether the student may not change it."""
    return not is_solution(cell) and (is_grade(cell) or bool(_marks(cell).get("locked", False)))


def is_test(cell) -> bool:
    """Whether it is code that gives points by running."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def compute_checksum(cell) -> str:
    """nbgrader's checksum of a cell's text, kind and marks."""
    marks = _marks(cell)
    parts = [cell.source, cell.cell_type, str(marks.get("grade", False)), str(marks.get("solution", False)),
             str(is_locked(cell)), marks["grade_id"], *([str(float(marks["points"]))] if is_grade(cell) else [])]
    return hashlib.md5("".join(parts).encode()).hexdigest()


def stamp_of(kind: str, source: str) -> str:
    """For an ordinary cell what nbgrader's checksum is for the others: it tells a released text from a person's."""
    text = "\n".join(line.rstrip() for line in source.splitlines()).rstrip()
    return hashlib.sha256(f"{kind}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def imported(source: str) -> Iterable[str]:
    """The modules that code imports, and what it takes out of them, which may be modules too."""
    with contextlib.suppress(SyntaxError):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                yield from (a.name for a in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module
                yield from (f"{node.module}.{a.name}" for a in node.names)


def _marks(cell) -> dict:
    return cell.metadata.get("nbgrader", {})


def with_sections(notebook: "NotebookNode") -> Iterator[tuple[str, "NotebookNode"]]:
    """Each cell with the heading above it."""
    section = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            section = cell.source.splitlines()[0].removeprefix("## ")
        yield section, cell
