"""`nbgrader export`: everyone's marks of all labs, and what is not in them yet."""

import csv
import io
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin

from autograders.grading.gradebook.files import put
from autograders.grading.gradebook.marks import status_of
from autograders.grading.ids import as_cell
from autograders.grading.journal import disk_errors_as_labs_error
from autograders.grading.not_graded import NotGraded

NBGRADERS = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
             "late_submission_penalty", "score", "max_score")
COLUMNS = (*NBGRADERS, "to_come", "status")


class MarksExport(ExportPlugin):
    """nbgrader's table, with two columns more:
    the points that a person has yet to give, and a word on each line's state.

    Who handed something in that could not be graded has a line too, without a score.
    """

    def export(self, gradebook: Gradebook) -> None:
        file = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", file)
        wanted = [{str(name) for name in names} for names in (self.assignment, self.student)]
        with disk_errors_as_labs_error(file):
            put(file.absolute(), table(gradebook, self._course(), *wanted).encode(), 0o644)

    def _course(self) -> CourseDirectory:
        return getattr(self.parent, "coursedir", None) or CourseDirectory(parent=self)


def stale(gradebook: Gradebook, course: CourseDirectory, names: Iterable[str]) -> list[str]:
    """The exports among these files that show other marks than there are now."""
    head = ",".join(COLUMNS).encode()
    found = {name: Path(course.root, name).read_bytes() for name in names if Path(course.root, name).is_file()}
    exports = {name: content for name, content in found.items() if content.startswith(head)}
    now = table(gradebook, course).encode() if exports else b""
    return [name for name, content in exports.items() if content != now]


def table(gradebook: Gradebook, course: CourseDirectory,
          assignments: Set[str] = frozenset(), students: Set[str] = frozenset()) -> str:
    """The marks as CSV: of these assignments and students, or of all."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    for assignment in gradebook.assignments:
        if not assignments or assignment.name in assignments:
            rows = (
                row for row in _rows(gradebook, course, assignment) if not students or row["student_id"] in students
            )
            writer.writerows({column: as_cell(value) for column, value in row.items()} for row in rows)
    return text.getvalue()


def _rows(gradebook: Gradebook, course: CourseDirectory, assignment: Assignment) -> Iterator[dict]:
    failed = NotGraded(course, assignment.name).reasons()
    known = {student.id: student for student in gradebook.students}
    for name in sorted({*known, *failed, *_handed_in(course, assignment.name)}):
        about = known.get(name)
        row = {"assignment": assignment.name, "duedate": assignment.duedate, "student_id": name,
               "max_score": assignment.max_score,
               **{column: getattr(about, column, None) for column in ("last_name", "first_name", "email")}}
        yield row | _marks(gradebook, course, assignment.name, name, failed.get(name, ""))


def _marks(gradebook: Gradebook, course: CourseDirectory, assignment: str, student: str, why_not: str) -> dict:
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        submission = None
    if submission and any(_folder(course, course.autograded_directory, student, assignment).glob("*.ipynb")):
        return _given(submission, why_not)
    if why_not or submission or student in _handed_in(course, assignment):
        return {"status": status_of(False, [], why_not or f"run labs grade {assignment.split('_')[0]}")}
    return {"raw_score": 0.0, "late_submission_penalty": 0.0, "score": 0.0, "status": "nothing handed in"}


def _given(submission: SubmittedAssignment, why_not: str) -> dict:
    penalty = submission.late_submission_penalty
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades if grade.needs_manual_grade]
    to_come = sum(grade.max_score for grade in grades if grade.manual_score is None and grade.auto_score is None) or 0.0
    return {"timestamp": submission.timestamp, "raw_score": submission.score, "late_submission_penalty": penalty,
            "score": max(0.0, submission.score - penalty), "to_come": to_come,
            "status": status_of(True, sorted(grade.name for grade in grades), why_not)}


def _handed_in(course: CourseDirectory, assignment: str) -> set[str]:
    everyone = Path(course.format_path(course.submitted_directory, "x", "x")).parents[1]
    if not everyone.is_dir():
        return set()
    return {folder.name for folder in everyone.iterdir() if (folder / assignment).is_dir()}


def _folder(course: CourseDirectory, step: str, student: str, assignment: str) -> Path:
    return Path(course.format_path(step, student, assignment))
