"""What a submission is measured against, made by nbgrader's own steps in memory: no gradebook, nothing written."""

import copy
import json
import logging
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells
from nbgrader.utils import find_all_files
from traitlets.config import Config

from autograders.grading.model import Assignment, Release
from environments.errors import LabsError

SAVES = (SaveCells, f"{SaveCells.__module__}.SaveCells", "nbgrader.preprocessors.SaveCells")


def release_of(assignment: Assignment, config: Config) -> Release:
    """The release that `nbgrader generate_assignment` makes with this configuration, and what it keeps for grading.

    A kernel is started only where the source asks nbgrader to write its tests (AUTOTEST). Raises LabsError in one line
    where the source is no notebook, or nbgrader cannot release it.
    """
    config = _wherever_we_run(config)
    course = CourseDirectory(config=config)
    before, after = _steps(GenerateAssignment(coursedir=course, config=config).preprocessors)
    full = _converted(_source(assignment), before, config, assignment)
    visible = _converted(full, after, config, assignment)
    if [cell.get("id") for cell in full.cells] != [cell.get("id") for cell in visible.cells]:
        raise LabsError(f"nbgrader cannot release {assignment.name}: a step after SaveCells adds or drops cells. "
                        "Move it before SaveCells in c.GenerateAssignment.preprocessors.")
    files = _files(assignment.source.parent, course.ignore)
    return Release(assignment.name, nbformat.writes(full), nbformat.writes(visible), files)


def _wherever_we_run(config: Config) -> Config:
    """The configuration with the header's and footer's paths, which are relative to the course, made absolute."""
    config = copy.deepcopy(config)
    root = Path(CourseDirectory(config=config).root)
    for part in ("header", "footer"):
        if path := config.IncludeHeaderFooter.get(part):
            config.IncludeHeaderFooter[part] = str(root / path)
    config.Exporter.default_preprocessors = []
    return config


def _steps(preprocessors: list) -> tuple[list, list]:
    """What runs before nbgrader saves the cells, and what runs after it."""
    saved = next((i for i, step in enumerate(preprocessors) if step in SAVES), len(preprocessors))
    return preprocessors[:saved], preprocessors[saved + 1:]


def _source(assignment: Assignment) -> nbformat.NotebookNode:
    try:
        content = json.loads(assignment.source.read_text(encoding="utf-8"))
        for number, cell in enumerate(content["cells"] if content.get("nbformat_minor", 0) > 4 else []):
            cell.setdefault("id", f"cell-{number}")  # nbformat would draw another one each time
        return nbformat.reads(json.dumps(content), as_version=4)
    except Exception as e:  # nbformat raises whatever its parsers raise
        raise LabsError(f"{assignment.source} cannot be read as a notebook ({type(e).__name__}). "
                        "Restore it, or save it again in JupyterLab.") from None


def _converted(
    notebook: nbformat.NotebookNode, steps: list, config: Config, assignment: Assignment
) -> nbformat.NotebookNode:
    exporter, log = NotebookExporter(config=config), _Log()
    for step in steps:
        exporter.register_preprocessor(step)
    for owner in (exporter, *exporter._preprocessors):
        owner.log = log
    resources = {"metadata": {"name": assignment.name, "path": str(assignment.source.parent)},
                 "nbgrader": {"assignment": assignment.name, "notebook": assignment.source.stem, "student": "."}}
    try:
        return nbformat.reads(exporter.from_notebook_node(notebook, resources)[0], as_version=4)
    except Exception as e:  # each step raises what its author chose
        raise LabsError(f"nbgrader cannot release {assignment.name}: {_reason(e, log.text)}") from None


class _Log(logging.Logger):
    """What nbgrader logs before it raises, which names the cell; it is kept from the screen."""

    def __init__(self):
        super().__init__(__name__)
        self.text = ""
        self.addFilter(self._keep)

    def _keep(self, record: logging.LogRecord) -> bool:
        self.text += record.getMessage() + "\n" if record.levelno >= logging.ERROR else ""
        return False


def _reason(error: Exception, log: str) -> str:
    """nbgrader's words in one line, with the first line of the cell where it names one."""
    raised = re.findall(r"(?m)^[\w.]*(?:Error|Exception): (.+)$", log)
    raised = raised or str(error).strip().splitlines() or [type(error).__name__]
    cell = re.search(r"Cell contents are: *\n *(.+)", log)
    return raised[0].rstrip(".") + (f" in the cell that begins: {cell[1]}" if cell else "")


def _files(folder: Path, ignored: Iterable[str]) -> dict[str, bytes]:
    """What nbgrader copies along with the notebook, but for links."""
    found = map(Path, find_all_files(str(folder), [*ignored, "*.ipynb"]))
    return {file.relative_to(folder).as_posix(): file.read_bytes()
            for file in sorted(found) if file.is_file() and not file.is_symlink()}
