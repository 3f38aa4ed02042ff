"""nbgrader for this course, run from the repository root: solutions/ is the source, labs/ the release."""

from importlib.util import find_spec
from pathlib import Path

from autograders.nbgrader_paths import database_url, in_format, take_folders_literally

COURSE = Path(__file__).resolve().parent
take_folders_literally()

TEMPLATES = COURSE / "autograders" / "grading" / "templates"
NBGRADERS_TEMPLATES = Path(find_spec("nbgrader").origin).parent / "server_extensions" / "formgrader" / "templates"

c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.course_id = "stack-from-zero"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "labs"
# Only where the folder's name needs it: nbgrader's own defaults follow a root that is given on the command line.
if set(str(COURSE)) & set("%?"):
    c.CourseDirectory.db_url = database_url(COURSE / "gradebook.db")

# labs/ stands in git, so generate_assignment would skip every lab, and a new gradebook would never hear of it.
c.GenerateAssignment.force = True
# But what a person wrote there is kept: see autograders/keeping.py.
c.GenerateAssignment.preprocessors.extend(["autograders.keeping.Stamp", "autograders.keeping.WithoutWidgets"])
c.GenerateAssignment.exporter_class = "autograders.keeping.KeepingExporter"

# `nbgrader zip_collect LAB` takes what lies in downloaded/LAB/archive: STUDENT_LAB.ipynb, STUDENT.zip with the
# notebook in it, or one zip with all of them. A platform's export is skipped: `labs grade --submitted` knows whose
# its files are. What could not be an id for `labs grade` is none here.
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\](?!extracted[/\\]|\d\d_)"
    r"(?![^/\\]*(?: - |_assignsubmission_|_attempt_|_\d+_\d+_\d\d_|[,;()]))(?!(?:LATE_)?anon_)"
    r"(?P<student_id>[A-Za-z0-9][^/\\+*?\[\]<>|:\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]*)"
    r"(?:[/\\]\d\d_\w+)?[/\\_](?P<file_id>\d\d_\w+)\.ipynb$"
)
if set(str(COURSE)) & set("{}"):
    c.ZipCollectApp.collect_directory_structure = in_format(COURSE) + "/{downloaded}/{assignment_id}/{collect_step}"
c.ZipCollectApp.strict = True  # a notebook of another lab is skipped and named, not filed as this lab's

# A rubric stands between BEGIN and END MARK SCHEME in the locked cell that asks;
# formgrader shows it, students never see it.
c.ClearMarkScheme.enforce_metadata = False
c.GenerateFeedback.preprocessors = [
    "autograders.grading.feedback.SafeForStudents",
    "autograders.grading.feedback_page.Grades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# What a student wrote runs in nobody's browser: not on feedback pages, not in formgrader.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "markdown2html": "autograders.grading.feedback.markdown_to_html",
    "clean_html": "autograders.grading.feedback.clean_html",
    "escape_html": "autograders.grading.feedback.escape_html",
    "latex2html": "autograders.grading.feedback.latex_to_html",
}
# nbgrader's pages load MathJax from another server; ours have their formulas and diagrams drawn already.
c.HTMLExporter.extra_template_basedirs = [str(folder) for folder in (TEMPLATES, NBGRADERS_TEMPLATES)]
c.HTMLExporter.extra_template_paths = [str(NBGRADERS_TEMPLATES)]
c.GenerateFeedback.exporter_class = "autograders.grading.feedback_page.FeedbackPage"

# `nbgrader export` says as well what is not in the marks yet, and who could not be graded.
c.ExportApp.plugin_class = "autograders.grading.export.MarksExport"

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
c.Autograde.exporter_class = "autograders.grading.nbgrader_plugin.AutogradeExporter"
c.Autograde.sanitize_preprocessors = [
    "autograders.grading.nbgrader_plugin.Repair",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograders.grading.nbgrader_plugin.Examine",
    "autograders.grading.nbgrader_plugin.SaveGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
