"""A student's feedback page shows their work and its points, runs nothing of theirs, and tells no hidden test."""

import base64
import copy
import html
import re
import sys
import time
from pathlib import Path

import nbformat
import pandas
import pytest
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from nbgrader import preprocessors as steps
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograders.configuration import course_config
from autograders.grading import pictures
from autograders.grading.feedback import SafeForStudents, clean_html
from autograders.grading.feedback_page import FeedbackPage, stale
from autograders.grading.gradebook import CourseGradebook
from autograders.grading.model import Assignment, Graded, Release, Submission, Verdict

NAME = "90_small"
CONFIG = {room: course_config()[room] for room in ("GenerateFeedback", "HTMLExporter")}
RUN = ["script", "iframe", "object", "embed", "svg", "math", "form", "meta", "base", "link", "style"]
SCRIPT = "<script>alert(1)</script>"
IMG = '<img src="x" onerror="alert(1)">'
CHECK = """assert double(2) == 4, "twice two"
### BEGIN HIDDEN TESTS
secret_case = 4711
assert double(secret_case) == 9422, "twice 4711"
### END HIDDEN TESTS
assert double(0) == 0, "twice nothing"
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><circle r="5" onload="alert(1)"/></svg>'


def about(name: str, points: float | None = None, **kinds: bool) -> dict:
    worth = {} if points is None else {"points": points, "score": 0}
    return {"nbgrader": {"grade_id": name, "schema_version": 3, "grade": False, "solution": False, "task": False,
                         "locked": False, **kinds, **worth}}


def assignment() -> nbformat.NotebookNode:
    notebook = new_notebook(cells=[
        new_code_cell("def double(n):\n    ### BEGIN SOLUTION\n    return 2 * n\n    ### END SOLUTION",
                      metadata=about("double", solution=True)),
        new_code_cell(CHECK, metadata=about("test_double", 2, grade=True, locked=True)),
        new_markdown_cell("Why?", metadata=about("why", 3, grade=True, solution=True)),
        new_markdown_cell("Build it.\n\n=== BEGIN MARK SCHEME ===\n3 points for courage\n=== END MARK SCHEME ===",
                          metadata=about("build", 4, task=True, locked=True))])
    for step in (steps.LockCells, steps.ClearSolutions, steps.ComputeChecksums):
        notebook, _ = step().preprocess(notebook, {})
    return notebook


class Page:
    """A feedback page as a browser reads it."""

    def __init__(self, text: str):
        self.soup = BeautifulSoup(text, "html.parser")
        self.loads = [
            own[name]
            for own in self.soup.select("script[src], link[href]")
            for name in ("src", "href")
            if own.has_attr(name)
        ]
        for own in self.soup.select("head > *, body > script, nav, .help"):  # nbgrader's
            own.extract()
        self.text = self.soup.get_text()

    @property
    def harmful(self) -> list[str]:
        """What would run, or load what runs."""
        found = [str(tag) for tag in self.soup(RUN)]
        for tag in self.soup.find_all(True):
            for name, value in tag.attrs.items():
                link = re.sub(r"[\0-\x20]", "", str(value)).lower()
                if name.startswith("on") or link.startswith(("javascript:", "vbscript:", "data:text")):
                    found.append(f"{tag.name} {name}={value}")
        return found


@pytest.fixture(scope="module")
def exporters():
    """Those of feedback, and of formgrader's page for grading by hand, with their templates."""
    feedback = FeedbackPage(config=GenerateFeedback(coursedir=CourseDirectory(), config=Config(CONFIG)).config)
    formgrader = HTMLExporter(config=Config(CONFIG), template_name="formgrade")
    return {True: feedback, False: formgrader}


@pytest.fixture
def page(exporters):
    """Makes the page of a notebook with these cells, as it was read from a file: the student's, or the grader's."""
    def made(*cells, safe: bool = True) -> Page:
        notebook = nbformat.from_dict({**new_notebook(), "cells": [copy.deepcopy(cell) for cell in cells]})
        if safe:
            notebook, _ = SafeForStudents().preprocess(notebook, {})
        resources = {"nbgrader": {"notebook": NAME, "score": 1, "max_score": 2, "late_penalty": 0},
                     "notebook_id": NAME, "base_url": "", "index": 0, "total": 1}
        return Page(exporters[safe].from_notebook_node(notebook, resources=resources)[0])
    return made


def shows(kind: str, content: str, metadata: dict | None = None):
    return new_code_cell("1", outputs=[new_output("display_data", {kind: content}, metadata=metadata or {})])


def attached(kind: str, content: str):
    return new_markdown_cell("![a](attachment:a)", attachments={"a": {kind: content}})


def tampered(cell, **values):
    cell.update(values)
    return cell


HOSTILE = {
    "script in markdown": new_markdown_cell(f"Hi {SCRIPT}"),
    "handler in markdown": new_markdown_cell(IMG),
    "script over lines": new_markdown_cell("<script\n>alert(1)\n\n</script\n>"),
    "link in markdown": new_markdown_cell("[a](javascript:alert(1)) [b](JaVa\tscript:alert(1))"),
    "written link": new_markdown_cell(
        "<a href='&#106;avascript:alert(1)'>c</a> <a href=' java\nscript:alert(1)'>d</a>"
    ),
    "data link": new_markdown_cell("[a](data:text/html;base64,PHNjcmlwdD4=) <a href='data&colon;text/html,x'>b</a>"),
    "picture's address": new_markdown_cell('![a](x"onerror="alert(1))'),
    "code fence": new_markdown_cell(f'```"><script>alert(1)</script>\n{SCRIPT}\n```'),
    "mermaid": new_markdown_cell(f"```mermaid\n</pre>{SCRIPT}\n```"),
    "formula": new_markdown_cell(f"$a{SCRIPT}$ $${IMG}$$ \\begin{{a}}{SCRIPT}\\end{{a}}"),
    "formula in a picture's words": new_markdown_cell(
        '![$x onerror=alert(1) y$](u) ![$a"b onerror=alert(1)$](u "$c onerror=alert(1)$")'
    ),
    "formula that begins a tag": new_markdown_cell(
        r"$\text{<img src=x onerror=alert(1)>}$ $$<script>alert(1)</script>$$"
    ),
    "latex in html": new_markdown_cell(f'<p title="$x$">$y${SCRIPT}</p> <b title=\'$x" onclick="alert(1)$\'>c</b>'),
    "script in a diagram": new_markdown_cell(
        '```mermaid\nflowchart LR\n  a["<img src=x onerror=alert(1)>"] --> b\n  click b "javascript:alert(1)"\n```'
    ),
    "style": new_markdown_cell("<style>@import 'x';</style><p style='background:url(javascript:alert(1))'>x</p>"),
    "hidden in svg": new_markdown_cell(f"{SVG}<math><mtext><style>{IMG}</style></mtext></math>"),
    "noscript": new_markdown_cell(f'<noscript><p title="</noscript>{IMG}">'),
    "comment": new_markdown_cell(f"<!--> {SCRIPT} --><!{SCRIPT}>"),
    "attachment that is missing": new_markdown_cell(f"![a](attachment:gone) {SCRIPT}"),
    "attachment of another kind": attached("text/html", base64.b64encode(SCRIPT.encode()).decode()),
    "attachment's kind": attached('text/html,"><script>alert(1)</script>', "x"),
    "attachment's content": attached("image/png", f'">{SCRIPT}'),
    "raw cell": tampered(new_raw_cell(SCRIPT), metadata={"raw_mimetype": "text/html"}),
    "html": shows("text/html", f"<b>x</b>{SCRIPT}{IMG}<iframe src='javascript:alert(1)'></iframe>"),
    "isolated html": shows("text/html", SCRIPT, {"text/html": {"isolated": True}}),
    "markdown output": shows("text/markdown", f"{SCRIPT} [a](javascript:alert(1))"),
    "javascript": shows("application/javascript", "alert(1)"),
    "svg": shows("image/svg+xml", SVG),
    "latex": shows("text/latex", f"$x${SCRIPT}"),
    "plain": shows("text/plain", SCRIPT),
    "widget": shows("application/vnd.jupyter.widget-view+json", '{"a": "</script>"}'),
    "picture": shows("image/png", f'"{IMG}'),
    "picture's width": shows("image/png", "AAAA", {"image/png": {"width": "1 onerror=alert(1)", "alt": '"><script>'}}),
    "stdout": new_code_cell("1", outputs=[new_output("stream", name="stdout", text=f"{SCRIPT}\x1b[31m{IMG}")]),
    "stderr": new_code_cell("1", outputs=[new_output("stream", name="stderr", text=SCRIPT)]),
    "traceback": new_code_cell(
        "1", outputs=[new_output("error", ename=SCRIPT, evalue=SCRIPT, traceback=[f"\x1b[31m{SCRIPT}"])]
    ),
    "source": new_code_cell(f"'{SCRIPT}'", outputs=[]),
    "tags": tampered(new_code_cell("1"), metadata={"tags": ['"><script>alert(1)</script>'], "magics_language": SCRIPT}),
    "remark to templates": tampered(new_code_cell("1"), metadata={"transient": 7}),
    "nbgrader's id": tampered(new_markdown_cell("x"), metadata=about(f'">{SCRIPT}', 1, grade=True, solution=True)),
    "claimed comment": tampered(
        new_markdown_cell("x"), metadata={"nbgrader": {"comment": SCRIPT, "grade_id": f'">{SCRIPT}'}}
    ),
    "grader's comment": tampered(
        new_markdown_cell("x"),
        metadata={
            "nbgrader": {**about("why", 3, grade=True, solution=True)["nbgrader"], "comment": f"You wrote {SCRIPT}"}
        },
    ),
}

# What grading drops, and a frame around text that was cleaned.
DROPPED = {"remark to templates", "nbgrader's id", "claimed comment", "widget", "isolated html"}


@pytest.mark.parametrize("cell", HOSTILE.values(), ids=HOSTILE)
def test_nothing_of_a_students_runs(page, cell):
    assert page(cell).harmful == []


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - DROPPED))
def test_the_filters_alone_keep_graders_safe_in_formgrader(page, name):
    assert page(HOSTILE[name], safe=False).harmful == []


def test_what_is_not_shown_as_html_is_shown_as_text(page):
    assert SCRIPT in page(new_markdown_cell(f"Hi {SCRIPT}")).text


def test_a_dataframe_is_still_a_table(page):
    shown = page(shows("text/html", pandas.DataFrame({"price": [1.5, 2]})._repr_html_()))
    assert [th.text for th in shown.soup.select("table.dataframe thead th")] == ["", "price"]
    assert "dataframe tbody" not in shown.text


def test_markdown_keeps_what_the_labs_use(page):
    text = ("## Why\n**bold** `code` [link](https://example.org)\n\n<details><summary>Hint</summary>h</details>\n\n"
            "|a|\n|-|\n|1|\n\n![p](attachment:p.png)")
    shown = page(new_markdown_cell(text, attachments={"p.png": {"image/png": "AAAA"}}))
    wanted = ("h2", "strong", "code", "a[href='https://example.org']", "details summary", "td")
    assert [selector for selector in wanted if not shown.soup.select(selector)] == []
    assert shown.soup.select_one("img[alt=p]")["src"] == "data:image/png;base64,AAAA"


@pytest.mark.slow
@pytest.mark.parametrize("safe", [True, False], ids=["feedback", "formgrader"])
def test_formulas_and_diagrams_are_pictures_and_nothing_is_asked_of_another_server(page, safe):
    shown = page(
        new_markdown_cell(
            "So $a_1 \\leq \\frac{b}{2}$ and\n\n$$c$$\n\n\\begin{align} d &= e \\\\ f &= g \\end{align}\n\n"
            "```mermaid\nflowchart LR\n  shop --> standby\n```\n\n![far](https://example.org/p.png)"
        ),
        shows("text/latex", r"$\displaystyle \frac{x}{y}$"),
        safe=safe,
    )
    drawn = [
        img["class"][0]
        for img in shown.soup.select("img[class]")
        if img["src"].startswith("data:image/svg+xml;base64,")
    ]
    assert drawn == ["formula"] * 4 + ["diagram"] + ["formula"]
    assert [
        link
        for link in [*shown.loads, *(img.get("src", "") for img in shown.soup.select("img"))]
        if link.startswith(("http", "//"))
    ] == []


def test_what_cannot_be_drawn_is_shown_as_it_was_written(page):
    shown = page(new_markdown_cell("$\\begin{cases}1\\end{cases}$\n\n```mermaid\nno diagram\n```"))
    assert (
        shown.soup.select("img") == [] and "$\\begin{cases}1\\end{cases}$" in shown.text and "no diagram" in shown.text
    )


def test_amounts_of_money_are_no_formulas(page):
    shown = page(new_markdown_cell("$5 a month, not $10 or $20/$30, and $ 7 for 8 $."))
    assert shown.soup.select("img") == [] and "$5 a month, not $10 or $20/$30, and $ 7 for 8 $." in shown.text


def test_a_page_of_diagrams_that_cannot_be_drawn_is_given_up_soon(page, monkeypatch):
    tried = []
    monkeypatch.setattr(pictures, "diagram", tried.append)
    page(*(new_markdown_cell(f"```mermaid\n{number}\n```") for number in range(20)))
    assert len(tried) == 2


@pytest.mark.slow
def test_a_diagram_that_takes_too_long_is_not_drawn(monkeypatch):
    monkeypatch.setattr(
        pictures, "DRAW", "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    )
    assert pictures.diagram("flowchart LR\n  endless") is None


def test_a_grader_reads_the_mark_scheme_without_nbgraders_markers(page):
    scheme = "Why?\n\n### BEGIN MARK SCHEME\nA half each:\n\n1. courage\n### END MARK SCHEME"
    shown = page(new_markdown_cell(scheme, metadata=about("question", locked=True)), safe=False)
    assert [shown.soup.find(f"h{level}") for level in range(1, 4)] == [None] * 3 and "MARK SCHEME" not in shown.text
    assert shown.soup.find("strong").text == "Mark scheme" and "courage" in shown.text


def test_pictures_are_shown_and_scripts_in_them_do_not_run(page):
    shown = page(shows("image/svg+xml", SVG), shows("image/png", "AAAA", {"image/png": {"width": 40}}))
    sources = [img["src"].split(",")[0] for img in shown.soup.select("img")]
    assert sources == ["data:image/svg+xml;base64", "data:image/png;base64"] and shown.soup.select("img[width='40']")


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["<div>", "<b>", "<", "\\begin{a}", "<p><b><i>", "*a"])
def test_text_made_to_take_minutes_takes_seconds(page, unit):
    begun, text = time.process_time(), unit * (90_000 // len(unit))
    page(new_markdown_cell(text), shows("text/html", text))
    assert time.process_time() - begun < 8


def test_cleaning_is_done_once():
    assert clean_html(clean_html("<b>a & b</b> &lt;i&gt;")) == "<b>a &amp; b</b> &lt;i&gt;"


# Hidden tests

@pytest.fixture(autouse=True)
def main_module(monkeypatch):
    """IPython's shell takes the place of `__main__`, which a test after these may start a process from."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def ended(source: str, code: str) -> nbformat.NotebookNode:
    """A check of `code`, with the error that IPython shows."""
    shell = InteractiveShell.instance()
    shell.user_ns.clear()
    shell.run_cell(code, silent=True)
    result = shell.run_cell(source, silent=True, store_history=False)
    error = result.error_in_exec
    shown = shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__) if error else []
    outputs = [new_output("error", ename=type(error).__name__, evalue=str(error), traceback=shown)] if error else []
    return new_code_cell(source, metadata=about("test_double", 2, grade=True, locked=True), outputs=outputs)


def secrets(shown: Page) -> list[str]:
    return re.findall(r"4711|9422|secret_case|HIDDEN|courage|MARK SCHEME", shown.text)


def test_a_hidden_test_that_fails_says_only_so(page, capsys):
    shown = page(ended(CHECK, "def double(n): return 2 * n if n < 9 else 0"))
    assert secrets(shown) == [] and "A test that is not shown here failed." in shown.text


def test_a_visible_test_tells_its_line_and_message_and_not_its_hidden_neighbours(page, capsys):
    shown = page(ended(CHECK, "def double(n): return 5"))
    assert secrets(shown) == [] and "twice two" in shown.text and "Traceback" in shown.text


def test_a_visible_test_after_the_hidden_ones_is_told_as_well(page, capsys):
    shown = page(ended(CHECK, "def double(n): return 2 * n or 1"))
    assert secrets(shown) == [] and "twice nothing" in shown.text


def test_an_answer_cannot_tell_what_it_was_asked(page, capsys):
    cell = ended(CHECK, "def double(n):\n    if n > 9: raise ValueError(n)\n    return 2 * n")
    cell.outputs.insert(0, new_output("stream", name="stdout", text="asked for 4711"))
    assert secrets(page(cell)) == []


def test_a_checks_own_words_are_told(page):
    error = new_output("error", ename="CheckFailed", evalue="", traceback=["double(3)", "  returned 5", "  expected 6"])
    cell = new_code_cell(CHECK, metadata=about("test_double", 2, grade=True, locked=True), outputs=[error])
    assert "expected 6" in page(cell).text


def test_hidden_lines_are_not_told_elsewhere(page):
    quoted = "".join(f"{number} {line}\n" for number, line in enumerate(CHECK.splitlines()))
    cell = new_code_cell("print(In)", outputs=[new_output("stream", name="stdout", text=quoted)])
    check = new_code_cell(CHECK, metadata=about("test_double", 2, grade=True, locked=True))
    assert secrets(page(cell, check)) == []


# nbgrader's own command

@pytest.fixture
def course(tmp_path):
    return Small(tmp_path)


class Small:
    """A course of one small assignment, whose gradebook a Book wrote."""

    def __init__(self, root: Path):
        self.root, self.full = root, nbformat.writes(assignment())
        self.config = Config(
            {"CourseDirectory": {"root": str(root), "course_id": "small", "assignment_id": NAME}, **CONFIG}
        )

    def notebook(self) -> nbformat.NotebookNode:
        notebook = nbformat.reads(self.full, as_version=4)
        notebook.cells[2].source = "Because."
        return notebook

    def record(self, student: str, points: float = 2, notebook=None) -> None:
        graded = Graded(
            student,
            (Verdict("test_double", points, 2), Verdict("why", None, 3)),
            nbformat.writes(notebook or self.notebook()),
        )
        with CourseGradebook(self.config, Assignment(NAME, Path("-")), Release(NAME, self.full, self.full)) as book:
            book.prepare()
            book.record(Submission(student, b""), graded)

    def generate(self) -> None:
        """`nbgrader generate_feedback`, without --force."""
        GenerateFeedback(coursedir=CourseDirectory(config=self.config), config=self.config).start()

    def page(self, student: str) -> Path:
        return self.root / "feedback" / student / NAME / f"{NAME}.html"

    def text(self, student: str) -> str:
        return Page(self.page(student).read_text()).text

    def by_hand(self, student: str, points: float, comment: str) -> None:
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "small") as book:
            grade = book.find_grade("why", NAME, NAME, student)
            grade.manual_score, grade.needs_manual_grade = points, False
            book.find_comment("why", NAME, NAME, student).manual_comment = comment
            book.db.commit()


def test_generate_feedback_makes_such_a_page_from_what_a_book_recorded(course):
    notebook = course.notebook()
    notebook.cells[0].source = "def double(n):\n    return '<script>alert(1)</script>'"
    notebook.cells[1].outputs = ended(CHECK, "def double(n): return 2 * n if n < 9 else 0").outputs
    notebook.cells[2].source = f"Because {SCRIPT}"
    notebook.cells += [cell for cell in HOSTILE.values() if not cell.metadata.get("nbgrader", {}).get("grade")]
    course.record("ada", 0, notebook)
    course.generate()
    shown = Page(course.page("ada").read_text())
    assert shown.harmful == [] and secrets(shown) == []
    assert (
        "Score: 0.0 / 9.0" in shown.text and html.escape(SCRIPT) not in shown.text and f"Because {SCRIPT}" in shown.text
    )


def test_the_index_names_the_exercises_and_says_what_is_still_to_be_graded(course):
    notebook = course.notebook()
    notebook.cells.insert(0, new_markdown_cell("## 1 · Twice"))
    course.record("ada", 2, notebook)
    course.generate()
    shown = Page(course.page("ada").read_text()).soup
    index = [" ".join(entry.text.split()) for entry in shown.select("#toc li")]
    assert index == [
        "test_double in “1 · Twice” (Score: 2.0 / 2.0)",
        "why in “1 · Twice” (still to be graded by hand, up to 3.0)",
        "build in “1 · Twice” (still to be graded by hand, up to 4.0)",
    ]
    assert "(Score: 2.0 / 9.0), up to 7.0 more still to be graded by hand" in " ".join(shown.find("h4").text.split())


def test_feedback_follows_the_marks_without_force(course):
    course.record("ada")
    course.record("bob")
    course.generate()
    before = course.page("bob").stat().st_mtime_ns
    course.record("ada", 0)
    course.generate()
    assert "Score: 0.0 / 9.0" in course.text("ada") and course.page("bob").stat().st_mtime_ns == before


def test_feedback_follows_points_and_comments_given_by_hand(course):
    course.record("ada")
    course.generate()
    course.by_hand("ada", 1.5, "Say more.")
    course.generate()
    assert "Score: 3.5 / 9.0" in course.text("ada") and "Say more." in course.text("ada")


def test_it_is_known_whose_feedback_shows_other_marks(course):
    for student in ("ada", "bob", "cleo"):
        course.record(student)
    directory = CourseDirectory(config=course.config)
    course.generate()
    told = [stale(directory, NAME)]
    course.by_hand("cleo", 1, "")
    course.record("ada", 1)
    told.append(stale(directory, NAME))
    assert told == [[], ["ada", "cleo"]]
