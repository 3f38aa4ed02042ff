"""A student's feedback page, and whether the one on the disk still shows the marks that the gradebook holds.

A page keeps a fingerprint of all that it was made from. Before `nbgrader generate_feedback` looks for pages that are
missing, those that show something else than they would now are removed, and so made again.
"""

import copy
import hashlib
import re
from functools import cache
from pathlib import Path

import nbgrader
from nbconvert.exporters import HTMLExporter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_grade, is_solution, is_task, rmtree
from traitlets.config import Config

from autograders.grading.cells import with_sections
from autograders.grading.gradebook.database import engine_for
from autograders.grading.gradebook.marks import states
from autograders.grading.nbgrader_plugin import submissions_of

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
NBGRADERS_TEMPLATES = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
MARK = '<meta name="made-from" content="{}">'
MADE_FROM = re.compile(MARK.format("([0-9a-f]{64})"))


class Grades(GetGrades):
    """nbgrader's step that looks up the marks, with an index of the exercises by name."""

    def preprocess(self, nb, resources):
        nb, resources = super().preprocess(nb, resources)
        exercises = [
            cell for cell in with_sections(nb) if is_grade(cell[1]) or is_task(cell[1]) or self._comment(cell[1])
        ]
        with self.gradebook:
            grades = {grade.name: grade for grade in self.gradebook.find_submission_notebook(
                self.notebook_id, self.assignment_id, self.student_id).grades}
            index = [self._entry(section, cell, grades) for section, cell in exercises]
        resources["nbgrader"]["exercises"] = index
        resources["nbgrader"]["to_come"] = sum(row["points"] for row in index if row["waits"] and row["score"] is None)
        return nb, resources

    @staticmethod
    def _comment(cell) -> str:
        return (is_solution(cell) or is_task(cell)) and cell.metadata.nbgrader.get("comment")

    def _entry(self, section: str, cell, grades: dict) -> dict:
        name = cell.metadata.nbgrader.grade_id
        grade = grades.get(name) if is_grade(cell) or is_task(cell) else None
        given = grade is not None and (grade.manual_score is not None or grade.auto_score is not None)
        return {
            "name": name,
            "section": section,
            "graded": grade is not None,
            "points": grade.max_score if grade else 0,
            "score": grade.score if grade and given else None,
            "waits": bool(grade and grade.needs_manual_grade),
            "commented": name if self._comment(cell) else "",
        }


class FeedbackPage(HTMLExporter):
    """What `GenerateFeedback` writes with."""

    def __init__(self, config=None, parent=None, **options):
        config = copy.deepcopy(config or Config())
        config.FeedbackPage.template_name = "feedback_page"
        config.FeedbackPage.extra_template_basedirs = [str(TEMPLATES), str(NBGRADERS_TEMPLATES)]
        config.FeedbackPage.extra_template_paths = [str(NBGRADERS_TEMPLATES), *config.HTMLExporter.extra_template_paths]
        super().__init__(config=config, parent=parent, **options)
        self._fingerprints = {}
        if parent is not None:
            self._remove_stale_pages(parent)

    def from_filename(self, filename, resources=None, **options):
        page, resources = super().from_filename(filename, resources=resources, **options)
        fingerprint = self._fingerprints.get(resources["nbgrader"]["student"], "")
        return page.replace("<head>", f"<head>\n{MARK.format(fingerprint)}", 1), resources

    def _remove_stale_pages(self, converter) -> None:
        course = converter.coursedir
        self._fingerprints = fingerprints(course, course.assignment_id)
        for assignment, student in submissions_of(converter):
            folder = Path(converter._format_dest(assignment, student))
            if any(folder.glob("*.html")) and not is_current(folder, self._fingerprints.get(student)):
                converter.log.warning("Updating feedback whose marks have changed: %s", folder)
                rmtree(str(folder))


def fingerprints(course: CourseDirectory, assignment: str) -> dict[str, str]:
    """What each student's feedback on an assignment would be made from now."""
    engine = engine_for(course.db_url)
    try:
        with engine.begin() as connection:
            found = states(connection, assignment)
    finally:
        engine.dispose()
    return {student: _fingerprint(state, Path(course.format_path(course.autograded_directory, student, assignment)))
            for student, state in found.items()}


def is_current(folder: Path, fingerprint: str | None) -> bool:
    """Whether the pages in a folder were made from what has this fingerprint."""
    return all(_made_from(page) == fingerprint for page in folder.glob("*.html"))


def stale(course: CourseDirectory, assignment: str) -> list[str]:
    """The students whose feedback pages show other marks, or another notebook, than there are now."""
    folders = {student: Path(course.format_path(course.feedback_directory, student, assignment))
               for student in _with_feedback(course)}
    there = {student: folder for student, folder in folders.items() if any(folder.glob("*.html"))}
    now = fingerprints(course, assignment) if there else {}
    return sorted(student for student, folder in there.items() if not is_current(folder, now.get(student)))


def _with_feedback(course: CourseDirectory) -> list[str]:
    everyone = Path(course.format_path(course.feedback_directory, "x", "x")).parents[1]
    return [folder.name for folder in everyone.iterdir()] if everyone.is_dir() else []


def _made_from(page: Path) -> str | None:
    with open(page, encoding="utf-8", errors="replace") as file:
        found = MADE_FROM.search(file.read(500))  # before anything of the student's
    return found[1] if found else None


def _fingerprint(state: str, folder: Path) -> str:
    digest = hashlib.sha256(f"{_edition()}\0{state}".encode("utf-8", "surrogatepass"))
    for file in sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()):
        name = str(file.relative_to(folder)).encode("utf-8", "surrogateescape")
        digest.update(name + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _edition() -> str:
    """Changes with what makes a page of marks and notebook."""
    digest = hashlib.sha256(nbgrader.__version__.encode())
    for file in (HERE / "feedback.py", HERE / "pictures.py", Path(__file__), *sorted(TEMPLATES.rglob("*.j2"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()
