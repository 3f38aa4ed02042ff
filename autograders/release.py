"""Derive labs/ from solutions/ with nbgrader, without touching anybody's gradebook."""

import logging
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograders.configuration import course_config
from autograders.grading.model import Release
from autograders.nbgrader_paths import database_url
from autograders.work import has_work, keep, only_saved
from environments.course import Lab, labs
from environments.errors import LabsError
from environments.workspace import write_whole


@dataclass
class Released:
    """The names of the labs that differed from what solutions/ makes: `changed` since the release or `written` in by
    a person, who had something to lose. `kept` are the copies that were made of that, `made` is what solutions/
    makes."""

    changed: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    made: dict[Path, bytes] = field(default_factory=dict, compare=False, repr=False)


def release(check: bool = False) -> Released:
    """Write every lab's student copy, having kept aside what a person wrote. With `check` nothing is written.

    A person's further files in the folder stay. Raises LabsError with nbgrader's words where a lab cannot be released.
    """
    done = Released()
    with tempfile.TemporaryDirectory() as folder:
        derived = [(lab, _derived(lab, Path(folder))) for lab in labs() if lab.solution.exists()]
        for lab, new in derived:
            _release(lab, new, check, done)
    return done


def _release(lab: Lab, new: Path, check: bool, done: Released) -> None:
    there = {file: lab.notebook.parent / file.relative_to(new) for file in new.rglob("*") if file.is_file()}
    differing = {file: old for file, old in there.items() if not old.is_file() or old.read_bytes() != file.read_bytes()}
    done.made.update((old, file.read_bytes()) for file, old in there.items())
    theirs = [old for file, old in differing.items() if old.is_file() and _is_persons(lab, old, file)]
    if theirs:
        done.written.append(lab.name)
    elif any(not (check and old.is_file() and only_saved(old.read_bytes(), file.read_bytes()))
             for file, old in differing.items()):
        done.changed.append(lab.name)
    if not check:
        done.kept += map(keep, theirs)
        for file, old in differing.items():
            old.parent.mkdir(parents=True, exist_ok=True)
            write_whole(old, file.read_bytes(), mode=0o644)


def _is_persons(lab: Lab, old: Path, new: Path) -> bool:
    """Whether a file holds what the release did not make. Of files that are no notebook that cannot be told."""
    if old != lab.notebook:
        return True
    visible = new.read_text(encoding="utf-8")
    return has_work(old.read_bytes(), Release(lab.name, visible, visible))


def generate(course: Config, name: str) -> None:
    """nbgrader's generate_assignment in the course directory that a configuration names."""
    api = NbGraderAPI(CourseDirectory(config=course), config=course)
    api.log.setLevel(logging.ERROR)
    result = api.generate_assignment(name, force=True, create=True)
    if not result["success"]:
        raise LabsError(
            f"nbgrader cannot release {name}: {_reason(result.get('log') or '', result.get('error') or '')}"
        )


def _reason(log: str, error: str) -> str:
    """The first error in nbgrader's log, and the first line of the cell it printed: what follows only repeats it."""
    raised = re.findall(r"(?m)^ *[\w.]*(?:Error|Exception): (.+)$", f"{log}\n{error}")
    cell = re.search(r"Cell contents are: *\n *(.+)", log)
    return (raised or ["it gave no reason"])[0].rstrip(".") + (f" in the cell that begins: {cell[1]}" if cell else "")


def _derived(lab: Lab, folder: Path) -> Path:
    course = course_config()
    course.CourseDirectory.root = str(folder)
    # nbgrader takes only what is below its root as it is.
    shutil.copytree(lab.solution.parent, folder / "solutions" / lab.name)
    course.CourseDirectory.release_directory = "."
    course.CourseDirectory.db_url = database_url(folder / "gradebook.db")
    generate(course, lab.name)
    return folder / lab.name
