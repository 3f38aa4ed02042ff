"""The rows of one submission: what the gradebook holds of it, and what must change there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nbgrader import api
from nbgrader.utils import parse_utc
from sqlalchemy import Connection, bindparam, insert, select, update

from autograders.grading.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    COMMENT,
    GRADE,
    HAS_COMMENT,
    HAS_GRADE,
    NOTEBOOK,
    STUDENT,
    SUBMITTED,
    SUBMITTED_NOTEBOOK,
)
from autograders.grading.model import Submission
from environments.errors import LabsError


@dataclass(frozen=True)
class StoredCell:
    """A cell as the gradebook knows it; `notebook` is its notebook's name."""

    id: str
    name: str
    type: str
    notebook: str
    notebook_id: str


@dataclass(frozen=True)
class KnownRows:
    """An assignment as the gradebook knows it: `notebooks` are names by id."""

    id: str
    due: datetime | None
    notebooks: dict[str, str]
    cells: list[StoredCell]

    @classmethod
    def of(cls, connection: Connection, name: str) -> "KnownRows | None":
        rows = connection.execute(_KNOWN, {"name": name}).all()
        if not rows:
            return None
        notebooks = {row.notebook_id: row.notebook for row in rows}
        cells = [StoredCell(row.cell, row.name, row.type, row.notebook, row.notebook_id) for row in rows if row.cell]
        return cls(rows[0].id, rows[0].duedate, notebooks, cells)


_KNOWN = (
    select(ASSIGNMENT.c.id, ASSIGNMENT.c.duedate, NOTEBOOK.c.id.label("notebook_id"), NOTEBOOK.c.name.label("notebook"),
           CELL.c.id.label("cell"), CELL.c.name, CELL.c.type)
    .select_from(ASSIGNMENT.join(NOTEBOOK, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
                 .outerjoin(CELL, CELL.c.notebook_id == NOTEBOOK.c.id))
    .where(ASSIGNMENT.c.name == bindparam("name")))


@dataclass
class Stored:
    """What the gradebook holds of one submission: rows by notebook, and by notebook and cell."""

    student: bool
    submitted: dict | None = None
    notebooks: dict[str, dict] = field(default_factory=dict)
    grades: dict[tuple[str, str], dict] = field(default_factory=dict)
    comments: dict[tuple[str, str], dict] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, known: KnownRows, student: str) -> "Stored":
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
    """A table's rows of one submission,
    held against a grader who writes in the meantime (SQLite holds the whole file)."""
    own = select(SUBMITTED_NOTEBOOK.c.id).where(SUBMITTED_NOTEBOOK.c.assignment_id == bindparam("submitted"))
    return select(table).where(table.c.notebook_id.in_(own)).with_for_update()


_STUDENT = select(STUDENT.c.id).where(STUDENT.c.id == bindparam("whose"))
_SUBMITTED = select(SUBMITTED).where(
    SUBMITTED.c.assignment_id == bindparam("known"), SUBMITTED.c.student_id == bindparam("whose"))
_NOTEBOOKS = select(SUBMITTED_NOTEBOOK).where(SUBMITTED_NOTEBOOK.c.assignment_id == bindparam("submitted"))
_GRADES, _COMMENTS = _of_submission(GRADE), _of_submission(COMMENT)


class RowChanges:
    """What must change in the gradebook for it to hold a result; false where nothing must."""

    def __init__(self, stored: Stored):
        self._stored = stored
        self.to_look_at: list[str] = []  # cells that a person marked, and is now asked to look at again
        self._new: dict = {}
        self._changed: dict = {}
        self._added: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._new or self._changed)

    @property
    def marked_by_hand(self) -> bool:
        return any(row["manual_score"] is not None for row in self._stored.grades.values())

    def make(self, connection: Connection) -> None:
        for table, rows in self._new.items():
            connection.execute(insert(table), rows)
        for (table, columns), rows in self._changed.items():
            values: dict = {name: bindparam(name) for name in columns}
            connection.execute(update(table).where(table.c.id == bindparam("its_id")).values(values), rows)

    def submit(self, known: KnownRows, student: str, when: datetime | None) -> None:
        """The submission with its notebooks; an earlier time stays where none is given now."""
        if not self._stored.student:
            self._add(STUDENT, {"id": student})
        if self._stored.submitted is None:
            self._stored.submitted = self._add(
                SUBMITTED,
                {
                    "id": api.new_uuid(),
                    "assignment_id": known.id,
                    "student_id": student,
                    "timestamp": when,
                    "extension": None,
                },
            )
        elif when is not None:
            self._set(SUBMITTED, self._stored.submitted, timestamp=when)
        for notebook in known.notebooks:
            if notebook not in self._stored.notebooks:
                self._stored.notebooks[notebook] = self._add(SUBMITTED_NOTEBOOK, {
                    "id": api.new_uuid(), "assignment_id": self._stored.submitted["id"], "notebook_id": notebook,
                    "flagged": False, "late_submission_penalty": None})

    def grade(self, cell: StoredCell, points: float | None, answer_changed: bool) -> None:
        """The machine's points. Where a person gave some, they stand; the person is asked to look again where what they
        marked is another answer now, or the machine thinks otherwise of it."""
        row = self._grade(cell)
        if row["manual_score"] is None:
            self._set(GRADE, row, auto_score=points, needs_manual_grade=points is None)
            return
        if answer_changed or row["auto_score"] != points:
            self._look_again(cell, row)
        self._set(GRADE, row, auto_score=points)

    def missing(self, cell: StoredCell) -> None:
        if cell.type in HAS_GRADE:
            self._set(GRADE, self._grade(cell), auto_score=0.0, needs_manual_grade=False)
        if cell.type in HAS_COMMENT:
            self._comment(cell)

    def task(self, cell: StoredCell, answer_changed: bool) -> None:
        """A person gives what a task is worth; the machine only says where they should look again."""
        row = self._grade(cell)
        if answer_changed and row["manual_score"] is not None:
            self._look_again(cell, row)
        self.comment(cell, None)

    def _look_again(self, cell: StoredCell, row: dict) -> None:
        if not row["needs_manual_grade"]:
            self.to_look_at.append(cell.name)
        self._set(GRADE, row, needs_manual_grade=True)

    def comment(self, cell: StoredCell, words: str | None) -> None:
        self._set(COMMENT, self._comment(cell), auto_comment=words)

    def penalty(self, notebook: str, points: float | None) -> None:
        self._set(SUBMITTED_NOTEBOOK, self._stored.notebooks[notebook], late_submission_penalty=points)

    def score(self, notebook: str) -> float:
        """What nbgrader calls a submitted notebook's score."""
        return sum(score_of(row["auto_score"], row["manual_score"], row["extra_credit"]) or 0.0
                   for (graded, _), row in self._stored.grades.items() if graded == notebook)

    def seconds_late(self, due: datetime | None) -> float:
        submitted = self._stored.submitted
        if due is None or submitted is None or submitted["timestamp"] is None:
            return 0
        return max(0, (submitted["timestamp"] - due - (submitted["extension"] or timedelta())).total_seconds())

    def _grade(self, cell: StoredCell) -> dict:
        nothing = {"auto_score": None, "manual_score": None, "extra_credit": None, "needs_manual_grade": True}
        return self._row(GRADE, self._stored.grades, cell, nothing)

    def _comment(self, cell: StoredCell) -> dict:
        return self._row(COMMENT, self._stored.comments, cell, {"auto_comment": None, "manual_comment": None})

    def _row(self, table, stored: dict, cell: StoredCell, values: dict) -> dict:
        where = (cell.notebook_id, cell.id)
        if where not in stored:
            notebook = self._stored.notebooks[cell.notebook_id]["id"]
            stored[where] = self._add(
                table, {"id": api.new_uuid(), "cell_id": cell.id, "notebook_id": notebook, **values}
            )
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
                self._changed.setdefault((table, tuple(values)), []).append({"its_id": row["id"], **values})


def score_of(auto: float | None, by_hand: float | None, extra: float | None) -> float | None:
    """nbgrader's rule: a person's points stand above the machine's. None where neither gave any."""
    given = auto if by_hand is None else by_hand
    return None if given is None else given + (extra or 0.0)


def time_of(submission: Submission) -> datetime | None:
    try:
        return parse_utc(submission.submitted) if submission.submitted else None
    except (ValueError, OverflowError):
        raise LabsError(
            f"{submission.student}: {submission.submitted!a} is no time. Write one like 2026-03-01 12:00:00 UTC "
            "into timestamp.txt beside the notebook, or remove that file, then run the same command again."
        ) from None
