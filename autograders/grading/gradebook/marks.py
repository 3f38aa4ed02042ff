"""Everyone's marks of an assignment, as rows of a table."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from autograders.grading.gradebook.rows import score_of
from autograders.grading.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    CELLS,
    COMMENT,
    GRADE,
    HAS_GRADE,
    NOTEBOOK,
    SUBMITTED,
    SUBMITTED_NOTEBOOK,
)

COLUMNS = ("student", "by_hand", "to_come", "late_penalty", "total", "max", "status")


def all_grades(name: str):
    return (
        select(
            SUBMITTED.c.student_id,
            SUBMITTED_NOTEBOOK.c.late_submission_penalty,
            CELL.c.name,
            GRADE.c.auto_score,
            GRADE.c.manual_score,
            GRADE.c.extra_credit,
            GRADE.c.needs_manual_grade,
        )
        .select_from(
            ASSIGNMENT.join(SUBMITTED, SUBMITTED.c.assignment_id == ASSIGNMENT.c.id)
            .join(SUBMITTED_NOTEBOOK, SUBMITTED_NOTEBOOK.c.assignment_id == SUBMITTED.c.id)
            .join(NOTEBOOK, NOTEBOOK.c.id == SUBMITTED_NOTEBOOK.c.notebook_id)
            .join(GRADE, GRADE.c.notebook_id == SUBMITTED_NOTEBOOK.c.id)
            .join(CELL, CELL.c.id == GRADE.c.cell_id)
        )
        .where(ASSIGNMENT.c.name == name, NOTEBOOK.c.name == name)
        .order_by(SUBMITTED.c.student_id)
    )


def all_comments(name: str):
    return (
        select(SUBMITTED.c.student_id, CELL.c.name, COMMENT.c.auto_comment, COMMENT.c.manual_comment)
        .select_from(
            ASSIGNMENT.join(SUBMITTED, SUBMITTED.c.assignment_id == ASSIGNMENT.c.id)
            .join(SUBMITTED_NOTEBOOK, SUBMITTED_NOTEBOOK.c.assignment_id == SUBMITTED.c.id)
            .join(COMMENT, COMMENT.c.notebook_id == SUBMITTED_NOTEBOOK.c.id)
            .join(CELL, CELL.c.id == COMMENT.c.cell_id)
        )
        .where(ASSIGNMENT.c.name == name)
    )


def points_of(connection: Connection, name: str) -> dict[str, float]:
    """What each graded cell of an assignment is worth, by name, in no order."""
    cells = CELL.join(NOTEBOOK, NOTEBOOK.c.id == CELL.c.notebook_id).join(
        ASSIGNMENT, ASSIGNMENT.c.id == NOTEBOOK.c.assignment_id
    )
    return {cell: most for kind in HAS_GRADE for cell, most in connection.execute(
        select(CELL.c.name, CELLS[kind].c.max_score).select_from(cells.join(CELLS[kind], CELLS[kind].c.id == CELL.c.id))
        .where(ASSIGNMENT.c.name == name))}


def states(connection: Connection, name: str) -> dict[str, str]:
    """All that the gradebook holds of each student's submission, as text that is the same as long as that is."""
    found: dict[str, list] = defaultdict(list)
    for query in (all_grades(name), all_comments(name)):
        rows: Iterable[Any] = connection.execute(query)
        for student, *row in rows:
            found[student].append(row)
    points = sorted(points_of(connection, name).items())
    return {student: json.dumps([points, sorted(theirs, key=repr)]) for student, theirs in found.items()}


def marks_of(
    student: str, grades: dict[str, tuple], penalty: float, points: dict[str, float], why_not: str = ""
) -> dict:
    """One student's row from (machine's points, a person's, extra credit, whether a person must look) by cell."""
    scores = {name: score_of(*given[:3]) for name, given in grades.items()}
    by_hand = sum((given[1] or 0.0) + (given[2] or 0.0) for given in grades.values())
    waiting = [name for name, given in grades.items() if given[3]]
    to_come = sum(points[name] for name in waiting if scores[name] is None) or 0.0
    total = max(0.0, sum(score or 0.0 for score in scores.values()) - penalty)
    own = (by_hand, to_come, penalty, total, sum(points.values()), status_of(True, waiting, why_not))
    cells = {column_of(name): score for name, score in scores.items()}
    return {COLUMNS[0]: student, **cells, **dict(zip(COLUMNS[1:], own, strict=True))}


def without_marks(student: str, points: dict[str, float], why_not: str) -> dict:
    """The row of a student whose submission could not be graded."""
    return {COLUMNS[0]: student, "max": sum(points.values()), "status": status_of(False, [], why_not)}


def status_of(graded: bool, waiting: list[str], why_not: str) -> str:
    """What is to be known of a student's marks:
    the cells that wait for a person, and why the last notebook has none."""
    parts = [f"to be graded by hand: {' '.join(waiting)}" if waiting else "graded"] if graded else []
    if why_not:
        parts.append(f"{'a later notebook was ' if graded else ''}not graded: {why_not}")
    return "; ".join(parts)


def column_of(cell: str) -> str:
    return f"{cell} (cell)" if cell in COLUMNS else cell
