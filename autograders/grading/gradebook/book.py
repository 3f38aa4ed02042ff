"""nbgrader's record of one assignment, as grading uses it."""

import csv
import io
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from traitlets.config import Config

from autograders.grading.gradebook.by_hand import answers_at, answers_in, changed
from autograders.grading.gradebook.database import engine_for
from autograders.grading.gradebook.files import as_bytes, holds, ignored, layered, put, write_folder
from autograders.grading.gradebook.layout import Layout
from autograders.grading.gradebook.marks import COLUMNS, all_grades, column_of, marks_of, without_marks
from autograders.grading.gradebook.rows import KnownRows, RowChanges, Stored, time_of
from autograders.grading.gradebook.tables import HAS_GRADE
from autograders.grading.ids import as_cell, why_no_id
from autograders.grading.journal import RETRY_HINT, aloud, damaged, disk_errors_as_labs_error, trouble
from autograders.grading.model import Assignment, Graded, Release, Submission
from environments.errors import LabsError

if TYPE_CHECKING:
    from autograders.grading.gradebook.schema import Schemas

NO_RESPONSE = "No response."  # nbgrader's own words for an answer that was left as it was released


class CourseGradebook:
    """nbgrader's record of one assignment: its gradebook and its autograded folder.

        with Book(course_config(), assignment, release) as book:
            book.prepare()
            book.record(submission, graded)

    Everything raises LabsError where the gradebook is busy or damaged, or a disk is full or cannot be written.
    """

    def __init__(self, config: Config, assignment: Assignment, release: Release, say: Callable[[str], None] = aloud):
        self.name, self._release, self._say = assignment.name, release, say
        self._course = CourseDirectory(config=config)
        self._url = make_url(self._course.db_url)
        self._engine = engine_for(self._course.db_url)
        self._mode = int(str(Autograde(coursedir=self._course, config=config).permissions), 8)
        self._lateness = AssignLatePenalties(config=config)
        self._lateness.init_plugin()
        self._layout = Layout(release, self.name, self._course.course_id)

    def __enter__(self) -> "CourseGradebook":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    @property
    def place(self) -> str:
        """How to call the gradebook when speaking to a person."""
        return (self._url.database or "") if self._is_file else self._url.render_as_string(hide_password=True)

    @property
    def _is_file(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    def folder(self, student: str) -> Path:
        """Where the student's autograded files are. Raises LabsError where the id cannot be the name of a folder."""
        if why := why_no_id(student):
            raise LabsError(
                f"{student[:60]!a} cannot be a student's id ({why}). Rename the submission's folder and run the same "
                "command again."
            )
        return Path(self._course.format_path(self._course.autograded_directory, student, self.name))

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with disk_errors_as_labs_error(self.place):
            try:
                with self._engine.begin() as connection:
                    yield connection
            except DBAPIError as e:
                raise self._trouble(e.orig or e) from None

    def _trouble(self, e: BaseException) -> LabsError:
        if isinstance(e, sqlite3.DatabaseError) and damaged(e):
            return LabsError(
                f"{self.place} is damaged ({e}). Put a copy of it in its place, or move it away, {RETRY_HINT} "
                "Marks and comments written by hand are in it alone."
            )
        return trouble(e, self.place)

    # What the gradebook knows of the assignment

    def prepare(self) -> None:
        """Make sure that the gradebook exists, has nbgrader's current schema, and knows the assignment's current cells.

        Cells may change while there are submissions: what was given for a cell that is gone goes with it.
        Raises LabsError where that would lose what a person wrote.
        """
        self._prepare_schema()
        with self._transaction() as connection:
            self._layout.prepare(connection)

    def _prepare_schema(self) -> None:
        from autograders.grading.gradebook.schema import (
            Schemas,  # alembic takes a tenth of a second, in which workers have begun
        )

        schemas = Schemas()
        with self._transaction() as connection:
            version = schemas.made(connection)
        if version != schemas.newest:
            self._upgrade(schemas, version)

    def _upgrade(self, schemas: "Schemas", version: str) -> None:
        """What `nbgrader db upgrade` does, its copy of the file included."""
        if not schemas.knows(version):
            raise LabsError(
                f"{self.place} was made by a newer nbgrader (its schema is {version}). Install that nbgrader, "
                "or move the file away, then run the same command again."
            )
        if not self._is_file:
            raise LabsError(
                f"{self.place} was made by an older nbgrader. Back it up, run: nbgrader db upgrade\nand {RETRY_HINT}"
            )
        copy = self.place + datetime.now().strftime(".%Y-%m-%d-%H%M%S.%f")
        with (
            disk_errors_as_labs_error(self.place),
            closing(sqlite3.connect(self.place)) as old,
            closing(sqlite3.connect(copy)) as new,
        ):
            old.backup(new)
        with self._transaction() as connection:
            schemas.migrate(connection)
        self._say(f"{self.place} was upgraded for this version of nbgrader; {copy} is as it was.")

    # What it knows of a submission

    def record(self, submission: Submission, graded: Graded) -> list[str]:
        """Store what a submission was given: all of it or, where this raises, nothing that counts as stored.

        Marks and comments written by hand stay; returned are the cells whose mark by hand was given for another answer,
        which now wait for a person again. Recording the same again changes nothing, and completes what a kill left.
        """
        folder, files = self.folder(submission.student), self._files(submission, graded)
        with self._transaction() as connection:
            changes = self._changes(connection, submission, graded)
            changes.make(connection)
        with disk_errors_as_labs_error(folder):
            write_folder(folder, files, self._course, self._mode)
        return changes.to_look_at

    def recorded(self, submission: Submission, graded: Graded) -> bool:
        """Whether gradebook and folder hold exactly this result already."""
        folder = self.folder(submission.student)
        with disk_errors_as_labs_error(folder):
            if not holds(folder, self._files(submission, graded), self._course):
                return False
        with self._transaction() as connection:
            return not self._changes(connection, submission, graded)

    def _changes(self, connection: Connection, submission: Submission, graded: Graded) -> RowChanges:
        known = KnownRows.of(connection, self.name)
        if (
            known is None
            or {(cell.name, cell.type) for cell in known.cells if cell.notebook == self.name}
            != self._layout.cells.keys()
        ):
            raise LabsError(
                f"the gradebook's cells of {self.name} changed while it was graded. Run the same command again."
            )
        if {name for name, kind in self._layout.cells if kind == "GradeCell"} - {
            verdict.name for verdict in graded.verdicts
        }:
            raise LabsError(
                f"{submission.student}: not every cell of {self.name} was graded. Run the same command again."
            )
        changes = RowChanges(Stored.of(connection, known, submission.student))
        changes.submit(known, submission.student, time_of(submission))
        other_answers = self._changed_answers(submission.student, graded) if changes.marked_by_hand else set()
        self._grade(changes, known, graded, other_answers)
        self._be_late(changes, known, submission.student)
        return changes

    def _changed_answers(self, student: str, graded: Graded) -> set[str]:
        """The cells whose answers are others than those in the autograded folder, which graders read from, so far."""
        before = answers_at(self.folder(student) / f"{self.name}.ipynb")
        return changed(before, answers_in(json.loads(graded.notebook))) if graded.notebook else set()

    def _grade(self, changes: RowChanges, known: KnownRows, graded: Graded, other_answers: set[str]) -> None:
        points = {verdict.name: verdict.points for verdict in graded.verdicts}
        for cell in known.cells:
            if cell.notebook != self.name:  # not handed in: nbgrader gives nothing for it
                changes.missing(cell)
                continue
            unanswered = graded.answered.get(cell.name) is False
            if cell.type == "GradeCell":
                given = points[cell.name]
                changes.grade(cell, 0.0 if given is None and unanswered else given, cell.name in other_answers)
            if cell.type == "SolutionCell":
                changes.comment(cell, NO_RESPONSE if unanswered else None)
            if cell.type == "TaskCell":
                changes.task(cell, cell.name in other_answers)

    def _be_late(self, changes: RowChanges, known: KnownRows, student: str) -> None:
        """The penalty that the course's LateSubmissionPlugin asks for."""
        for notebook, name in known.notebooks.items():
            if name == self.name:
                penalty, score, late = None, changes.score(notebook), changes.seconds_late(known.due)
                if late > 0:
                    penalty = self._lateness.plugin_inst.late_submission_penalty(student, score, late)
                changes.penalty(notebook, None if penalty is None else min(max(penalty, 0), score))

    def _files(self, submission: Submission, graded: Graded) -> dict[str, bytes]:
        """The autograded files, the notebook last: nbgrader takes a folder that has it for done."""
        notebook = {f"{self.name}.ipynb": as_bytes(graded.notebook)} if graded.notebook else {}
        stamp = {"timestamp.txt": submission.submitted.encode()} if submission.submitted else {}
        others = [
            {path: content for path, content in files.items() if not ignored(path, [*self._course.ignore, "*.ipynb"])}
            for files in (self._release.files, submission.files)
        ]
        files = layered(notebook, *others, stamp)
        return {**{path: content for path, content in files.items() if path not in notebook}, **notebook}

    # What it tells

    def marks(self, not_graded: dict[str, str] | None = None) -> list[dict]:
        """Everyone's marks, one row a student: the points of each graded cell in the notebook's order (None where a
        person has yet to decide), `by_hand` what a person gave of them, `to_come` what one can still give, the late
        penalty, total, maximum, status. Those in `not_graded`, which gives the reason, have a row too."""
        reasons = not_graded or {}
        points = {
            name: self._layout.cells[name, kind]["max_score"] for name, kind in self._layout.cells if kind in HAS_GRADE
        }
        students: dict[str, dict[str, tuple]] = defaultdict(dict)
        penalties = {}
        with self._transaction() as connection:
            grades: Iterable[Any] = connection.execute(all_grades(self.name))
            for student, penalty, name, *given in grades:
                students[student][name], penalties[student] = tuple(given), penalty or 0.0
        rows = [marks_of(student, {name: theirs[name] for name in points if name in theirs}, penalties[student], points,
                         reasons.get(student, "")) for student, theirs in students.items()]
        rows += [without_marks(student, points, why) for student, why in reasons.items() if student not in students]
        return sorted(rows, key=lambda row: row["student"])

    def write_csv(self, path: Path, not_graded: dict[str, str] | None = None) -> None:
        """The marks as a table that a spreadsheet opens."""
        names = [column_of(name) for name, kind in self._layout.cells if kind in HAS_GRADE]
        table = io.StringIO(newline="")
        writer = csv.DictWriter(table, [COLUMNS[0], *names, *COLUMNS[1:]], restval="")
        writer.writeheader()
        writer.writerows({column: as_cell(value) for column, value in row.items()} for row in self.marks(not_graded))
        with disk_errors_as_labs_error(path):
            put(Path(path), table.getvalue().encode(), 0o644)
