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
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograders.grading.feedback import SafeForStudents, clean_html
from autograders.grading.gradebook import Book
from autograders.grading.model import Assignment, Graded, Release, Submission, Verdict

NAME = "90_small"
CONFIG = {
    "GenerateFeedback": {"preprocessors": ["autograders.grading.feedback.SafeForStudents", "nbgrader.preprocessors.GetGrades",
                                           "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor"]},
    "HTMLExporter": {"sanitize_html": True, "filters": {"markdown2html": "autograders.grading.feedback.markdown_to_html",
                                                        "clean_html": "autograders.grading.feedback.clean_html",
                                                        "escape_html": "autograders.grading.feedback.escape_html"}}}
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
        for own in self.soup.select("head > *, body > script"):
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
def exporter():
    """nbgrader's own, with its template."""
    return HTMLExporter(config=GenerateFeedback(coursedir=CourseDirectory(), config=Config(CONFIG)).config)


@pytest.fixture
def page(exporter):
    """Makes the page of a notebook with these cells, as it was read from a file."""
    def made(*cells, safe: bool = True) -> Page:
        notebook = nbformat.from_dict({**new_notebook(), "cells": [copy.deepcopy(cell) for cell in cells]})
        if safe:
            notebook, _ = SafeForStudents().preprocess(notebook, {})
        resources = {"nbgrader": {"notebook": NAME, "score": 1, "max_score": 2, "late_penalty": 0}}
        return Page(exporter.from_notebook_node(notebook, resources=resources)[0])
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
    "written link": new_markdown_cell("<a href='&#106;avascript:alert(1)'>c</a> <a href=' java\nscript:alert(1)'>d</a>"),
    "data link": new_markdown_cell("[a](data:text/html;base64,PHNjcmlwdD4=) <a href='data&colon;text/html,x'>b</a>"),
    "picture's address": new_markdown_cell('![a](x"onerror="alert(1))'),
    "code fence": new_markdown_cell(f'```"><script>alert(1)</script>\n{SCRIPT}\n```'),
    "mermaid": new_markdown_cell(f"```mermaid\n</pre>{SCRIPT}\n```"),
    "formula": new_markdown_cell(f"$a{SCRIPT}$ $${IMG}$$ \\begin{{a}}{SCRIPT}\\end{{a}}"),
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
    "traceback": new_code_cell("1", outputs=[new_output("error", ename=SCRIPT, evalue=SCRIPT, traceback=[f"\x1b[31m{SCRIPT}"])]),
    "source": new_code_cell(f"'{SCRIPT}'", outputs=[]),
    "tags": tampered(new_code_cell("1"), metadata={"tags": ['"><script>alert(1)</script>'], "magics_language": SCRIPT}),
    "remark to templates": tampered(new_code_cell("1"), metadata={"transient": 7}),
    "nbgrader's id": tampered(new_markdown_cell("x"), metadata=about(f'">{SCRIPT}', 1, grade=True, solution=True)),
    "claimed comment": tampered(new_markdown_cell("x"), metadata={"nbgrader": {"comment": SCRIPT, "grade_id": f'">{SCRIPT}'}}),
    "grader's comment": tampered(new_markdown_cell("x"), metadata={"nbgrader": {
        **about("why", 3, grade=True, solution=True)["nbgrader"], "comment": f"You wrote {SCRIPT}"}}),
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
    assert [one for one in wanted if not shown.soup.select(one)] == []
    assert shown.soup.select_one("img[alt=p]")["src"] == "data:image/png;base64,AAAA"


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

def test_generate_feedback_makes_such_a_page_from_what_a_book_recorded(tmp_path):
    full = nbformat.writes(assignment())
    config = Config({"CourseDirectory": {"root": str(tmp_path), "course_id": "small", "assignment_id": NAME}, **CONFIG})
    notebook = nbformat.reads(full, as_version=4)
    notebook.cells[0].source = "def double(n):\n    return '<script>alert(1)</script>'"
    notebook.cells[1].outputs = ended(CHECK, "def double(n): return 2 * n if n < 9 else 0").outputs
    notebook.cells[2].source = f"Because {SCRIPT}"
    notebook.cells += [cell for cell in HOSTILE.values() if not cell.metadata.get("nbgrader", {}).get("grade")]
    graded = Graded("ada", (Verdict("test_double", 0, 2), Verdict("why", None, 3)), nbformat.writes(notebook))
    with Book(config, Assignment(NAME, Path("-")), Release(NAME, full, full)) as book:
        book.prepare()
        book.record(Submission("ada", b""), graded)
    GenerateFeedback(coursedir=CourseDirectory(config=config), config=config).start()
    shown = Page((tmp_path / "feedback" / "ada" / NAME / f"{NAME}.html").read_text())
    assert shown.harmful == [] and secrets(shown) == []
    assert "Score: 0.0 / 9.0" in shown.text and html.escape(SCRIPT) not in shown.text and f"Because {SCRIPT}" in shown.text
