"""nbgrader for this course, run from the repository root: solutions/ is the source, labs/ the release."""

import os
import sys
from pathlib import Path

# nbgrader calls alembic by its bare name; it stands beside our Python, which need not be on PATH.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "stack-from-zero"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "labs"

# labs/ stands in git, so generate_assignment would skip every lab, and a new gradebook would never hear of it.
c.GenerateAssignment.force = True

# `nbgrader zip_collect LAB` takes what lies in downloaded/LAB/archive: STUDENT_LAB.ipynb, STUDENT.zip with the
# notebook in it, or one zip with all of them. A platform's export is skipped: `labs grade --submitted` knows whose
# its files are. What could not be an id for `labs grade` is none here.
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\](?!extracted[/\\]|\d\d_)"
    r"(?![^/\\]*(?: - |_assignsubmission_|_attempt_|_\d+_\d+_\d\d_|[,;()]))(?!(?:LATE_)?anon_)"
    r"(?P<student_id>[A-Za-z0-9][^/\\+*?\[\]<>|:\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]*)"
    r"(?:[/\\]\d\d_\w+)?[/\\_](?P<file_id>\d\d_\w+)\.ipynb$"
)
c.ZipCollectApp.strict = True  # a notebook of another lab is skipped and named, not filed as this lab's

# A rubric stands between BEGIN and END MARK SCHEME in the locked cell that asks; formgrader shows it, students never see it.
c.ClearMarkScheme.enforce_metadata = False
c.GenerateFeedback.preprocessors = [
    "autograders.grading.feedback.SafeForStudents",
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# What a student wrote runs in nobody's browser: not on feedback pages, not in formgrader.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "markdown2html": "autograders.grading.feedback.markdown_to_html",
    "clean_html": "autograders.grading.feedback.clean_html",
    "escape_html": "autograders.grading.feedback.escape_html",
}

# A cell of a lab waits for databases, and Validate runs them all. Every wait inside has a deadline of its own.
c.Execute.timeout = 120
c.Execute.error_on_timeout = {
    "ename": "CellTimeoutError",
    "evalue": "this cell did not end within 120 s",
    "traceback": ["This cell did not end within 120 s and was stopped: look for a wait without a deadline."],
}

# nbclient's own default, and no kernel's remarks on its transport among what a person reads.
c.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:", "--IPKernelApp.log_level=ERROR"]

# Repaired, then examined in a sandbox, by the engine of `labs grade`: the same scores from every command and button.
c.Autograde.sanitize_preprocessors = [
    "autograders.nbgrader_plugin.Repair",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograders.nbgrader_plugin.Examine",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
