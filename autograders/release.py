"""Derive labs/ from solutions/ with nbgrader, without touching anybody's gradebook."""

import filecmp
import logging
import re
import shutil
import tempfile
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograders.nbgrader_paths import database_url
from autograders.score import course_config
from environments.course import Lab, labs
from environments.errors import LabsError


def release(check: bool = False) -> list[str]:
    """Write every lab's student copy; the names of those that changed. With `check` nothing is written.

    Raises LabsError with nbgrader's words where a lab cannot be released.
    """
    with tempfile.TemporaryDirectory() as folder:
        changed = [one for one in labs() if one.solution.exists() and _differs(_derived(one, Path(folder)), one.notebook.parent)]
        if not check:
            for one in changed:
                shutil.rmtree(one.notebook.parent, ignore_errors=True)
                shutil.copytree(Path(folder) / one.name, one.notebook.parent)
        return [one.name for one in changed]


def generate(course: Config, name: str) -> None:
    """nbgrader's generate_assignment in the course directory that a configuration names."""
    api = NbGraderAPI(CourseDirectory(config=course), config=course)
    api.log.setLevel(logging.ERROR)
    result = api.generate_assignment(name, force=True, create=True)
    if not result["success"]:
        raise LabsError(f"nbgrader cannot release {name}: {_reason(result.get('log') or '', result.get('error') or '')}")


def _reason(log: str, error: str) -> str:
    """The first error in nbgrader's log, and the first line of the cell it printed: what follows only repeats it."""
    raised = re.findall(r"(?m)^ *[\w.]*(?:Error|Exception): (.+)$", f"{log}\n{error}")
    cell = re.search(r"Cell contents are: *\n *(.+)", log)
    return (raised or ["it gave no reason"])[0].rstrip(".") + (f" in the cell that begins: {cell[1]}" if cell else "")


def _derived(one: Lab, folder: Path) -> Path:
    course = course_config()
    course.CourseDirectory.root = str(folder)
    shutil.copytree(one.solution.parent, folder / "solutions" / one.name)  # nbgrader takes only what is below its root as it is
    course.CourseDirectory.release_directory = "."
    course.CourseDirectory.db_url = database_url(folder / "gradebook.db")
    generate(course, one.name)
    for file in (folder / one.name).rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o644)  # nbgrader's copies are read-only here and there
    return folder / one.name


def _differs(new: Path, old: Path) -> bool:
    files = {file.relative_to(new) for file in new.rglob("*") if file.is_file()}
    there = {file.relative_to(old) for file in old.rglob("*") if file.is_file() and ".ipynb_checkpoints" not in file.parts}
    return files != there or bool(filecmp.cmpfiles(new, old, map(str, files), shallow=False)[1])
