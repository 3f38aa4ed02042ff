"""Submissions as they come: nbgrader's folders, loose notebooks, or what a learning-management system exports.

Everything is listed first, by name only; a submission's bytes are read when it is its turn. Who a student is comes from
names, matched exactly against a roster or by a pattern; what fits nobody, or two, is listed with the reason.
"""

from dataclasses import replace
from pathlib import Path

from autograders.grading.submissions.entries import (
    MOST_BYTES,
    MOST_FILES,
    Entry,
    Found,
    Superseded,
    Unmatched,
    found_in,
)
from autograders.grading.submissions.files import Archive, File, Folder, Item, LeftOut, holder_of, items_in
from autograders.grading.submissions.forms import by_form, unwrapped
from autograders.grading.submissions.patterns import by_pattern, compiled
from autograders.grading.submissions.roster import Roster
from environments.errors import LabsError

__all__ = ["MOST_BYTES", "MOST_FILES", "Superseded", "Entry", "Found", "NothingFound", "Roster", "Unmatched", "find"]

SOUGHT = (
    "STUDENT/{0}/*.ipynb, STUDENT_{0}.ipynb, STUDENT.zip, and the exports of Canvas, Moodle, Blackboard, Brightspace "
    "and Gradescope; --pattern tells other names"
)


class NothingFound(LabsError):
    """There is a place to look, and nothing of this assignment in it."""


def find(path: Path, assignment_name: str, students: Roster | None = None, pattern: str | None = None) -> Found:
    """Every submission of an assignment in a folder or zip archive, and every other file with what became of it.

    `pattern` is a regular expression with a group `student`, searched in each file's path, and perhaps a group
    `attempt` that tells which one is later; without it the forms of nbgrader and of the usual platforms are known.
    Raises LabsError where there is nothing to be found, or the archive or the pattern cannot be used.
    """
    left_out = LeftOut()
    holder = holder_of(Path(path))
    items = [item for item in items_in(holder, left_out) if not _is_list(item, holder, students)]
    added: set[File] = set()
    if pattern:
        units = by_pattern(items, compiled(pattern), assignment_name)
    else:
        units = by_form(unwrapped(items, assignment_name), assignment_name, added)
    found = found_in(units, assignment_name, students, left_out)
    handed_in = any(item.is_notebook for item in items) or not all(unit.reason for unit in units) or found.lost
    if not found.entries and not (found.unmatched and handed_in):
        raise NothingFound(f"no notebook in {path}: looked for {SOUGHT.format(assignment_name)}")
    return replace(found, files=_counted(items, found, added))


def _is_list(item: Item, holder: Folder | Archive, students: Roster | None) -> bool:
    """Whether a file is the list of students itself, which may well lie beside what they handed in."""
    if students is None or students.path is None or item.file.holder is not holder or isinstance(holder, Archive):
        return False
    return (holder.root / item.file.path).resolve() == students.path.resolve()


def _counted(items: list[Item], found: Found, added: set[File]) -> dict[str, int]:
    """How many files there are, and what became of them. The last is the rest: no file is in none of these."""
    graded = {entry.notebook for entry in found.entries}
    kept = {file for entry in found.entries for file in (*dict(entry.others).values(), *filter(None, [entry.stamp]))}
    before = {file for attempt in found.superseded for file in attempt.files}
    counts = {"graded": len(graded), "kept_with_them": len(kept - graded), "superseded": len(before - kept - graded),
              "left_by_programs": sum(item.junk for item in items) + len(added)}
    return {"found": len(items), **counts, "other": len(items) - sum(counts.values())}
