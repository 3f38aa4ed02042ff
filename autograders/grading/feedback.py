"""What makes a student's notebook fit to be read in a browser, by its student and by the grader."""

import re
import secrets
from collections import Counter
from functools import cache

from bleach.css_sanitizer import CSSSanitizer
from bleach.sanitizer import Cleaner
from jinja2 import pass_context
from markupsafe import escape
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, MathInlineParser
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from autograders.grading import pictures
from autograders.grading.nbgrader_plugin import GRADERS_NOTES, WithoutGradersNotes

LONGEST = 100_000  # characters of one text that are shown
LONGEST_MARKDOWN = 20_000  # that are rendered, and not shown as they are: the parser's time grows with their square
MAX_DEPTH = 200  # tags open at once, for the same reason
TAGS = set(
    """a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
    hr i img kbd li mark ol p pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul"""
    .split()
)
ATTRIBUTES = {
    "*": {"class", "title", "style", "align"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    "a": {"name"}, "img": {"alt", "width", "height"}, "table": {"border"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"}, "ol": {"start"}, "details": {"open"}}
LINK = re.compile(r"(https?://|mailto:|#)[^\0]*|[\w./%-]*([#?][^\0]*)?", re.IGNORECASE)
IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[\w+/=\s]*|[\w./%-]*", re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-zA-Z]\w*)")
STYLE = re.compile(r"<style[^<>]*>[^<]*</style>", re.IGNORECASE)  # pandas' own, which would be shown as text
TEXTS = {"text/html", "text/markdown", "text/plain", "text/latex"}
PICTURES = {"image/png", "image/jpeg", "image/svg+xml"}
PYTHON = {"name": "python", "pygments_lexer": "ipython3"}
NOT_SHOWN = "A test that is not shown here failed."
SCHEME_BEGINS = re.compile(r"(?m)^[^\n]*BEGIN MARK SCHEME[^\n]*$")
SCHEME_ENDS = re.compile(r"(?m)^[^\n]*END MARK SCHEME[^\n]*$")
# Of one formula, or a formula a line.
ENVIRONMENTS = ("equation", "align", "gather", "displaymath", "eqnarray", "multline")
MOST_PICTURES, MOST_FAILED = 100, 2  # of one text; of one page
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
ARROW = re.compile(r"^-+> *\d+ ?(.*)")  # the line where an error arose, as IPython marks it
NUMBER = re.compile(r"^(?:-+>)? *\d+ ")


class SafeForStudents(WithoutGradersNotes):
    """Takes out of an autograded notebook what its student's feedback must not show: mark schemes and hidden tests, in
    the source and in what errors quote of it, and scripts and attributes that a browser would obey.

    Markdown cells and comments are cleaned where they are rendered, by `markdown_to_html`.
    """

    def preprocess(self, nb, resources):
        nb.metadata = NotebookNode(language_info=NotebookNode(PYTHON))
        hidden = {line for cell in nb.cells for line in hidden_lines(cell)}
        for cell in nb.cells:
            if cell.cell_type == "code":
                _clean_code(cell, hidden)
            cell.metadata = _metadata(cell)
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, cell_index):
        if is_task(cell) and not is_locked(cell):
            cell.source = GRADERS_NOTES.sub("", cell.source)
        return super().preprocess_cell(cell, resources, cell_index)


@pass_context
def markdown_to_html(context, source: str) -> str:
    """nbconvert's filter `markdown2html`: formulas and diagrams drawn, what the text says in HTML made harmless, and a
    mark scheme begun with a bold word instead of nbgrader's markers."""
    if len(source) <= LONGEST_MARKDOWN:
        try:
            cell = context.get("cell") or NotebookNode(metadata={})
            if is_locked(cell):
                source = SCHEME_ENDS.sub("", SCHEME_BEGINS.sub("**Mark scheme**\n", source))
            renderer = _Renderer(cell.get("attachments") or {}, context.get("resources") or {})
            html = MarkdownWithMath(renderer=renderer, inline=_Inline(hard_wrap=False)).render(source)
            return renderer.with_pictures(clean_html(html))
        except Exception:  # whatever the parser raises over a student's text, the page is made
            pass
    return f"<pre>{escape(_cut(source))}</pre>"


def latex_to_html(tex: object) -> str:
    """A filter for outputs in LaTeX: a picture where it is one formula that can be drawn."""
    tex = str(tex)
    bare = (
        tex.strip()
        .removeprefix("$")
        .removeprefix("$")
        .removesuffix("$")
        .removesuffix("$")
        .removeprefix(r"\displaystyle")
    )
    drawn = pictures.formulas(bare)
    return "<br>".join(drawn) if drawn else f"<pre>{escape(_cut(tex))}</pre>"


class _Inline(MathInlineParser):  # pyrefly: ignore[invalid-inheritance]  # there is one for each mistune
    """Formulas stand between dollars, and so do amounts of money: no formula begins or ends with a space, or is
    followed by a digit ($5 a month, and not $10)."""

    SPECIFICATION = {**MathInlineParser.SPECIFICATION,
                     "inline_math_tex": r"(?<![$\\])\$(?=[^\s$])(?P<math_inline_tex>[^$]+?)(?<=[^\s\\])\$(?![\d$])"}


class _Renderer(IPythonRenderer):
    """nbconvert's, which draws.
    Pictures are put into the page after it was cleaned, where it left marks that nobody can guess."""

    def __init__(self, attachments: dict, page: dict):
        super().__init__(escape=False, attachments=attachments)
        self._pictures: list[str] = []
        self._page, self._mark = page, f"picture-{secrets.token_hex(16)}"

    def with_pictures(self, html: str) -> str:
        for number, picture in enumerate(self._pictures):
            html = html.replace(f'<span class="{self._mark}-{number}"></span>', picture, 1)
        return html

    def inline_math(self, body: str) -> str:
        picture = pictures.formula(body) if self._may_draw() else None
        return self._put(picture) if picture else f"<code>${escape(body)}$</code>"

    def block_math(self, body: str) -> str:
        drawn = pictures.formulas(body) if self._may_draw() else None
        if not drawn:
            return f"<pre>$${escape(body)}$$</pre>"
        return "".join(f'<p align="center">{self._put(line)}</p>' for line in drawn)

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(body if name.rstrip("*") in ENVIRONMENTS else f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def block_mermaidjs(self, code: str) -> str:
        """A diagram. A page on which some could not be drawn, which may have taken long, gets no more of them."""
        failed = self._page.get("diagrams_not_drawn", 0)
        picture = pictures.diagram(code.strip()) if failed < MOST_FAILED and self._may_draw() else None
        if not picture:
            self._page["diagrams_not_drawn"] = failed + 1
        return f"<p>{self._put(picture)}</p>" if picture else f"<pre>{escape(code.strip())}</pre>"

    def _may_draw(self) -> bool:
        return len(self._pictures) < MOST_PICTURES

    def _put(self, picture: str) -> str:
        self._pictures.append(picture)
        return f'<span class="{self._mark}-{len(self._pictures) - 1}"></span>'


def clean_html(html: object) -> str:
    """nbconvert's filter of this name, with tables, pictures and headings left whole.
    What is not known to be harmless is shown as text."""
    html = html.decode(errors="replace") if isinstance(html, bytes) else str(html)
    if len(html) > LONGEST or _depth(html) > MAX_DEPTH:
        return f"<pre>{escape(_cut(html))}</pre>"
    return _cleaner().clean(STYLE.sub("", html))


def _depth(html: str) -> int:
    """How many tags are open at once, at most. A tag without its end counts as open."""
    opened: Counter[str] = Counter()
    deepest = depth = 0
    for end, tag in TAG.findall(html):
        if end and opened[tag]:
            opened[tag] -= 1
            depth -= 1
        elif not end and tag not in ("br", "img", "hr", "col"):
            opened[tag] += 1
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def escape_html(value: object) -> str:
    """nbconvert's filter of this name, for its attributes without quotes too: a space does not end the value."""
    return re.sub(r"\s", lambda space: f"&#{ord(space[0])};", str(escape(str(value))))


@cache
def _cleaner() -> Cleaner:
    protocols = {"http", "https", "mailto", "data"}  # where which may stand, _is_harmless says
    return Cleaner(TAGS, _is_harmless, protocols, css_sanitizer=CSSSanitizer())


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if (tag, name) == ("a", "href"):
        return LINK.fullmatch(value) is not None
    if (tag, name) == ("img", "src"):
        return IMAGE.fullmatch(value) is not None
    return name in ATTRIBUTES["*"] or name in ATTRIBUTES.get(tag, ())


# Hidden tests

def hidden_lines(cell) -> set[str]:
    """The lines of a cell's mark schemes and hidden tests, bare of indentation; those that say nothing left out."""
    if is_solution(cell) or not (is_locked(cell) or is_task(cell)):
        return set()
    notes = "\n".join(found[0] for found in GRADERS_NOTES.finditer(cell.source))
    return {line.strip() for line in notes.splitlines() if len(line.strip()) > 2}


def _clean_code(cell, hidden: set[str]) -> None:
    secret = hidden_lines(cell)
    visible = {line.strip() for line in GRADERS_NOTES.sub("", cell.source).splitlines()} - secret if secret else set()
    outputs = [_clean_output(output, hidden) for output in cell.outputs if output.output_type == "error" or not secret]
    if secret:
        outputs = [_without_answer(output, visible) for output in outputs if output]
    cell.outputs = [output for output in outputs if output]


def _without_answer(error, visible: set[str]):
    """An error of a cell with hidden tests: only a check's own words, and what a visible line raised, are told."""
    arrows = [found[1].strip() for line in _lines(error) if (found := ARROW.match(COLOURS.sub("", line)))]
    if error.ename in ("CheckFailed", "NotWritten") or (arrows and arrows[0] in visible):
        return error
    return NotebookNode(output_type="error", ename="", evalue=NOT_SHOWN, traceback=[NOT_SHOWN])


def _lines(error) -> list[str]:
    return [line for part in error.traceback for line in part.splitlines()]


def _without(text: str, hidden: set[str]) -> str:
    """A text without the lines that quote a hidden one, numbered or coloured as tracebacks do."""
    if not hidden:
        return text
    return "\n".join(line for line in text.split("\n") if not _quotes(line, hidden))


def _quotes(line: str, hidden: set[str]) -> bool:
    bare = COLOURS.sub("", line).strip()
    return bare in hidden or NUMBER.sub("", bare).strip() in hidden


# Outputs

def _clean_output(output, hidden: set[str]):
    """An output with nothing in it that runs; None where there is nothing left to show."""
    if output.output_type == "stream":
        text = _cut(_without(str(output.text), hidden))
        return NotebookNode(output_type="stream", name="stderr" if output.name == "stderr" else "stdout", text=text)
    if output.output_type == "error":
        traceback = [_cut(_without(str(part), hidden)) for part in output.traceback]
        return NotebookNode(
            output_type="error", ename=str(output.ename), evalue=str(output.evalue), traceback=traceback
        )
    if output.output_type in ("display_data", "execute_result"):
        return _clean_display(output, hidden)
    return None


def _clean_display(output, hidden: set[str]):
    data = NotebookNode({kind: _clean_data(kind, content, hidden) for kind, content in output.data.items()
                         if isinstance(content, str) and (kind in PICTURES or kind in TEXTS)})
    return NotebookNode(output_type="display_data", data=data, metadata=_sizes(output)) if data else None


def _clean_data(kind: str, content: str, hidden: set[str]) -> str:
    if kind == "text/html":
        return clean_html(content)
    return content if kind in PICTURES else _cut(_without(content, hidden))


def _sizes(output) -> NotebookNode:
    """The pictures' sizes: nbconvert writes them into the page without quotes."""
    about = output.get("metadata") or {}
    return NotebookNode({kind: NotebookNode({name: size for name, size in about[kind].items()
                                             if name in ("width", "height") and isinstance(size, int | float)})
                         for kind in PICTURES if isinstance(about.get(kind), dict)})


def _metadata(cell) -> NotebookNode:
    """Only what nbgrader says of a cell; the rest decides how templates show it, and is the student's."""
    about = cell.metadata.get("nbgrader")
    named = isinstance(about, dict) and re.fullmatch(r"[\w-]+", str(about.get("grade_id", "")), re.ASCII)
    return (
        NotebookNode(nbgrader=about)
        if named and (is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell))
        else NotebookNode()
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n... and {len(text) - LONGEST:,} characters more"
