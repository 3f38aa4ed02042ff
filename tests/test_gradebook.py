"""The journal and the gradebook: nothing is lost, and what is stored is what `nbgrader autograde` stores."""

import csv
import errno
import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from alembic.script import ScriptDirectory
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader import api, dbutil
from nbgrader import preprocessors as steps
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution
from sqlalchemy import event
from traitlets.config import Config

from autograders.grading.export import MarksExport, stale
from autograders.grading.gradebook import CourseGradebook, database, files
from autograders.grading.journal import Journal, key
from autograders.grading.model import Assignment, Graded, Release, Submission, Verdict
from autograders.grading.not_graded import NotGraded
from environments.errors import LabsError

NAME = "90_small"
ASSIGNMENT = Assignment(NAME, Path("source", NAME, f"{NAME}.ipynb"))
HIDDEN = "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(21) == 42\n### END HIDDEN TESTS"
RIGHT, WRONG, HALF = [], [new_output("error", ename="AssertionError", evalue="", traceback=[])], [
    new_output("execute_result", {"text/plain": "0.5"})]
ANSWERS = {  # what each student wrote, and how the two checks ended
    "ada": (
        {"double": "def double(n):\n    return 2 * n", "why": "Because."},
        {"test_double": RIGHT, "test_more": HALF},
    ),
    "bob": ({}, {"test_double": WRONG, "test_more": WRONG}),
    "Zoë K": (
        {"double": "pass", "plot": "1 + 1", "build": "My own words."},
        {"test_double": WRONG, "test_more": RIGHT},
    ),
}
DUE, LATE = "2026-02-28 00:00:00 UTC", "2026-03-01 12:00:00.250000 UTC"


def about(name: str, points: float | None = None, **kinds: bool) -> dict:
    worth = {} if points is None else {"points": points}
    kinds = {"grade": False, "solution": False, "task": False, "locked": False, **kinds}
    return {"nbgrader": {"grade_id": name, "schema_version": 3, **kinds, **worth}}


def source(check: str = HIDDEN, *more) -> nbformat.NotebookNode:
    """The assignment as an instructor writes it, with every kind of cell."""
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[
            new_markdown_cell("# Doubling", metadata=about("intro", locked=True)),
            new_code_cell(
                "def double(n):\n    ### BEGIN SOLUTION\n    return 2 * n\n    ### END SOLUTION",
                metadata=about("double", solution=True),
            ),
            new_code_cell(check, metadata=about("test_double", 2, grade=True, locked=True)),
            new_code_cell("assert double(1) == 2", metadata=about("test_more", 1, grade=True, locked=True)),
            new_markdown_cell("Why?", metadata=about("why", 3, grade=True, solution=True)),
            new_markdown_cell("Build it.", metadata=about("build", 4, task=True, locked=True)),
            new_code_cell(
                "### BEGIN SOLUTION\n1\n### END SOLUTION", metadata=about("plot", 2, grade=True, solution=True)
            ),
            *more,
        ],
    )


def made(notebook: nbformat.NotebookNode, *kinds) -> nbformat.NotebookNode:
    for kind in kinds:
        notebook, _ = kind().preprocess(notebook, {})
    return notebook


def released(notebook: nbformat.NotebookNode) -> Release:
    full = made(notebook, steps.LockCells, steps.ClearSolutions, steps.ClearOutput, steps.ComputeChecksums)
    text = nbformat.writes(full)
    visible = made(full, steps.ClearHiddenTests, steps.ClearMarkScheme, steps.ComputeChecksums)
    return Release(NAME, text, nbformat.writes(visible), {"data/prices.csv": b"1\n2\n", "readme.txt": b"ours"})


class Course:
    """A folder with a course in it, which nbgrader or a Book grades."""

    def __init__(self, root: Path, **config: dict):
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.config = Config({"CourseDirectory": {"root": str(root), "course_id": "small"}, **config})
        self.directory = CourseDirectory(config=self.config)
        self.database = root / "gradebook.db"

    def book(self, release: Release) -> CourseGradebook:
        return CourseGradebook(self.config, ASSIGNMENT, release)

    def file(self, student: str) -> Path:
        return self.root / "autograded" / student / NAME / f"{NAME}.ipynb"

    def files(self, student: str) -> dict[str, tuple]:
        folder = self.file(student).parent
        return {str(path.relative_to(folder)): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
                for path in folder.rglob("*") if path.is_file()}

    def query(self, statement: str) -> list[tuple]:
        with closing(sqlite3.connect(self.database)) as database, database:
            return database.execute(statement).fetchall()

    def grades(self) -> list[tuple]:
        """All that is stored of submissions, without ids."""
        return [
            self.query(statement)
            for statement in (
                "select s.id, timestamp, extension from submitted_assignment "
                "join student s on student_id = s.id order by 1",
                f"select student_id, flagged, late_submission_penalty {FROM} order by 1",
                f"select student_id, name, type, auto_score, manual_score, extra_credit, needs_manual_grade {FROM} "
                "join grade on grade.notebook_id = own.id join base_cell on base_cell.id = cell_id order by 1, 2, 3",
                f"select student_id, name, type, auto_comment, manual_comment {FROM} join comment "
                "on comment.notebook_id = own.id join base_cell on base_cell.id = cell_id order by 1, 2, 3",
            )
        ]

    def cells(self) -> list[tuple]:
        """All that is stored of the assignment, without ids."""
        return [
            self.query(statement)
            for statement in (
                "select a.name, course_id, notebook.name, kernelspec from assignment a "
                "join notebook on assignment_id = a.id",
                "select name, type, coalesce(g.max_score, t.max_score), coalesce(g.cell_type, t.cell_type) "
                "from base_cell left join grade_cells g using (id) left join task_cells t using (id) order by 1, 2",
                "select name, cell_type, locked, source, checksum from source_cell order by rowid",
            )
        ]

    def mark(self, student: str, cell: str, points: float | None = None, comment: str = "") -> None:
        """What formgrader does when a person marks."""
        with Gradebook(f"sqlite:///{self.database}", "small") as book:
            if points is not None:
                grade = book.find_grade(cell, NAME, NAME, student)
                grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, 0.25, False
            if comment:
                book.find_comment(cell, NAME, NAME, student).manual_comment = comment
            book.db.commit()


FROM = "from submitted_assignment s join submitted_notebook own on own.assignment_id = s.id"


class Outcomes(steps.NbGraderPreprocessor):
    """Stands where nbgrader runs the notebook: the checks end as ANSWERS says."""

    def preprocess(self, nb, resources):
        ends = ANSWERS[resources["nbgrader"]["student"]][1]
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = list(ends.get(cell.metadata.get("nbgrader", {}).get("grade_id"), []))
        return nb, resources


def handed_in(release: Release, student: str) -> Submission:
    notebook = nbformat.reads(release.visible, as_version=4)
    for cell in notebook.cells:
        cell.source = ANSWERS[student][0].get(cell.metadata.nbgrader.grade_id, cell.source)
    files = {"readme.txt": b"mine", "notes/own.txt": b"x", "__pycache__/a.pyc": b"", "other.ipynb": b"{}"}
    return Submission(student, nbformat.writes(notebook).encode(), files, LATE if student != "bob" else "")


def stock(course: Course, release: Release, force: bool = False) -> None:
    """Grade everyone with nbgrader itself."""
    for student in ANSWERS:
        submission = handed_in(release, student)
        folder = course.root / "submitted" / student / NAME
        stamp = {"timestamp.txt": submission.submitted.encode()} if submission.submitted else {}
        for path, content in {f"{NAME}.ipynb": submission.notebook, **submission.files, **stamp}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    config = Config({**course.config, "Autograde": {"force": force, "autograde_preprocessors": [
        Outcomes, steps.LimitOutput, steps.SaveAutoGrades, steps.AssignLatePenalties]}})
    course.directory.assignment_id = NAME
    Autograde(coursedir=course.directory, config=config).start()


def outcome(course: Course, student: str) -> Graded:
    """What nbgrader made of a submission, in our words."""
    notebook = course.file(student).read_text()
    cells = nbformat.reads(notebook, as_version=4).cells
    verdicts = tuple(
        Verdict(cell.metadata.nbgrader.grade_id, *determine_grade(cell)) for cell in cells if is_grade(cell)
    )
    written = [cell for cell in cells if is_solution(cell)]
    answered = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.checksum != compute_checksum(cell) for cell in written
    }
    return Graded(student, verdicts, notebook, answered=answered)


def made_course(root: Path, release: Release, penalty: str = "none") -> Course:
    """A course that nbgrader has generated and graded, the last day of submission long gone."""
    course = Course(root, LateSubmissionPlugin={"penalty_method": penalty})
    (root / "source" / NAME).mkdir(parents=True)
    nbformat.write(source(), root / "source" / NAME / f"{NAME}.ipynb")
    for path, content in release.files.items():
        (root / "source" / NAME / path).parent.mkdir(exist_ok=True)
        (root / "source" / NAME / path).write_bytes(content)
    course.directory.assignment_id = NAME
    GenerateAssignment(coursedir=course.directory, config=course.config).start()
    course.query("update assignment set duedate = '2026-02-28 00:00:00.000000'")
    stock(course, release)
    return course


@pytest.fixture(scope="module")
def release():
    return released(source())


@pytest.fixture(scope="module")
def theirs(release, tmp_path_factory):
    """Graded by nbgrader, with its penalty for being late."""
    with pytest.MonkeyPatch.context() as patch:
        head = ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head
        patch.setattr(api, "get_alembic_version", head)  # else a process
        return made_course(tmp_path_factory.mktemp("theirs"), release, penalty="zero")


@pytest.fixture(scope="module")
def outcomes(theirs):
    return {student: outcome(theirs, student) for student in ANSWERS}


@pytest.fixture
def ours(tmp_path, release):
    """The same course, prepared by a Book."""
    course = Course(tmp_path / "ours", LateSubmissionPlugin={"penalty_method": "zero"})
    with course.book(release) as book:
        book.prepare()
    course.query("update assignment set duedate = '2026-02-28 00:00:00.000000'")
    return course


def record_all(course: Course, release: Release, outcomes: dict[str, Graded]) -> None:
    with course.book(release) as book:
        for student in ANSWERS:
            book.record(handed_in(release, student), outcomes[student])


# The gradebook holds what nbgrader would have stored

def test_a_new_gradebook_has_nbgraders_schema(theirs, ours):
    schema = "select type, name, sql from sqlite_master where tbl_name <> 'alembic_version' order by name"
    assert ours.query(schema) == theirs.query(schema)


def test_the_assignment_is_stored_as_generate_assignment_stores_it(theirs, ours):
    assert ours.cells() == theirs.cells()


def test_results_and_penalties_are_stored_as_autograde_stores_them(theirs, ours, release, outcomes):
    record_all(ours, release, outcomes)
    assert ours.grades() == theirs.grades()


def test_the_autograded_folder_is_what_autograde_leaves(theirs, ours, release, outcomes):
    record_all(ours, release, outcomes)
    assert {student: ours.files(student) for student in ANSWERS} == {
        student: theirs.files(student) for student in ANSWERS
    }


def mark_by_hand(course: Course) -> None:
    """Points and comments for a written answer, a test that a person overruled, and a task."""
    course.mark("ada", "why", 2.5, "Say more.")
    course.mark("ada", "test_double", 1)
    course.mark("bob", "build", 4, "Well built.")


def regrade(course: Course, outcomes: dict[str, Graded], release: Release, student: str, **answers: str) -> list[str]:
    """Record a student's notebook again, with other answers in it;
    the cells that a person is asked to look at again."""
    graded = outcomes[student]
    notebook = nbformat.reads(graded.notebook, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    if "below" in answers:
        notebook.cells.insert(6, new_code_cell(answers["below"]))
    with course.book(release) as book:
        return book.record(handed_in(release, student), replace(graded, notebook=nbformat.writes(notebook)))


def waiting(course: Course) -> set[tuple[str, str]]:
    """Whose cells, marked by hand, wait for a person."""
    return {row[:2] for row in course.grades()[2] if row[4] is not None and row[6]}


def test_what_was_graded_by_hand_stays_as_it_is_when_graded_again(ours, release, outcomes):
    record_all(ours, release, outcomes)
    ours.query("update assignment set duedate = null")
    mark_by_hand(ours)
    record_all(ours, release, outcomes)
    before = ours.grades()
    record_all(ours, release, outcomes)
    assert (ours.grades(), waiting(ours)) == (before, set())
    assert ("ada", "why", "GradeCell", None, 2.5, 0.25, 0) in before[2]


@pytest.mark.parametrize("student, answers, asked", [
    ("ada", {"why": "Because I say so."}, "why"), ("ada", {"double": "double = lambda n: n + n"}, "test_double"),
    ("bob", {"below": "built = True"}, "build")])
def test_an_answer_that_changed_since_it_was_graded_by_hand_waits_again_with_its_mark(
    ours, release, outcomes, student, answers, asked
):
    record_all(ours, release, outcomes)
    mark_by_hand(ours)
    given = {row[:2]: row[4] for row in ours.grades()[2]}
    told = [regrade(ours, outcomes, release, student, **answers) for _ in range(2)]
    assert (told, waiting(ours)) == ([[asked], []], {(student, asked)})
    assert {row[:2]: row[4] for row in ours.grades()[2]} == given


def test_an_answer_that_nobody_graded_by_hand_changes_without_a_question(ours, release, outcomes):
    record_all(ours, release, outcomes)
    ours.mark("ada", "why", 2.5)
    assert regrade(ours, outcomes, release, "ada", double="double = lambda n: n + n") == [] and waiting(ours) == set()


def test_a_mended_check_asks_a_person_only_where_they_overruled_it(ours, release, outcomes):
    record_all(ours, release, outcomes)
    mark_by_hand(ours)
    verdicts = [replace(v, points=0.5) if v.name == "test_double" else v for v in outcomes["ada"].verdicts]
    fixed = replace(outcomes["ada"], verdicts=tuple(verdicts))
    with ours.book(release) as book:
        assert book.record(handed_in(release, "ada"), fixed) == ["test_double"]
    assert waiting(ours) == {("ada", "test_double")}


def test_a_mark_by_hand_whose_answer_nobody_kept_is_asked_for_again(ours, release, outcomes):
    record_all(ours, release, outcomes)
    mark_by_hand(ours)
    ours.file("ada").write_text("{")
    record_all(ours, release, outcomes)
    assert waiting(ours) == {("ada", "why"), ("ada", "test_double")}


def test_another_notebook_that_was_not_handed_in_gets_nothing(ours, release, outcomes):
    with Gradebook(f"sqlite:///{ours.database}", "small") as nbgrader:
        nbgrader.add_notebook("second", NAME)
        nbgrader.add_grade_cell("test_second", "second", NAME, max_score=1, cell_type="code")
    record_all(ours, release, outcomes)
    assert ("ada", "test_second", "GradeCell", 0.0, None, None, 0) in ours.grades()[2]


# Nothing is lost, nothing done twice

def test_recording_again_writes_nothing(ours, release, outcomes):
    record_all(ours, release, outcomes)
    before = ours.database.read_bytes(), ours.file("ada").stat().st_mtime_ns
    record_all(ours, release, outcomes)
    assert (ours.database.read_bytes(), ours.file("ada").stat().st_mtime_ns) == before


def test_a_result_counts_as_recorded_only_where_both_sides_hold_it(ours, release, outcomes):
    submission, graded = handed_in(release, "ada"), outcomes["ada"]
    with ours.book(release) as book:
        seen = [book.recorded(submission, graded)]
        book.record(submission, graded)
        seen.append(book.recorded(submission, graded))
        seen.append(book.recorded(replace(submission, files={}), graded))
        seen.append(book.recorded(replace(submission, submitted="2026-03-02 00:00:00 UTC"), graded))
        ours.query("update grade set auto_score = 1.5 where auto_score = 2")
        seen.append(book.recorded(submission, graded))
    assert seen == [False, True, False, False, False]


@pytest.mark.parametrize("step", range(1, 6))
def test_a_kill_at_any_file_is_repaired(ours, release, outcomes, monkeypatch, step):
    submission, graded, put, puts = handed_in(release, "ada"), outcomes["ada"], files.put, []

    def killed(*arguments):
        puts.append(arguments)
        if len(puts) == step:
            raise KeyboardInterrupt
        put(*arguments)

    with ours.book(release) as book:
        monkeypatch.setattr(files, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            book.record(submission, graded)
        monkeypatch.undo()
        assert not book.recorded(submission, graded)
        book.record(submission, graded)
        assert book.recorded(submission, graded)


def test_a_kill_within_the_transaction_leaves_no_half_result(ours, release, outcomes, monkeypatch):
    before = ours.grades()
    with ours.book(release) as book:
        event.listen(book._engine, "commit", lambda connection: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            book.record(handed_in(release, "ada"), outcomes["ada"])
    assert ours.grades() == before
    assert not ours.file("ada").exists()


def test_what_a_killed_autograde_left_is_overwritten(ours, theirs, release, outcomes):
    folder = ours.file("ada").parent
    (folder / "readme.txt").mkdir(parents=True)
    (folder / "data").symlink_to(ours.root)
    (folder / "plot.png").write_bytes(b"made while it ran")
    (folder / ".0123.part").write_bytes(b"")
    ours.file("ada").write_text("{")
    record_all(ours, release, outcomes)
    assert ours.files("ada") == theirs.files("ada")


def test_a_full_disk_is_said_and_the_result_follows_later(ours, release, outcomes, monkeypatch):
    submission, graded = handed_in(release, "ada"), outcomes["ada"]
    with ours.book(release) as book:
        monkeypatch.setattr(
            os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device"))
        )
        with pytest.raises(LabsError, match="the disk of .*ada.* is full. Make room, then run the same command again"):
            book.record(submission, graded)
        monkeypatch.undo()
        book.record(submission, graded)
        assert book.recorded(submission, graded)


def test_a_gradebook_without_room_is_said(ours, release, outcomes):
    with ours.book(release) as book:
        event.listen(book._engine, "connect", lambda connection, _: connection.execute("pragma max_page_count = 1"))
        with pytest.raises(LabsError, match="the disk of .*gradebook.db is full"):
            for number in range(200):
                book.record(replace(handed_in(release, "ada"), student=f"s{number}"), outcomes["ada"])


def test_a_busy_gradebook_is_said(ours, release, outcomes, monkeypatch):
    monkeypatch.setattr(database, "BUSY", 0.1)
    with closing(sqlite3.connect(ours.database, isolation_level=None)) as other, ours.book(release) as book:
        other.execute("begin immediate")
        with pytest.raises(LabsError, match="gradebook.db is in use by another program, such as formgrader"):
            book.record(handed_in(release, "ada"), outcomes["ada"])


def test_a_damaged_gradebook_is_said_and_left_alone(ours, release):
    ours.database.write_bytes(b"no database " * 1000)
    with (
        ours.book(release) as book,
        pytest.raises(LabsError, match="gradebook.db is damaged .*Put a copy of it in its place"),
    ):
        book.prepare()
    assert ours.database.read_bytes().startswith(b"no database")


def test_half_a_character_in_a_notebook_is_stored(ours, release, outcomes):
    graded = replace(outcomes["ada"], notebook=json.dumps({"cells": ["\ud83d"]}, ensure_ascii=False))
    with ours.book(release) as book:
        book.record(handed_in(release, "ada"), graded)
        assert book.recorded(handed_in(release, "ada"), graded)
    assert json.loads(ours.file("ada").read_text()) == {"cells": ["\ud83d"]}


ODD = [
    "@x",
    "a*",
    "con",
    "e\u202evil",
    "",
    ".",
    "..",
    ".hid",
    "a/b",
    "a\\b",
    "a+b",
    "a\0",
    "a\nb",
    " a",
    "a ",
    "-rf",
    "=1",
    "\udcff",
    "a" * 129,
]


@pytest.mark.parametrize("student", ODD)
def test_an_id_that_cannot_be_a_folder_is_refused(ours, release, outcomes, student):
    with ours.book(release) as book, pytest.raises(LabsError, match="cannot be a student's id"):
        book.record(replace(handed_in(release, "ada"), student=student), outcomes["ada"])


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x", "."])
def test_a_file_never_leaves_the_submissions_folder(ours, release, outcomes, path):
    with ours.book(release) as book, pytest.raises(LabsError, match="leads out of a submission's folder"):
        book.record(replace(handed_in(release, "ada"), files={path: b""}), outcomes["ada"])


def test_a_time_that_is_none_is_named(ours, release, outcomes):
    with ours.book(release) as book, pytest.raises(LabsError, match="ada: 'soon' is no time"):
        book.record(replace(handed_in(release, "ada"), submitted="soon"), outcomes["ada"])


# The assignment may change

def test_preparing_again_writes_nothing(ours, release):
    before = ours.database.read_bytes()
    with ours.book(release) as book:
        book.prepare()
    assert ours.database.read_bytes() == before


def test_a_mended_check_is_stored_with_its_points_while_there_are_submissions(ours, release, outcomes):
    record_all(ours, release, outcomes)
    before, notebook = ours.grades(), source(HIDDEN + "\nassert double(0) == 0")
    notebook.cells[2].metadata.nbgrader.points = 5
    with ours.book(released(notebook)) as book:
        book.prepare()
    assert ours.query("select max_score from grade_cells join base_cell using (id) where name = 'test_double'") == [
        (5.0,)
    ]
    assert "double(0)" in dict(ours.query("select name, source from source_cell"))["test_double"]
    assert ours.grades() == before


def test_an_added_cell_waits_to_be_graded_in_every_submission(ours, release, outcomes):
    record_all(ours, release, outcomes)
    added = new_code_cell("assert double(3) == 6", metadata=about("test_new", 1, grade=True, locked=True))
    with ours.book(released(source(HIDDEN, added))) as book:
        book.prepare()
    waiting = [row[0] for row in ours.grades()[2] if row[1:] == ("test_new", "GradeCell", None, None, None, 1)]
    assert waiting == sorted(ANSWERS)


def test_a_cell_taken_out_goes_with_its_grades(ours, release, outcomes):
    record_all(ours, release, outcomes)
    shorter = source()
    del shorter.cells[3]
    with ours.book(released(shorter)) as book:
        book.prepare()
    assert "test_more" not in {row[1] for row in ours.grades()[2]} | {
        row[0] for rows in ours.cells()[1:] for row in rows
    }


def test_a_cell_with_marks_by_hand_is_not_taken_out(ours, release, outcomes):
    record_all(ours, release, outcomes)
    ours.mark("ada", "why", 3, "Good.")
    before, shorter = ours.grades(), source()
    del shorter.cells[4]
    with (
        ours.book(released(shorter)) as book,
        pytest.raises(LabsError, match="lost why, where 1 marks and 1 comments were"),
    ):
        book.prepare()
    assert ours.grades() == before


def test_cells_that_change_while_grading_are_noticed(ours, release, outcomes):
    with ours.book(release) as book:
        ours.query("delete from base_cell where name = 'test_more'")
        with pytest.raises(
            LabsError, match="cells of 90_small changed while it was graded. Run the same command again."
        ):
            book.record(handed_in(release, "ada"), outcomes["ada"])


def test_a_gradebook_whose_making_was_killed_is_completed(ours, theirs, release):
    ours.query("drop table alembic_version")
    ours.query("drop table comment")
    with ours.book(release) as book:
        book.prepare()
    assert ours.query("select * from alembic_version") == theirs.query("select * from alembic_version")


def test_an_older_nbgraders_gradebook_is_upgraded_and_a_copy_kept(ours, release):
    current, said = ours.query("select * from alembic_version"), []
    for statement in (
        "update alembic_version set version_num = '282d30a0218e'",
        "drop table course",
        "drop table assignment",
        "create table assignment (id varchar(32) primary key, name varchar(128) unique, duedate datetime)",
    ):
        ours.query(statement)
    with CourseGradebook(ours.config, ASSIGNMENT, release, said.append) as book:
        book.prepare()
    assert ours.query("select course_id from assignment") == [("small",)]
    assert ours.query("select * from alembic_version") == current
    assert len(list(ours.root.glob("gradebook.db.*"))) == 1 and "was upgraded" in said[0]


def test_a_gradebook_of_a_newer_nbgrader_is_left_alone(ours, release):
    ours.query("update alembic_version set version_num = 'abcdef'")
    with ours.book(release) as book, pytest.raises(LabsError, match="made by a newer nbgrader .*abcdef"):
        book.prepare()
    assert ours.query("select * from alembic_version") == [("abcdef",)] and not list(ours.root.glob("gradebook.db.*"))


# What it tells

def test_marks_are_a_row_for_each_student(ours, release, outcomes):
    record_all(ours, release, outcomes)
    ours.mark("ada", "why", 2.5)
    with ours.book(release) as book:
        ada = next(row for row in book.marks() if row["student"] == "ada")
    assert ada == {"student": "ada", "test_double": 2.0, "test_more": 0.5, "why": 2.75, "build": None, "plot": 0.0,
                   "by_hand": 2.75, "to_come": 4.0, "late_penalty": 2.5, "total": 2.75, "max": 12.0,
                   "status": "to be graded by hand: build"}


def test_marks_are_written_as_csv(ours, release, outcomes, tmp_path):
    record_all(ours, release, outcomes)
    with ours.book(release) as book:
        book.write_csv(tmp_path / "marks.csv")
    rows = list(csv.DictReader((tmp_path / "marks.csv").open(newline="", encoding="utf-8")))
    assert [row["student"] for row in rows] == sorted(ANSWERS) and rows[1]["build"] == "" and rows[1]["total"] == "0.0"


def test_who_could_not_be_graded_is_in_the_csv_with_the_reason(ours, release, outcomes, tmp_path):
    record_all(ours, release, outcomes)
    with ours.book(release) as book:
        book.write_csv(tmp_path / "marks.csv", {"ida": "the file is empty", "bob": "the file is damaged"})
    rows = {row["student"]: row for row in csv.DictReader((tmp_path / "marks.csv").open(newline="", encoding="utf-8"))}
    assert (rows["ida"]["total"], rows["ida"]["max"], rows["ida"]["status"]) == (
        "",
        "12.0",
        "not graded: the file is empty",
    )
    assert rows["bob"]["status"] == "to be graded by hand: build; a later notebook was not graded: the file is damaged"


def exported(course: Course, **options) -> dict[str, dict]:
    """`nbgrader export`, a row for each student."""
    file = course.root / "marks.csv"
    with Gradebook(f"sqlite:///{course.database}", "small") as book:
        MarksExport(config=course.config, to=str(file), **options).export(book)
    return {row["student_id"]: row for row in csv.DictReader(file.open(newline="", encoding="utf-8"))}


def test_an_export_says_what_is_still_to_be_graded_and_who_could_not_be(ours, release, outcomes):
    record_all(ours, release, outcomes)
    (ours.root / "submitted" / "kim" / NAME).mkdir(parents=True)
    NotGraded(ours.directory, NAME).update(set(), {"ida": "the file is empty"})
    rows = exported(ours)
    assert {who: (row["score"], row["to_come"], row["status"]) for who, row in rows.items()} == {
        "Zoë K": ("0.0", "6.0", "to be graded by hand: build plot"),
        "ada": ("0.0", "7.0", "to be graded by hand: build why"),
        "bob": ("0.0", "4.0", "to be graded by hand: build"),
        "ida": ("", "", "not graded: the file is empty"),
        "kim": ("", "", "not graded: run labs grade 90"),
    }


def test_an_export_of_some_students_has_these_only(ours, release, outcomes):
    record_all(ours, release, outcomes)
    assert list(exported(ours, student=["ada"])) == ["ada"]


def test_an_export_that_shows_earlier_marks_is_known(ours, release, outcomes):
    record_all(ours, release, outcomes)
    exported(ours)
    (ours.root / "grades.csv").write_text("somebody's own table")
    told = []
    for points in (None, 2.5):
        ours.mark("ada", "why", points)
        with Gradebook(f"sqlite:///{ours.database}", "small") as book:
            told.append(stale(book, ours.directory, ["marks.csv", "grades.csv", "none.csv"]))
    assert told == [[], ["marks.csv"]]


def test_who_is_graded_at_last_is_no_longer_said_not_to_be(ours):
    kept = NotGraded(ours.directory, NAME)
    kept.update(set(), {"ida": "empty", "jon": "damaged"})
    kept.update({"ida"}, {"kim": "too large"})
    assert kept.reasons() == {"jon": "damaged", "kim": "too large"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_calculate_is_written_as_a_text(ours, release, tmp_path, monkeypatch, text):
    monkeypatch.setattr(CourseGradebook, "marks", lambda self, not_graded=None: [{"student": text, "total": -1.5}])
    with ours.book(release) as book:
        book.write_csv(tmp_path / "marks.csv")
    row, = csv.DictReader((tmp_path / "marks.csv").open(newline="", encoding="utf-8"))
    assert (row["student"], row["total"]) == (f"'{text}", "-1.5")


# The journal

GRADED = Graded(
    "ada", (Verdict("a", 1, 2, "almost \ud83d"), Verdict("b", None, 3.5)), "{}", ("put back a",), {"a": True}, "died"
)
WRITER = """
import os, resource, sys
from autograders.grading.journal import Journal
from autograders.grading.model import Graded
from environments.errors import LabsError
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
journal = Journal(sys.argv[1])
try:
    for number in range(1000):
        journal.put(str(number), Graded(str(number), (), os.urandom(2000).hex()))
        print(number, flush=True)
except LabsError as e:
    print(e, file=sys.stderr, flush=True)
os._exit(9)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "90_small.journal"


def test_the_journal_gives_back_what_was_put(path):
    with Journal(path) as journal:
        journal.put("k", GRADED)
    with Journal(path) as journal:
        assert journal.get("k") == GRADED and "k" in journal and "other" not in journal


def test_a_full_disk_and_a_kill_lose_no_result_that_was_put(path):
    done = subprocess.run([sys.executable, "-c", WRITER, str(path)], capture_output=True, text=True)
    put = done.stdout.split()
    assert "Make room, then run the same command again: what was graded is kept." in done.stderr and len(put) > 10
    with Journal(path) as journal:
        assert all(journal.get(number).student == number for number in put)
        journal.put("k", GRADED)


def test_a_journal_without_room_says_so(path):
    with Journal(path) as journal:
        journal._database.execute("pragma max_page_count = 1")
        with pytest.raises(LabsError, match="the disk of .* is full. Make room"):
            for number in range(100):
                journal.put(str(number), replace(GRADED, notebook=os.urandom(2000).hex()))


@pytest.mark.parametrize("where", ["/proc/none", "/dev/null"])
def test_a_folder_that_cannot_be_written_is_said(where):
    with pytest.raises(LabsError, match="then run the same command again"):
        Journal(Path(where) / "x.journal")


def test_a_damaged_record_counts_as_absent(path):
    with Journal(path) as journal:
        for name in ("cut", "turned", "swapped", "whole"):
            journal.put(name, GRADED)
        for change in ("record = substr(record, 1, 50) where key = 'cut'",
                       "record = zeroblob(length(record)) where key = 'turned'",
                       "record = (select record from graded where key = 'whole') where key = 'swapped'"):
            journal._database.execute(f"update graded set {change}")
        assert [name in journal for name in ("cut", "turned", "swapped", "whole")] == [False, False, False, True]


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size * 2 // 3)


def zero(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(path.stat().st_size - 4096))


def replaced(path: Path) -> None:
    path.write_bytes(b"no database" * 999)


def other(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create table graded (something)")


@pytest.mark.parametrize("damage", [cut, zero, replaced, other])
def test_a_damaged_journal_is_put_aside_and_begun_anew(path, damage):
    said = []
    with Journal(path) as journal:
        for number in range(50):
            journal.put(str(number), replace(GRADED, notebook=os.urandom(500).hex()))
    damage(path)
    with Journal(path, said.append) as journal:
        journal.put("k", GRADED)
        assert journal.get("k") == GRADED and journal.get("1") is None
    assert "90_small.journal.damaged-1" in said[0] and len(said) == 1
    assert Path(f"{path}.damaged-1").exists()


def test_damage_met_on_the_way_is_put_aside_as_well(path):
    said = []
    with Journal(path, said.append) as journal:
        journal._database.execute("drop table graded")
        journal.put("k", GRADED)
        assert journal.get("k") == GRADED and len(said) == 1


def test_one_command_at_a_time_grades_an_assignment(path):
    with (
        Journal(path),
        pytest.raises(LabsError, match="90_small is being graded by another command. Wait until it ends"),
    ):
        Journal(path)
    Journal(path).close()


def test_a_key_changes_with_all_that_decides_a_result(release):
    submission = Submission("ada", b"notebook", {"a": b"bc"})
    keys = [
        key(submission, release, "1"),
        key(submission, release, "2"),
        key(replace(submission, student="bob"), release, "1"),
        key(replace(submission, notebook=b"x"), release, "1"),
        key(replace(submission, files={"ab": b"c"}), release, "1"),
        key(submission, replace(release, full=""), "1"),
        key(replace(submission, submitted=LATE), release, "1"),
    ]
    assert len(set(keys)) == 6 and keys[-1] == keys[0]
