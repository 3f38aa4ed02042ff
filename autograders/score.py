"""Run a notebook as nbgrader runs it, and read what each check gave."""

import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from nbgrader.apps import NbGrader
from nbgrader.preprocessors import ClearOutput, Execute
from nbgrader.utils import determine_grade, is_grade, is_solution, setenv

from environments.errors import LabsError
from environments.workspace import COURSE


@dataclass(frozen=True)
class Mark:
    """What one graded cell gave. `section` is the heading above it; `message` is empty where all points were given."""

    name: str
    section: str
    points: float
    most: float
    message: str
    by_hand: bool

    as_dict = asdict


def score(notebook: Path) -> list[Mark]:
    """The marks of a notebook, run from top to bottom on this workspace's services. The file stays as it is.

    Raises LabsError where the file is no notebook.
    """
    try:
        nb = nbformat.read(notebook, as_version=4)
    except Exception as e:  # nbformat raises whatever its parsers raise
        raise LabsError(f"{notebook} cannot be read as a notebook ({type(e).__name__}). Restore it with: git checkout {notebook}") from None
    return marks(executed(nb, notebook.parent))


def executed(nb: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """The notebook with the outputs of a run in a new kernel; a cell that fails does not end the run."""
    resources = {"metadata": {"path": str(folder)}}
    nb, resources = ClearOutput().preprocess(nb, resources)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    with setenv(NBGRADER_VALIDATING="1", NBGRADER_EXECUTION="validate"):
        return Execute(config=course_config()).preprocess(nb, resources)[0]


def course_config():
    """nbgrader's configuration for this course, wherever we were called from."""
    app = NbGrader()
    app.config_file_paths.append(str(COURSE))
    app.load_config_file()
    return app.config


def marks(nb: nbformat.NotebookNode) -> list[Mark]:
    """One Mark for each graded cell of an executed notebook, in its order."""
    found, section = [], ""
    for cell in nb.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            section = cell.source.splitlines()[0].removeprefix("## ")
        if is_grade(cell):
            found.append(_mark(cell, section))
    return found


def _mark(cell, section: str) -> Mark:
    by_hand = is_solution(cell)
    points, most = determine_grade(cell, logging.getLogger(__name__))
    return Mark(cell.metadata.nbgrader.grade_id, section, points or 0, most, _message(cell), by_hand)


def _message(cell) -> str:
    """The words of the error a cell ended with."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            return output.evalue if output.ename == "CheckFailed" else f"{output.ename}: {output.evalue}".strip()
        if output.output_type == "stream" and output.name == "stderr":
            return f"the cell printed an error: {output.text.strip()}"
    return ""
