"""The assignment's rows: its cells, put into the gradebook and taken out of it."""

import json

import nbformat
from nbgrader import api
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from autograders.grading.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    CELLS,
    COMMENT,
    COURSE,
    GRADE,
    HAS_COMMENT,
    HAS_GRADE,
    NOTEBOOK,
    SOURCE,
    SUBMITTED_NOTEBOOK,
)
from autograders.grading.journal import RETRY_HINT
from autograders.grading.model import Release
from environments.errors import LabsError


class Layout:
    """The cells that an assignment has now, for the gradebook to have the same."""

    def __init__(self, release: Release, name: str, course: str):
        notebook = nbformat.reads(release.full, as_version=4)
        self._name, self._course = name, course
        self._kernel = json.dumps(notebook.metadata.get("kernelspec", {}))
        self.cells, self._sources = _cells(notebook), _sources(notebook)

    def prepare(self, connection: Connection) -> None:
        """Make the gradebook's cells these. Raises LabsError where that would lose what a person wrote."""
        notebook = self._notebook(connection)
        self._prepare_cells(connection, notebook)
        self._prepare_sources(connection, notebook)

    def _notebook(self, connection: Connection) -> str:
        """The id of the assignment's notebook, made known where it was not."""
        if self._course:
            _found_or_made(connection, COURSE, id=self._course)
        assignment = _found_or_made(connection, ASSIGNMENT, name=self._name, more={"course_id": self._course})
        notebook = _found_or_made(connection, NOTEBOOK, name=self._name, assignment_id=assignment)
        connection.execute(
            update(NOTEBOOK)
            .where(NOTEBOOK.c.id == notebook, NOTEBOOK.c.kernelspec.is_distinct_from(self._kernel))
            .values(kernelspec=self._kernel)
        )
        return notebook

    def _prepare_cells(self, connection: Connection, notebook: str) -> None:
        query = select(CELL.c.id, CELL.c.name, CELL.c.type).where(CELL.c.notebook_id == notebook)
        there = {(name, kind): cell for cell, name, kind in connection.execute(query)}
        self._take_out(connection, {grade_id: cell for grade_id, cell in there.items() if grade_id not in self.cells})
        self._put_in(connection, notebook, [grade_id for grade_id in self.cells if grade_id not in there])
        for (name, kind), values in self.cells.items():
            if values and (name, kind) in there:
                _update_where_different(connection, CELLS[kind], there[name, kind], values)

    def _take_out(self, connection: Connection, gone: dict[tuple[str, str], str]) -> None:
        """Remove cells, with what was given for them. Raises LabsError where a person gave some of it."""
        if not gone:
            return
        ids = list(gone.values())
        marked = or_(GRADE.c.manual_score.is_not(None), GRADE.c.extra_credit.is_not(None))
        marks = connection.scalar(select(func.count()).where(GRADE.c.cell_id.in_(ids), marked))
        comments = connection.scalar(
            select(func.count()).where(COMMENT.c.cell_id.in_(ids), COMMENT.c.manual_comment != "")
        )
        if marks or comments:
            names = ", ".join(sorted({name for name, _ in gone}))
            raise LabsError(
                f"{self._name} lost {names}, where {marks} marks and {comments} comments were written by hand. "
                f"Put the cell back, or clear them in formgrader, {RETRY_HINT}"
            )
        for table, column in [
            (GRADE, "cell_id"),
            (COMMENT, "cell_id"),
            *((model, "id") for model in CELLS.values()),
            (CELL, "id"),
        ]:
            connection.execute(delete(table).where(table.c[column].in_(ids)))

    def _put_in(self, connection: Connection, notebook: str, new: list[tuple[str, str]]) -> None:
        """Add cells; for submissions that are there they wait to be graded."""
        submitted = connection.scalars(
            select(SUBMITTED_NOTEBOOK.c.id).where(SUBMITTED_NOTEBOOK.c.notebook_id == notebook)
        ).all()
        for name, kind in new:
            cell = api.new_uuid()
            connection.execute(insert(CELL).values(id=cell, name=name, type=kind, notebook_id=notebook))
            connection.execute(insert(CELLS[kind]).values(id=cell, **self.cells[name, kind]))
            for table in _marked_in(kind) if submitted else ():
                connection.execute(
                    insert(table), [{"cell_id": cell, "notebook_id": notebook_id} for notebook_id in submitted]
                )

    def _prepare_sources(self, connection: Connection, notebook: str) -> None:
        query = select(SOURCE.c.name, SOURCE.c.id).where(SOURCE.c.notebook_id == notebook)
        there = {name: cell for name, cell in connection.execute(query)}
        if there.keys() != self._sources.keys():
            # All again: nbgrader takes the order of its rows for that of the notebook.
            connection.execute(delete(SOURCE).where(SOURCE.c.notebook_id == notebook))
            there = {}
        for name, values in self._sources.items():
            if name in there:
                _update_where_different(connection, SOURCE, there[name], values)
            else:
                connection.execute(insert(SOURCE).values(name=name, notebook_id=notebook, **values))


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
