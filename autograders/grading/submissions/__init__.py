"""Submissions as they come: nbgrader's folders, loose notebooks, or what a learning-management system exports.

Everything is listed first, by name only; a submission's bytes are read when it is its turn. Who a student is comes from
names, matched exactly against a roster or by a pattern; what fits nobody, or two, is listed with the reason.
"""

from pathlib import Path

from autograders.grading.repair import Notes
from autograders.grading.submissions.entries import MOST_BYTES, MOST_FILES, Entry, Found, Unmatched, found_in
from autograders.grading.submissions.files import holder_of, items_in
from autograders.grading.submissions.forms import by_form, unwrapped
from autograders.grading.submissions.roster import Roster
from autograders.grading.submissions.units import by_pattern, compiled
from environments.errors import LabsError

__all__ = ["MOST_BYTES", "MOST_FILES", "Entry", "Found", "Roster", "Unmatched", "find"]

SOUGHT = "STUDENT/{0}/*.ipynb, STUDENT_{0}.ipynb, STUDENT.zip, and the exports of Moodle, Canvas and Blackboard"


def find(path: Path, assignment_name: str, students: Roster | None = None, pattern: str | None = None) -> Found:
    """Every submission of an assignment in a folder or zip archive.

    `pattern` is a regular expression with a group `student`, searched in each notebook's path; without it the forms of
    nbgrader, Moodle, Canvas and Blackboard are known. Raises LabsError where there is nothing to be found, or the
    archive or the pattern cannot be used.
    """
    notes = Notes()
    items = list(items_in(holder_of(Path(path)), notes))
    if not any(item.is_notebook for item in items):
        raise LabsError(f"no notebook in {path}: looked for {SOUGHT.format(assignment_name)}")
    units = by_pattern(items, compiled(pattern)) if pattern else by_form(unwrapped(items, assignment_name), assignment_name)
    return found_in(units, assignment_name, students, notes)
