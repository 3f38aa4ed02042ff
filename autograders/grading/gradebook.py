"""Results into nbgrader's own gradebook and autograded folder, as `nbgrader autograde` would have left them there."""

import csv
import io
import json
import os
import re
import secrets
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import nbformat
from alembic.config import Config as Settings
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from nbgrader import api, dbutil
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import is_grade, is_locked, is_solution, is_task, parse_utc
from sqlalchemy import Connection, Engine, bindparam, create_engine, delete, event, func, insert, inspect, or_, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from traitlets.config import Config

from autograders.grading.journal import AGAIN, aloud, damaged, in_words, trouble
from autograders.grading.model import Assignment, Graded, Release, Submission
from environments.errors import LabsError

BUSY = 30  # seconds to wait for a gradebook that formgrader is writing
NO_RESPONSE = "No response."  # nbgrader's own words for an answer that was left as it was released
STUDENT_ID = re.compile(r"(?![.=\s-])[^/\\+]{1,128}(?<!\s)")
COLUMNS = ("student", "by_hand", "late_penalty", "total", "max", "status")
HAS_GRADE, HAS_COMMENT = ("GradeCell", "TaskCell"), ("SolutionCell", "TaskCell")

COURSE, ASSIGNMENT, NOTEBOOK, STUDENT = (one.__table__ for one in (api.Course, api.Assignment, api.Notebook, api.Student))
CELL, SOURCE = api.BaseCell.__table__, api.SourceCell.__table__
CELLS = {"GradeCell": api.GradeCell.__table__, "SolutionCell": api.SolutionCell.__table__, "TaskCell": api.TaskCell.__table__}
SUBMITTED, SUBMITTED_NOTEBOOK = api.SubmittedAssignment.__table__, api.SubmittedNotebook.__table__
GRADE, COMMENT = api.Grade.__table__, api.Comment.__table__


class Book:
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
        self._engine = _engine(self._course.db_url)
        self._mode = int(str(Autograde(coursedir=self._course, config=config).permissions), 8)
        self._lateness = AssignLatePenalties(config=config)
        self._lateness.init_plugin()
        notebook = nbformat.reads(release.full, as_version=4)
        self._kernel = json.dumps(notebook.metadata.get("kernelspec", {}))
        self._cells, self._sources = _cells(notebook), _sources(notebook)

    def __enter__(self) -> "Book":
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
        if not STUDENT_ID.fullmatch(student) or not student.isprintable():
            raise LabsError(f"{student!a} cannot be a student's id: up to 128 printable characters, no / \\ or +, not beginning "
                            "with . = or -. Rename the submission's folder and run the same command again.")
        return Path(self._course.format_path(self._course.autograded_directory, student, self.name))

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with in_words(self.place):
            try:
                with self._engine.begin() as connection:
                    yield connection
            except DBAPIError as e:
                raise self._trouble(e.orig) from None

    def _trouble(self, e: BaseException) -> LabsError:
        if isinstance(e, sqlite3.DatabaseError) and damaged(e):
            return LabsError(f"{self.place} is damaged ({e}). Put a copy of it in its place, or move it away, {AGAIN} "
                             "Marks and comments written by hand are in it alone.")
        return trouble(e, self.place)

    # What the gradebook knows of the assignment

    def prepare(self) -> None:
        """Make sure that the gradebook exists, has nbgrader's current schema, and knows the assignment's current cells.

        Cells may change while there are submissions: what was given for a cell that is gone goes with it.
        Raises LabsError where that would lose what a person wrote.
        """
        self._prepare_schema()
        with self._transaction() as connection:
            notebook = self._notebook(connection)
            self._prepare_cells(connection, notebook)
            self._prepare_sources(connection, notebook)

    def _prepare_schema(self) -> None:
        schemas = ScriptDirectory(dbutil.ALEMBIC_DIR)
        with self._transaction() as connection:
            version = MigrationContext.configure(connection).get_current_revision()
            if version is None and _is_current(connection):  # new, or nbgrader was killed while it made it
                api.Base.metadata.create_all(connection)
                MigrationContext.configure(connection).stamp(schemas, "head")
                version = schemas.get_current_head()
        if version != schemas.get_current_head():
            self._upgrade(schemas, version or "base")

    def _upgrade(self, schemas: ScriptDirectory, version: str) -> None:
        """What `nbgrader db upgrade` does, its copy of the file included."""
        try:
            schemas.get_revision(version)
        except CommandError:
            raise LabsError(f"{self.place} was made by a newer nbgrader (its schema is {version}). Install that nbgrader, "
                            "or move the file away, then run the same command again.") from None
        if not self._is_file:
            raise LabsError(f"{self.place} was made by an older nbgrader. Back it up, run: nbgrader db upgrade\nand {AGAIN}")
        copy = self.place + datetime.now().strftime(".%Y-%m-%d-%H%M%S.%f")
        with in_words(self.place), closing(sqlite3.connect(self.place)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        with self._transaction() as connection:
            _migrate(connection, schemas)
        self._say(f"{self.place} was upgraded for this version of nbgrader; {copy} is as it was.")

    def _notebook(self, connection: Connection) -> str:
        """The id of the assignment's notebook, made known where it was not."""
        course = self._course.course_id
        if course:
            _found_or_made(connection, COURSE, id=course)
        assignment = _found_or_made(connection, ASSIGNMENT, name=self.name, more={"course_id": course})
        notebook = _found_or_made(connection, NOTEBOOK, name=self.name, assignment_id=assignment)
        connection.execute(update(NOTEBOOK).where(NOTEBOOK.c.id == notebook, NOTEBOOK.c.kernelspec.is_distinct_from(self._kernel))
                           .values(kernelspec=self._kernel))
        return notebook

    def _prepare_cells(self, connection: Connection, notebook: str) -> None:
        query = select(CELL.c.id, CELL.c.name, CELL.c.type).where(CELL.c.notebook_id == notebook)
        there = {(name, kind): cell for cell, name, kind in connection.execute(query)}
        self._take_out(connection, {one: cell for one, cell in there.items() if one not in self._cells})
        self._put_in(connection, notebook, [one for one in self._cells if one not in there])
        for (name, kind), values in self._cells.items():
            if values and (name, kind) in there:
                _update_where_different(connection, CELLS[kind], there[name, kind], values)

    def _take_out(self, connection: Connection, gone: dict[tuple[str, str], str]) -> None:
        """Remove cells, with what was given for them. Raises LabsError where a person gave some of it."""
        if not gone:
            return
        ids = list(gone.values())
        marked = or_(GRADE.c.manual_score.is_not(None), GRADE.c.extra_credit.is_not(None))
        marks = connection.scalar(select(func.count()).where(GRADE.c.cell_id.in_(ids), marked))
        comments = connection.scalar(select(func.count()).where(COMMENT.c.cell_id.in_(ids), COMMENT.c.manual_comment != ""))
        if marks or comments:
            names = ", ".join(sorted({name for name, _ in gone}))
            raise LabsError(f"{self.name} lost {names}, where {marks} marks and {comments} comments were written by hand. "
                            f"Put the cell back, or clear them in formgrader, {AGAIN}")
        for table, column in [(GRADE, "cell_id"), (COMMENT, "cell_id"), *((one, "id") for one in CELLS.values()), (CELL, "id")]:
            connection.execute(delete(table).where(table.c[column].in_(ids)))

    def _put_in(self, connection: Connection, notebook: str, new: list[tuple[str, str]]) -> None:
        """Add cells; for submissions that are there they wait to be graded."""
        submitted = connection.scalars(select(SUBMITTED_NOTEBOOK.c.id).where(SUBMITTED_NOTEBOOK.c.notebook_id == notebook)).all()
        for name, kind in new:
            cell = api.new_uuid()
            connection.execute(insert(CELL).values(id=cell, name=name, type=kind, notebook_id=notebook))
            connection.execute(insert(CELLS[kind]).values(id=cell, **self._cells[name, kind]))
            for table in _marked_in(kind) if submitted else ():
                connection.execute(insert(table), [{"cell_id": cell, "notebook_id": one} for one in submitted])

    def _prepare_sources(self, connection: Connection, notebook: str) -> None:
        query = select(SOURCE.c.name, SOURCE.c.id).where(SOURCE.c.notebook_id == notebook)
        there = {name: cell for name, cell in connection.execute(query)}
        if there.keys() != self._sources.keys():  # all anew: nbgrader takes the order of its rows for that of the notebook
            connection.execute(delete(SOURCE).where(SOURCE.c.notebook_id == notebook))
            there = {}
        for name, values in self._sources.items():
            if name in there:
                _update_where_different(connection, SOURCE, there[name], values)
            else:
                connection.execute(insert(SOURCE).values(name=name, notebook_id=notebook, **values))

    # What it knows of a submission

    def record(self, submission: Submission, graded: Graded) -> None:
        """Store what a submission was given: all of it or, where this raises, nothing that counts as stored.

        Marks and comments written by hand stay. Recording the same again changes nothing, and completes what a kill left.
        """
        folder, files = self.folder(submission.student), self._files(submission, graded)
        with self._transaction() as connection:
            self._changes(connection, submission, graded).make(connection)
        with in_words(folder):
            _write_folder(folder, files, self._course, self._mode)

    def recorded(self, submission: Submission, graded: Graded) -> bool:
        """Whether gradebook and folder hold exactly this result already."""
        folder = self.folder(submission.student)
        with in_words(folder):
            if not _holds(folder, self._files(submission, graded), self._course):
                return False
        with self._transaction() as connection:
            return not self._changes(connection, submission, graded)

    def _changes(self, connection: Connection, submission: Submission, graded: Graded) -> "_Changes":
        known = _Known.of(connection, self.name)
        if known is None or {(cell.name, cell.type) for cell in known.cells if cell.notebook == self.name} != self._cells.keys():
            raise LabsError(f"the gradebook's cells of {self.name} changed while it was graded. Run the same command again.")
        if {name for name, kind in self._cells if kind == "GradeCell"} - {verdict.name for verdict in graded.verdicts}:
            raise LabsError(f"{submission.student}: not every cell of {self.name} was graded. Run the same command again.")
        changes = _Changes(_Stored.of(connection, known, submission.student))
        changes.submit(known, submission.student, _time(submission))
        self._grade(changes, known, graded)
        self._be_late(changes, known, submission.student)
        return changes

    def _grade(self, changes: "_Changes", known: "_Known", graded: Graded) -> None:
        points = {verdict.name: verdict.points for verdict in graded.verdicts}
        for cell in known.cells:
            if cell.notebook != self.name:  # not handed in: nbgrader gives nothing for it
                changes.missing(cell)
                continue
            unanswered = graded.answered.get(cell.name) is False
            if cell.type == "GradeCell":
                given = points[cell.name]
                changes.grade(cell, 0.0 if given is None and unanswered else given)
            if cell.type == "SolutionCell":
                changes.comment(cell, NO_RESPONSE if unanswered else None)
            if cell.type == "TaskCell":
                changes.task(cell)

    def _be_late(self, changes: "_Changes", known: "_Known", student: str) -> None:
        """The penalty that the course's LateSubmissionPlugin asks for."""
        for notebook, name in known.notebooks.items():
            if name == self.name:
                penalty, score, late = None, changes.score(notebook), changes.seconds_late(known.due)
                if late > 0:
                    penalty = self._lateness.plugin_inst.late_submission_penalty(student, score, late)
                changes.penalty(notebook, None if penalty is None else min(max(penalty, 0), score))

    def _files(self, submission: Submission, graded: Graded) -> dict[str, bytes]:
        """The autograded files, the notebook last: nbgrader takes a folder that has it for done."""
        notebook = {f"{self.name}.ipynb": _bytes(graded.notebook)} if graded.notebook else {}
        stamp = {"timestamp.txt": submission.submitted.encode()} if submission.submitted else {}
        others = [{path: content for path, content in files.items() if not _ignored(path, [*self._course.ignore, "*.ipynb"])}
                  for files in (self._release.files, submission.files)]
        files = _layered(notebook, *others, stamp)
        return {**{path: content for path, content in files.items() if path not in notebook}, **notebook}

    # What it tells

    def marks(self) -> list[dict]:
        """Everyone's marks, one row a student: the points of each graded cell in the notebook's order (None where a person
        has yet to decide), `by_hand` what a person gave of them, the late penalty, total, maximum, status."""
        names = [name for name, kind in self._cells if kind in HAS_GRADE]
        most = sum(self._cells[one]["max_score"] for one in self._cells if one[1] in HAS_GRADE)
        students: dict[str, dict[str, tuple]] = defaultdict(dict)
        penalties = {}
        with self._transaction() as connection:
            for student, penalty, name, *given in connection.execute(_all_grades(self.name)):
                students[student][name], penalties[student] = tuple(given), penalty or 0.0
        return [_marks_of(student, {name: grades[name] for name in names if name in grades}, penalties[student], most)
                for student, grades in students.items()]

    def write_csv(self, path: Path) -> None:
        """The marks as a table that a spreadsheet opens."""
        names = [_column(name) for name, kind in self._cells if kind in HAS_GRADE]
        table = io.StringIO(newline="")
        writer = csv.DictWriter(table, [COLUMNS[0], *names, *COLUMNS[1:]], restval="")
        writer.writeheader()
        writer.writerows(self.marks())
        with in_words(path):
            _put(Path(path), table.getvalue().encode(), 0o644)


# A submission's rows

@dataclass(frozen=True)
class _Cell:
    """A cell as the gradebook knows it; `notebook` is its notebook's name."""

    id: str
    name: str
    type: str
    notebook: str
    notebook_id: str


@dataclass(frozen=True)
class _Known:
    """An assignment as the gradebook knows it: `notebooks` are names by id."""

    id: str
    due: datetime | None
    notebooks: dict[str, str]
    cells: list[_Cell]

    @classmethod
    def of(cls, connection: Connection, name: str) -> "_Known | None":
        rows = connection.execute(_KNOWN, {"name": name}).all()
        if not rows:
            return None
        notebooks = {row.notebook_id: row.notebook for row in rows}
        cells = [_Cell(row.cell, row.name, row.type, row.notebook, row.notebook_id) for row in rows if row.cell]
        return cls(rows[0].id, rows[0].duedate, notebooks, cells)


_KNOWN = (
    select(ASSIGNMENT.c.id, ASSIGNMENT.c.duedate, NOTEBOOK.c.id.label("notebook_id"), NOTEBOOK.c.name.label("notebook"),
           CELL.c.id.label("cell"), CELL.c.name, CELL.c.type)
    .select_from(ASSIGNMENT.join(NOTEBOOK, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
                 .outerjoin(CELL, CELL.c.notebook_id == NOTEBOOK.c.id))
    .where(ASSIGNMENT.c.name == bindparam("name")))


@dataclass
class _Stored:
    """What the gradebook holds of one submission: rows by notebook, and by notebook and cell."""

    student: bool
    submitted: dict | None = None
    notebooks: dict[str, dict] = field(default_factory=dict)
    grades: dict[tuple[str, str], dict] = field(default_factory=dict)
    comments: dict[tuple[str, str], dict] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, known: _Known, student: str) -> "_Stored":
        submitted = connection.execute(_SUBMITTED, {"known": known.id, "whose": student}).mappings().first()
        if submitted is None:
            return cls(connection.scalar(_STUDENT, {"whose": student}) is not None)
        notebooks = _dicts(connection, _NOTEBOOKS, submitted["id"])
        by_id = {row["id"]: row["notebook_id"] for row in notebooks}
        return cls(True, dict(submitted), {row["notebook_id"]: row for row in notebooks}, *(
            {(by_id[row["notebook_id"]], row["cell_id"]): row for row in _dicts(connection, query, submitted["id"])}
            for query in (_GRADES, _COMMENTS)))


def _dicts(connection: Connection, query, submitted: str) -> list[dict]:
    return [dict(row) for row in connection.execute(query, {"submitted": submitted}).mappings()]


def _of_submission(table):
    """A table's rows of one submission, held against a grader who writes meanwhile (SQLite holds the whole file)."""
    own = select(SUBMITTED_NOTEBOOK.c.id).where(SUBMITTED_NOTEBOOK.c.assignment_id == bindparam("submitted"))
    return select(table).where(table.c.notebook_id.in_(own)).with_for_update()


_STUDENT = select(STUDENT.c.id).where(STUDENT.c.id == bindparam("whose"))
_SUBMITTED = select(SUBMITTED).where(
    SUBMITTED.c.assignment_id == bindparam("known"), SUBMITTED.c.student_id == bindparam("whose"))
_NOTEBOOKS = select(SUBMITTED_NOTEBOOK).where(SUBMITTED_NOTEBOOK.c.assignment_id == bindparam("submitted"))
_GRADES, _COMMENTS = _of_submission(GRADE), _of_submission(COMMENT)


class _Changes:
    """What must change in the gradebook for it to hold a result; false where nothing must."""

    def __init__(self, stored: _Stored):
        self._stored = stored
        self._new: dict = {}
        self._changed: dict = {}
        self._added: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._new or self._changed)

    def make(self, connection: Connection) -> None:
        for table, rows in self._new.items():
            connection.execute(insert(table), rows)
        for table, rows in self._changed.items():
            columns = [name for name in rows[0] if name != "its_id"]
            values = {name: bindparam(name) for name in columns}
            connection.execute(update(table).where(table.c.id == bindparam("its_id")).values(values), rows)

    def submit(self, known: _Known, student: str, when: datetime | None) -> None:
        """The submission with its notebooks; an earlier time stays where none is given now."""
        if not self._stored.student:
            self._add(STUDENT, {"id": student})
        if self._stored.submitted is None:
            self._stored.submitted = self._add(SUBMITTED, {
                "id": api.new_uuid(), "assignment_id": known.id, "student_id": student, "timestamp": when, "extension": None})
        elif when is not None:
            self._set(SUBMITTED, self._stored.submitted, timestamp=when)
        for notebook in known.notebooks:
            if notebook not in self._stored.notebooks:
                self._stored.notebooks[notebook] = self._add(SUBMITTED_NOTEBOOK, {
                    "id": api.new_uuid(), "assignment_id": self._stored.submitted["id"], "notebook_id": notebook,
                    "flagged": False, "late_submission_penalty": None})

    def grade(self, cell: _Cell, points: float | None) -> None:
        """The machine's points. Where a person gave some, they stand, and the person is asked to look again."""
        row = self._grade(cell)
        self._set(GRADE, row, auto_score=points, needs_manual_grade=row["manual_score"] is not None or points is None)

    def missing(self, cell: _Cell) -> None:
        if cell.type in HAS_GRADE:
            self._set(GRADE, self._grade(cell), auto_score=0.0, needs_manual_grade=False)
        if cell.type in HAS_COMMENT:
            self._comment(cell)

    def task(self, cell: _Cell) -> None:
        """A person gives what a task is worth; nbgrader's autograding leaves that alone."""
        self._grade(cell)
        self.comment(cell, None)

    def comment(self, cell: _Cell, words: str | None) -> None:
        self._set(COMMENT, self._comment(cell), auto_comment=words)

    def penalty(self, notebook: str, points: float | None) -> None:
        self._set(SUBMITTED_NOTEBOOK, self._stored.notebooks[notebook], late_submission_penalty=points)

    def score(self, notebook: str) -> float:
        """What nbgrader calls a submitted notebook's score."""
        return sum(_score(row["auto_score"], row["manual_score"], row["extra_credit"]) or 0.0
                   for (its, _), row in self._stored.grades.items() if its == notebook)

    def seconds_late(self, due: datetime | None) -> float:
        submitted = self._stored.submitted
        if due is None or submitted["timestamp"] is None:
            return 0
        return max(0, (submitted["timestamp"] - due - (submitted["extension"] or timedelta())).total_seconds())

    def _grade(self, cell: _Cell) -> dict:
        nothing = {"auto_score": None, "manual_score": None, "extra_credit": None, "needs_manual_grade": True}
        return self._row(GRADE, self._stored.grades, cell, nothing)

    def _comment(self, cell: _Cell) -> dict:
        return self._row(COMMENT, self._stored.comments, cell, {"auto_comment": None, "manual_comment": None})

    def _row(self, table, stored: dict, cell: _Cell, values: dict) -> dict:
        where = (cell.notebook_id, cell.id)
        if where not in stored:
            notebook = self._stored.notebooks[cell.notebook_id]["id"]
            stored[where] = self._add(table, {"id": api.new_uuid(), "cell_id": cell.id, "notebook_id": notebook, **values})
        return stored[where]

    def _add(self, table, row: dict) -> dict:
        self._new.setdefault(table, []).append(row)
        self._added.add(row["id"])
        return row

    def _set(self, table, row: dict, **values) -> None:
        """New values of a row: of one still to be added, in place; of one that is there, only where they differ."""
        if any(row[name] != value for name, value in values.items()):
            row.update(values)
            if row["id"] not in self._added:
                self._changed.setdefault(table, []).append({"its_id": row["id"], **values})


def _score(auto: float | None, by_hand: float | None, extra: float | None) -> float | None:
    """nbgrader's rule: a person's points stand above the machine's. None where neither gave any."""
    given = auto if by_hand is None else by_hand
    return None if given is None else given + (extra or 0.0)


def _time(submission: Submission) -> datetime | None:
    try:
        return parse_utc(submission.submitted) if submission.submitted else None
    except (ValueError, OverflowError):
        raise LabsError(f"{submission.student}: {submission.submitted!a} is no time. Write one like 2026-03-01 12:00:00 UTC "
                        "into timestamp.txt beside the notebook, or remove that file, then run the same command again.") from None


# The assignment's rows

def _cells(notebook: nbformat.NotebookNode) -> dict[tuple[str, str], dict]:
    """The cells that get marks or comments, by name and nbgrader's type, with what is kept of them."""
    found = {}
    for cell in notebook.cells:
        for kind, of_kind in (("GradeCell", is_grade), ("SolutionCell", is_solution), ("TaskCell", is_task)):
            if of_kind(cell):
                about = cell.metadata.nbgrader
                worth = {"max_score": float(about.points), "cell_type": cell.cell_type} if kind in HAS_GRADE else {}
                found[about.grade_id, kind] = worth
    return found


def _sources(notebook: nbformat.NotebookNode) -> dict[str, dict]:
    """The cells that nbgrader restores in a submission, by name."""
    return {
        cell.metadata.nbgrader.grade_id: {
            "cell_type": cell.cell_type, "locked": is_locked(cell), "source": cell.source,
            "checksum": cell.metadata.nbgrader.get("checksum")}
        for cell in notebook.cells if is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell)}


def _marked_in(kind: str) -> list:
    return [table for table, kinds in ((GRADE, HAS_GRADE), (COMMENT, HAS_COMMENT)) if kind in kinds]


def _found_or_made(connection: Connection, table, more: dict | None = None, **values) -> str:
    """The id of the row that has these values."""
    found = connection.scalar(select(table.c.id).where(*(table.c[name] == value for name, value in values.items())))
    if found is None:
        found = values.get("id") or api.new_uuid()
        connection.execute(insert(table).values(**{"id": found, **values, **(more or {})}))
    return found


def _update_where_different(connection: Connection, table, row: str, values: dict) -> None:
    different = or_(*(table.c[name].is_distinct_from(value) for name, value in values.items()))
    connection.execute(update(table).where(table.c.id == row, different).values(values))


# The database

def _engine(url: str) -> Engine:
    """Connections whose transactions hold SQLite's one write lock from their beginning: what they read stays true."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY})
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _is_current(connection: Connection) -> bool:
    """Whether all tables that are there are as this nbgrader makes them."""
    known, there = api.Base.metadata.tables, inspect(connection)
    return all(name in known and {column["name"] for column in there.get_columns(name)} >= set(known[name].c.keys())
               for name in there.get_table_names() if name != "alembic_version")


def _migrate(connection: Connection, schemas: ScriptDirectory) -> None:
    """To nbgrader's current schema, all of it or nothing. (`alembic upgrade` sets the whole process's logging.)"""
    with EnvironmentContext(Settings(), schemas, fn=lambda version, _: schemas._upgrade_revs("head", version)) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()


# Marks as rows

def _all_grades(name: str):
    return (
        select(SUBMITTED.c.student_id, SUBMITTED_NOTEBOOK.c.late_submission_penalty, CELL.c.name,
               GRADE.c.auto_score, GRADE.c.manual_score, GRADE.c.extra_credit, GRADE.c.needs_manual_grade)
        .select_from(ASSIGNMENT.join(SUBMITTED, SUBMITTED.c.assignment_id == ASSIGNMENT.c.id)
                     .join(SUBMITTED_NOTEBOOK, SUBMITTED_NOTEBOOK.c.assignment_id == SUBMITTED.c.id)
                     .join(NOTEBOOK, NOTEBOOK.c.id == SUBMITTED_NOTEBOOK.c.notebook_id)
                     .join(GRADE, GRADE.c.notebook_id == SUBMITTED_NOTEBOOK.c.id).join(CELL, CELL.c.id == GRADE.c.cell_id))
        .where(ASSIGNMENT.c.name == name, NOTEBOOK.c.name == name).order_by(SUBMITTED.c.student_id))


def _marks_of(student: str, grades: dict[str, tuple], penalty: float, most: float) -> dict:
    """One student's row from (machine's points, a person's, extra credit, whether a person must look) by cell."""
    scores = {name: _score(*given[:3]) for name, given in grades.items()}
    by_hand = sum((given[1] or 0.0) + (given[2] or 0.0) for given in grades.values())
    waits = any(given[3] for given in grades.values())
    total = max(0.0, sum(score or 0.0 for score in scores.values()) - penalty)
    own = dict(zip(COLUMNS[1:], (by_hand, penalty, total, most, "waits for a person" if waits else "graded"), strict=True))
    return {COLUMNS[0]: student, **{_column(name): score for name, score in scores.items()}, **own}


def _column(cell: str) -> str:
    return f"{cell} (cell)" if cell in COLUMNS else cell


# Files

def _bytes(notebook: str) -> bytes:
    """A notebook as UTF-8; half a surrogate pair, which UTF-8 has no bytes for, as JSON's own escape."""
    return notebook.encode("utf-8", "backslashreplace")


def _layered(*layers: dict[str, bytes]) -> dict[str, bytes]:
    """Files of several origins as one folder: where two cannot both be, the earlier layer's.

    Raises LabsError for a path that leads out of the folder.
    """
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    for path, content in (one for layer in layers for one in layer.items()):
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\0" in path:
            raise LabsError(f"{path!a} leads out of a submission's folder. Remove it there and run the same command again.")
        above = {str(one) for one in pure.parents[:-1]}
        if str(pure) not in files and str(pure) not in folders and not above & files.keys():
            files[str(pure)] = content
            folders |= above
    return files


def _ignored(path: str, patterns: list[str]) -> bool:
    return any(fnmatch(part, pattern) for part in PurePosixPath(path).parts for pattern in patterns)


def _present(folder: Path, course: CourseDirectory) -> set[str]:
    """The files of a folder, links among them, that nbgrader does not ignore."""
    found = {os.path.relpath(os.path.join(at, name), folder) for at, folders, names in os.walk(folder)
             for name in [*names, *(one for one in folders if os.path.islink(os.path.join(at, one)))]}
    return {path for path in found if not _ignored(path, course.ignore)}


def _holds(folder: Path, files: dict[str, bytes], course: CourseDirectory) -> bool:
    return _present(folder, course) == files.keys() and all(_has(folder / path, content) for path, content in files.items())


def _has(path: Path, content: bytes) -> bool:
    """Whether a file has this content."""
    try:
        return not path.is_symlink() and path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def _write_folder(folder: Path, files: dict[str, bytes], course: CourseDirectory, mode: int) -> None:
    """Make a folder hold these files and no others, touching only what differs, the last file last."""
    _make(folder, course)
    for path in _present(folder, course) - files.keys():
        (folder / path).unlink()
    missing = {folder / path: content for path, content in files.items() if not _has(folder / path, content)}
    for path, content in missing.items():
        _make(path.parent, course)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        _put(path, content, mode)
    for parent in {path.parent for path in missing}:
        _sync(parent)


def _make(folder: Path, course: CourseDirectory) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if course.groupshared:
        with suppress(PermissionError):  # another instructor's, who has shared it
            folder.chmod((folder.stat().st_mode | 0o2770) & 0o2777)


def _put(path: Path, content: bytes, mode: int) -> None:
    """Replace a file in one step: a kill or a power cut leaves either the old content or the new."""
    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with open(draft, "xb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    at = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)
