"""What nbgrader's own commands, and formgrader's Autograde button, call to grade a submission of this course.

`Repair` stands where nbgrader makes a submission fit to run, `Examine` where it runs it: the engine of `labs grade`.
An examined test cell has an error among its outputs where it gives no point, and nothing else where it gives all.
"""

import re
from dataclasses import replace
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade, is_locked, is_task
from traitlets import Bool

from autograders.grading import worker
from autograders.grading.examiner import note
from autograders.grading.gradebook.by_hand import answers_at, answers_in, changed
from autograders.grading.ids import why_no_id
from autograders.grading.model import Assignment, Release, Submission
from autograders.grading.not_graded import NotGraded
from autograders.grading.releases import release_of
from autograders.grading.repair import repair
from autograders.grading.sandbox import Limits
from autograders.grading.worker import Refused
from environments.errors import LabsError

GRADERS_NOTES = re.compile(r"^[^\n]*BEGIN (MARK SCHEME|HIDDEN TESTS).*?END \1[^\n]*\n?", re.DOTALL | re.MULTILINE)


class _OfThisCourse(NbGraderPreprocessor):
    def release(self, resources: ResourcesDict) -> Release:
        """The assignment as its source stands now."""
        name, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        if why := why_no_id(student):
            raise LabsError(f"{student[:60]!a} cannot be a student's id ({why}). Rename the submission's folder.")
        course = CourseDirectory(config=self.config)
        source = course.format_path(course.source_directory, ".", name)
        return release_of(Assignment(name, Path(source) / f"{resources['nbgrader']['notebook']}.ipynb"), self.config)

    def not_graded(self, resources: ResourcesDict, why: str) -> None:
        """Keep why a submission could not be graded, for the export of the marks; nothing where it was."""
        about, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        NotGraded(CourseDirectory(config=self.config), about).update(
            set() if why else {student}, {student: why} if why else {}
        )


class Repair(_OfThisCourse):
    """Brings back what the release had and the student broke, and says so at the top of their notebook."""

    def preprocess(self, nb, resources):
        self._without_links(resources)
        repaired = repair(nbformat.writes(nb).encode(), self.release(resources))
        note(repaired.notebook, repaired.messages)
        return repaired.notebook, resources

    def _without_links(self, resources: ResourcesDict) -> None:
        """nbgrader follows the links that were handed in, whatever they lead to: what it copied for one is removed, and
        where it read the notebook through one, nothing is graded."""
        names, course = resources["nbgrader"], CourseDirectory(config=self.config)
        copies = Path(course.format_path(course.autograded_directory, names["student"], names["assignment"]))
        source = Path(course.format_path(course.submitted_directory, names["student"], names["assignment"]))
        for link in (path for path in source.rglob("*") if path.is_symlink()):
            (copies / link.relative_to(source)).unlink(missing_ok=True)
            self.log.warning("%s is a link, and left out: links are never followed", link)
        for path in (source / f"{names['notebook']}.ipynb", source, source.parent):
            if path.is_symlink():
                why = f"{path.name} is a link, and links are never followed. Have the file itself handed in"
                self.not_graded(resources, why)
                raise LabsError(f"{names['student']}: {why}.")


class Examine(_OfThisCourse):
    """Runs a submission in the engine's sandbox; its outputs are the examiner's verdicts."""

    sandbox = Bool(True, help="Grade each submission in a sandbox. Without one, students' code has your rights.").tag(
        config=True
    )

    def preprocess(self, nb, resources):
        folder = Path(resources["metadata"]["path"])
        submission = Submission(resources["nbgrader"]["student"], nbformat.writes(nb).encode(), _beside(folder))
        graded = worker.grade_one(self.release(resources), submission, bool(self.sandbox), Limits())
        if isinstance(graded, Refused) and graded.busy:
            graded = worker.grade_one(
                self.release(resources), replace(submission, given=graded.given), bool(self.sandbox), Limits()
            )
        self.not_graded(resources, graded.why if isinstance(graded, Refused) else "")
        if isinstance(graded, Refused):
            raise LabsError(graded.why.replace("--no-sandbox", "--Examine.sandbox=False"))
        return nbformat.reads(graded.notebook, as_version=4), resources


class AutogradeExporter(NotebookExporter):
    """What `Autograde` writes notebooks with. Made before nbgrader removes what it autograded before, it keeps the
    answers that stood there: marks given by hand were given for those."""

    def __init__(self, *, parent: BaseConverter, **options):
        super().__init__(parent=parent, **options)
        folders = [Path(parent._format_dest(assignment, student)) for assignment, student in submissions_of(parent)]
        self.answers_before = {
            folder: answers_at(notebook) for folder in folders for notebook in folder.glob("*.ipynb")
        }


class SaveGrades(SaveAutoGrades):
    """nbgrader's, which puts whatever was marked by hand back into the queue; here only that whose answer changed."""

    def preprocess(self, nb, resources):
        before = self.parent.answers_before.get(Path(resources["metadata"]["path"]))
        self._other_answers = changed(before, answers_in(nb))
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, cell_index):
        if not (is_grade(cell) or is_task(cell)):
            return super().preprocess_cell(cell, resources, cell_index)
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        waited, points = grade.needs_manual_grade, grade.auto_score
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if grade.manual_score is not None:
            grade.needs_manual_grade = waited or name in self._other_answers or grade.auto_score != points
            self.gradebook.db.commit()
            if grade.needs_manual_grade and not waited:
                self.log.warning(
                    "%s: %s: the answer changed since it was graded by hand; that mark stands until you look at it "
                    "again in formgrader",
                    self.student_id,
                    name,
                )
        return cell, resources


def submissions_of(converter: BaseConverter) -> list[tuple[str, str]]:
    """The assignment and the student of each submission that one of nbgrader's converters found."""
    pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
    found = (re.match(pattern, folder) for folder in converter.assignments)
    return [(match["assignment"], match["student"]) for match in found if match]


class WithoutGradersNotes(NbGraderPreprocessor):
    """Takes mark schemes and hidden tests,
    which autograding brings back for the grader, out of a student's feedback."""

    def preprocess_cell(self, cell, resources, cell_index):
        if is_locked(cell):
            cell.source = GRADERS_NOTES.sub("", cell.source)
        return cell, resources


def _beside(folder: Path) -> dict[str, bytes]:
    """The other files that were handed in, by relative path."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink() and file.suffix != ".ipynb")
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}
