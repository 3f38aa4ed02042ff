"""What nbgrader's own commands, and formgrader's Autograde button, call to grade a submission of this course.

`Repair` stands where nbgrader makes a submission fit to run, `Examine` where it runs it: the engine of `labs grade`.
An examined test cell has an error among its outputs where it gives no point, and nothing else where it gives all.
"""

import re
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_locked
from traitlets import Bool

from autograders.grading import worker
from autograders.grading.examiner import note
from autograders.grading.ids import why_no_id
from autograders.grading.model import Assignment, Release, Submission
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


class Repair(_OfThisCourse):
    """Brings back what the release had and the student broke, and says so at the top of their notebook."""

    def preprocess(self, nb, resources):
        repaired = repair(nbformat.writes(nb).encode(), self.release(resources))
        note(repaired.notebook, repaired.messages)
        return repaired.notebook, resources


class Examine(_OfThisCourse):
    """Runs a submission in the engine's sandbox; its outputs are the examiner's verdicts."""

    sandbox = Bool(True, help="Grade each submission in a sandbox. Without one, students' code has your rights.").tag(config=True)

    def preprocess(self, nb, resources):
        folder = Path(resources["metadata"]["path"])
        submission = Submission(resources["nbgrader"]["student"], nbformat.writes(nb).encode(), _beside(folder))
        graded = worker.grade_one(self.release(resources), submission, self.sandbox, Limits())
        if isinstance(graded, Refused):
            raise LabsError(graded.why.replace("--no-sandbox", "--Examine.sandbox=False"))
        return nbformat.reads(graded.notebook, as_version=4), resources


class WithoutGradersNotes(NbGraderPreprocessor):
    """Takes mark schemes and hidden tests, which autograding brings back for the grader, out of a student's feedback."""

    def preprocess_cell(self, cell, resources, cell_index):
        if is_locked(cell):
            cell.source = GRADERS_NOTES.sub("", cell.source)
        return cell, resources


def _beside(folder: Path) -> dict[str, bytes]:
    """The other files that were handed in, by relative path."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink() and file.suffix != ".ipynb")
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}
