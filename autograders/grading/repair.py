"""A student's notebook as it must be to be graded, whatever happened to it: locked cells, names and points come from the
release, answers and further cells from the student. What was repaired is told in a line each, for the student."""

import ast
import json
import re
import textwrap
import warnings
from bisect import bisect_left
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

import nbformat
from nbformat import NotebookNode

from autograders.grading.cells import compute_checksum, is_locked, is_solution, is_task
from autograders.grading.model import Release
from environments.errors import LabsError

MB = 2**20
MOST = 50 * MB  # a larger file is not read
MOST_CODE, MOST_TEXT = MB, 5 * MB  # of all cells, without outputs
MOST_ATTACHED = 10 * MB
MOST_CELLS = 5000
MOST_NODES = 2_000_000  # brackets in the file: what a parsed notebook costs in memory
MOST_PARSED = 50_000  # characters of a cell that is looked into
NAMED = 3  # cells named in one message
LIKE = 0.75  # how alike a changed locked cell must be to be recognised by its text
NEAR = 50  # cells looked at between two
DOWNLOAD = "in JupyterLab, File > Download gives the notebook; hand that in"
CLEAR = "in JupyterLab, Edit > Clear Outputs of All Cells, save, hand in again"

CHANGED = "the text had been changed; the released text was graded"
OLD = "from another release of the lab; the current text was graded"
BACK = "was missing; put back as released"
BACK_EMPTY = "was missing; put back without an answer"
COPY = "stood there more than once; copies of the released text were left out"
RIVAL = "several answers had this name; one was graded, the others ran as ordinary cells"
RETYPED = "had become another type of cell; changed back"
MOVED = "had been moved; put back in the released order"
SETTINGS = "points or other settings had been changed; the released ones were used"
LOST = "the cell had lost its nbgrader name; recognised and named again"
MERGED = "had been merged into another cell; taken out of it"
SPLIT = "had been split; joined again"
MISPLACED = "the answer stood in a locked cell; moved to the answer's own cell"
NEEDED = "was missing, and other cells need it; put back as released"
SURPLUS = "not a cell of this release; gives no points and ran as an ordinary cell"

TYPES = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown", "html": "markdown", "text": "markdown"}
SIGNATURES = {b"PK\x03\x04": "a zip archive", b"PK\x05\x06": "a zip archive", b"\x1f\x8b": "a gzip archive",
              b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a RAR archive", b"%PDF": "a PDF", b"\x89PNG": "a picture",
              b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\xd0\xcf\x11\xe0": "an Office document",
              b"{\\rtf": "a text document (RTF)", b"SQLite format 3": "a database", b"\x7fELF": "a program"}
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
OTHER_LANGUAGE = re.compile(r"\s*%%(?!time|timeit|capture|prun)")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
MAGIC = re.compile(r"(?m)^([ \t]*)[%!?].*$")
LINE_NAMES = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)|(\w+)\s*(?::[^=\n]+)?=(?!=)")


class Unreadable(LabsError):
    """The file is no notebook. Says what it is and what to do."""


@dataclass(frozen=True)
class Repaired:
    """A notebook ready for grading, what was repaired, and for each answer cell whether it differs from the release."""

    notebook: NotebookNode
    messages: tuple[str, ...]
    answered: dict[str, bool]


def repair(content: bytes, release: Release) -> Repaired:
    """The notebook that these bytes were meant to be, measured against its release.

    Raises Unreadable, which names the remedy, where they are no notebook; nothing else, whatever the bytes.
    """
    notes = Notes()
    try:
        cells = _read(content, release, notes)
        return _Assembly(_Matching(_parts(release.full, release.visible), cells, notes), release).repaired()
    except (RecursionError, MemoryError):
        raise Unreadable(f"the notebook is nested too deeply to be read: {CLEAR}") from None


def too_large(size: int) -> Unreadable:
    return Unreadable(f"the file has {size / MB:,.0f} MB, more than {MOST // MB}: {CLEAR}")


class Notes:
    """What is told to the student: a sentence, and the cells that it is about."""

    def __init__(self):
        self._cells: dict[str, list[str]] = {}

    def say(self, sentence: str, cell: str = "") -> None:
        cells = self._cells.setdefault(sentence, [])
        if cell and cell not in cells:
            cells.append(cell)

    def lines(self) -> tuple[str, ...]:
        return tuple(f"{_enumerated(cells)}: {sentence}" if cells else sentence for sentence, cells in self._cells.items())


def _enumerated(cells: list[str]) -> str:
    more = f" and {len(cells) - NAMED} more" if len(cells) > NAMED else ""
    return ", ".join(cells[:NAMED]) + more


# From bytes to cells


@dataclass(eq=False)
class Cell:
    """One cell as the student left it, or a part of one that repair took out of another (`taken`)."""

    kind: str
    source: str
    id: str = ""
    marks: dict = field(default_factory=dict)  # nbgrader's metadata
    attachments: dict = field(default_factory=dict)
    taken: bool = False
    part: "Part | None" = None  # the released cell that it is
    before: "Part | None" = None  # the locked cell that it was taken out of, and must run before
    _names: tuple[str, set[str]] = field(default_factory=lambda: ("", set()))

    @property
    def name(self) -> str:
        name = self.marks.get("grade_id")
        return name if isinstance(name, str) else ""

    @property
    def names(self) -> set[str]:
        """What its code binds; prose binds nothing, but code that was made text does."""
        if self._names[0] != self.source:
            binds = self.kind == "code" or _tree(self.source) is not None
            self._names = (self.source, _bound(self.source) if binds else set())
        return self._names[1]


def _read(content: bytes, release: Release, notes: Notes) -> list[Cell]:
    text = _decoded(content, notes)
    notebook = _unwrapped(_parsed(text, notes))
    listed = _listed(notebook, notes)
    _note_language(notebook, release, notes)
    _note_fields(listed, notes)
    cells = [_cell(raw, notes) for raw in listed if isinstance(raw, dict)]
    for what, most, kinds in (("code", MOST_CODE, ("code",)), ("text", MOST_TEXT, ("markdown", "raw"))):
        if sum(len(cell.source) for cell in cells if cell.kind in kinds) > most:
            raise Unreadable(f"the notebook has more than {most // MB} MB of {what}: "
                             "keep data in a file beside it, hand in again")
    if not cells:
        notes.say("the notebook had no cells; it was graded as released, without answers")
    return _attached_within_limits(cells, notes)


def _decoded(content: bytes, notes: Notes) -> str:
    if len(content) > MOST:
        raise too_large(len(content))
    if kind := next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), ""):
        remedy = "unpack it and hand in the notebook (.ipynb) inside" if "archive" in kind else DOWNLOAD
        raise Unreadable(f"this is {kind}, not a notebook: {remedy}")
    encoding = json.detect_encoding(content)
    if encoding != "utf-8":
        name = f"{encoding[:-4]} with a byte order mark" if encoding.endswith("-sig") else encoding
        notes.say(f"the file was encoded as {name.replace('utf', 'UTF')}, a notebook is plain UTF-8; read all the same")
    text = _as_utf_8(content, notes) if encoding.startswith("utf-8") else content.decode(encoding, "replace")
    text = text.removeprefix("\ufeff")
    if not text.strip("\0 \t\r\n"):
        raise Unreadable("the file is empty: save the notebook in JupyterLab (Ctrl+S), look into it, hand in again")
    return text


def _as_utf_8(content: bytes, notes: Notes) -> str:
    """As UTF-8 where most of it is, with what is broken replaced; else as Windows' and the web's older encoding."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken <= sum(1 for c in text if c > "\x7f") - broken:
        notes.say("some characters of the file were broken and have been replaced")
        return text
    notes.say("the file was encoded as Latin-1, a notebook is UTF-8; read all the same, special characters may be wrong")
    return content.decode("cp1252", "replace")


def _parsed(text: str, notes: Notes) -> object:
    if text.count("{") + text.count("[") > MOST_NODES:
        raise Unreadable(f"the notebook holds too much output to be read: {CLEAR}")
    text = text.strip("\0 \t\r\n")
    try:
        value, end = _loaded(text, notes)
    except ValueError as e:
        raise _no_json(text, e) from None
    if text[end:].strip("\0 \t\r\n"):
        notes.say("something followed the end of the notebook in its file; it was left out")
    return value


def _loaded(text: str, notes: Notes) -> tuple[object, int]:
    """The first JSON value and where it ends; line ends and tabs that JSON forbids within a text are let through."""
    try:
        return json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as e:
        if "control character" not in e.msg:
            raise
    value = json.JSONDecoder(strict=False).raw_decode(text)
    notes.say("the file had control characters that a notebook may not have; read all the same")
    return value


def _no_json(text: str, error: ValueError) -> Unreadable:
    """What the file seems to be, and what to do."""
    if re.search(r"(?m)^(<{7} |>{7} )", text):
        return Unreadable("the file has git's conflict markers (<<<<<<<): resolve the conflict, "
                          "open the notebook in JupyterLab, save, hand in again")
    if not text.startswith(("{", "[")):
        return Unreadable(f"this is {_kind_of(text)}, not a notebook: {DOWNLOAD}")
    at, message = getattr(error, "pos", 0), getattr(error, "msg", str(error))
    if at >= len(text) or message.startswith("Unterminated string"):
        return Unreadable(f"the file breaks off in the middle, after {len(text):,} characters: "
                          "open the notebook in JupyterLab, save, hand in again")
    return Unreadable(f"the file is damaged at line {text.count(chr(10), 0, at) + 1} ({message.lower()}): open the notebook in "
                      "JupyterLab, or its last checkpoint (File > Revert Notebook to Checkpoint), save, hand in again")


def _kind_of(text: str) -> str:
    head = text[:2000].lower()
    if head.startswith(("<!doctype html", "<html")) or "<html" in head:
        return "an HTML page"
    if head.startswith("<"):
        return "an XML file"
    if "\\documentclass" in head:
        return "a LaTeX file"
    if re.search(r"(?m)^(#!.*python|# -\*- coding|# %%|# in\[|#\s+coding|import \w|from [\w.]+ import |def \w+\()", head):
        return "a Python script"
    if sum(1 for c in head if c == "\ufffd" or c < " " and c not in "\t\r\n") > len(head) / 20:
        return "a binary file"
    return "another kind of text"


def _unwrapped(value: object) -> dict:
    """The notebook, also out of the envelope that Jupyter's server puts around one."""
    if isinstance(value, dict) and isinstance(value.get("content"), dict) and "cells" not in value:
        value = value["content"]
    if not isinstance(value, dict) or not ("cells" in value or "worksheets" in value):
        raise Unreadable(f"this is JSON, but not a notebook: {DOWNLOAD}")
    return value


def _listed(notebook: dict, notes: Notes) -> list:
    """The cells of a notebook of any format, as its JSON has them."""
    major, minor = notebook.get("nbformat"), notebook.get("nbformat_minor")
    if "cells" not in notebook or major in (1, 2, 3):
        notes.say(f"saved in the notebook format {_short(str(major or 3))} of long ago; upgraded")
    elif major != 4 or not isinstance(minor, int):
        notes.say("its notebook format was missing or is not known; read as format 4")
    sheets = notebook.get("worksheets")
    listed = notebook["cells"] if "cells" in notebook else [
        cell for sheet in (sheets if isinstance(sheets, list) else []) if isinstance(sheet, dict)
        for cell in (sheet["cells"] if isinstance(sheet.get("cells"), list) else [])]
    if listed is not None and not isinstance(listed, list):
        raise Unreadable("the notebook's list of cells is damaged: open the notebook in JupyterLab, save, hand in again")
    if len(listed or []) > MOST_CELLS:
        raise Unreadable(f"the notebook has {len(listed):,} cells, more than {MOST_CELLS:,}: "
                         "delete those you do not need, hand in again")
    return listed or []


def _raw_source(raw: dict) -> object:
    return next((raw[key] for key in ("source", "input", "code", "text") if raw.get(key) is not None), None)


def _note_language(notebook: dict, release: Release, notes: Notes) -> None:
    metadata = notebook.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = spec.get("language") if isinstance(spec, dict) else None
    released = _metadata_of(release.full).get("kernelspec", {}).get("language", "python")
    if isinstance(language, str) and language and language.lower() != released.lower():
        notes.say(f"the notebook was set to run {_short(language)}; it was graded with {released}")


def _note_fields(listed: list, notes: Notes) -> None:
    """Tell of missing fields and of cell ids that cannot be used."""
    if any(not isinstance(raw, dict) for raw in listed):
        notes.say("entries that were no cells have been left out")
    raws = [raw for raw in listed if isinstance(raw, dict)]
    if any(_raw_source(raw) is None or not isinstance(raw.get("metadata"), dict)
           or raw.get("cell_type") == "code" and not isinstance(raw.get("outputs"), list) for raw in raws):
        notes.say("cells lacked fields of the notebook format (metadata, source or outputs); added")
    if any(str(raw.get("cell_type"))[:20] not in TYPES for raw in raws):
        notes.say("cells had no known type; set by what they hold")
    ids = [raw["id"] if isinstance(raw["id"], str) else "" for raw in raws if "id" in raw]
    if any(not CELL_ID.fullmatch(i) for i in ids) or len(set(ids)) < len(ids):
        notes.say("cell ids were invalid or stood twice; new ones were given")


def _cell(raw: dict, notes: Notes) -> Cell:
    metadata = raw.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    identity = raw.get("id")
    kind = raw.get("cell_type")
    runs = any(key in raw for key in ("outputs", "execution_count", "prompt_number", "input"))
    return Cell(TYPES.get(kind if isinstance(kind, str) else "", "code" if runs else "markdown"),
                _heading(raw) + _clean(_raw_source(raw), notes),
                identity if isinstance(identity, str) and CELL_ID.fullmatch(identity) else "",
                marks if isinstance(marks, dict) else {}, _attachments(raw.get("attachments")))


def _heading(raw: dict) -> str:
    level = raw.get("level")
    return "#" * (level if isinstance(level, int) and 0 < level < 7 else 1) + " " if raw.get("cell_type") == "heading" else ""


def _clean(source: object, notes: Notes) -> str:
    """The text of a cell, without what neither Python nor a file can hold."""
    if isinstance(source, list):
        lines = [line for line in source if isinstance(line, str)]
        source = ("" if any("\n" in line for line in lines) else "\n").join(lines)
    text = (source if isinstance(source, str) else "").replace("\r\n", "\n").replace("\r", "\n")
    clean = re.sub("[\ud800-\udfff]", "\ufffd", text.replace("\0", ""))
    if clean != text:
        notes.say("characters that no text can hold (NUL, halves of characters) were taken out")
    return clean


def _attachments(value: object) -> dict:
    """Pictures pasted into a cell, where they have the form that nbformat wants."""
    def bundle(data: dict) -> dict:
        return {kind: _printable("".join(text) if isinstance(text, list) else text) for kind, text in data.items()
                if isinstance(text, str) or isinstance(text, list) and all(isinstance(line, str) for line in text)}

    files = value.items() if isinstance(value, dict) else ()
    return {_printable(name): bundle(data) for name, data in files if isinstance(data, dict) and all(map(_printable, data))}


def _printable(text: str) -> str:
    return re.sub("[\ud800-\udfff\0]", "\ufffd", text)


def _attached_within_limits(cells: list[Cell], notes: Notes) -> list[Cell]:
    if sum(len(text) for cell in cells for data in cell.attachments.values() for text in data.values()) > MOST_ATTACHED:
        notes.say(f"pictures of more than {MOST_ATTACHED // MB} MB in all were left out")
        for cell in cells:
            cell.attachments = {}
    return cells


def _short(text: str) -> str:
    """A student's word in a message: one line, of ordinary characters."""
    return re.sub(r"[^\w.+ -]+", "?", text)[:40]


# The release


@dataclass(frozen=True, eq=False)
class Part:
    """One cell of the release."""

    number: int
    full: dict
    visible: dict

    @cached_property
    def marks(self) -> dict:
        return self.full["metadata"].get("nbgrader", {})

    @cached_property
    def name(self) -> str:
        """Its nbgrader name; empty for an ordinary cell, which is the student's to change."""
        return self.marks.get("grade_id", "") if self.locked or self.answer else ""

    @cached_property
    def locked(self) -> bool:
        return bool(is_locked(_node(self.full)))

    @cached_property
    def answer(self) -> bool:
        return bool(is_solution(_node(self.full)) or is_task(_node(self.full)))

    @property
    def kind(self) -> str:
        return self.full["cell_type"]

    @cached_property
    def label(self) -> str:
        first = next(iter(self.visible["source"].strip().splitlines()), "")
        return self.name or f"the cell that begins “{first[:40]}”"

    @cached_property
    def texts(self) -> tuple[str, str]:
        return _trimmed(self.visible["source"]), _trimmed(self.full["source"])

    @cached_property
    def bound(self) -> set[str]:
        return _bound(self.visible["source"])

    @cached_property
    def names(self) -> set[str]:
        """What an answer cell must define: its functions and classes, or else its variables."""
        if self.kind != "code":
            return set()
        defined = set(re.findall(r"(?m)^(?:async\s+)?(?:def|class)\s+(\w+)", self.visible["source"]))
        return defined or self.bound

    def same(self, cell: Cell) -> bool:
        return _trimmed(cell.source) in self.texts

    def outdated(self, cell: Cell) -> bool:
        """Whether the cell is untouched since another release: its own checksum fits it, and is not ours."""
        claimed = cell.marks.get("checksum")
        ours = [one["metadata"]["nbgrader"].get("checksum") for one in (self.full, self.visible)]
        if not isinstance(claimed, str) or claimed in ours:
            return False
        try:
            theirs = _node({"cell_type": self.kind, "source": cell.source, "metadata": {"nbgrader": cell.marks}})
            return compute_checksum(theirs) == claimed
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):  # marks hold whatever was written there
            return False

    def untouched(self, cell: Cell) -> bool:
        return self.same(cell) or bool(self.name) and self.outdated(cell)

    def keeps_settings(self, cell: Cell) -> bool:
        flags = all(bool(cell.marks.get(key)) == bool(self.marks.get(key)) for key in ("grade", "solution", "locked", "task"))
        return flags and ("points" not in self.marks or cell.marks.get("points") == self.marks["points"])


@lru_cache(maxsize=4)
def _parts(full: str, visible: str) -> tuple[Part, ...]:
    pairs = zip(_cells_of(full), _cells_of(visible), strict=True)
    return tuple(Part(number, one, other) for number, (one, other) in enumerate(pairs))


def _cells_of(text: str) -> list[dict]:
    return [dict(cell) for cell in nbformat.reads(text, as_version=4).cells]


@lru_cache(maxsize=4)
def _metadata_of(text: str) -> dict:
    return json.loads(text).get("metadata", {})


def _node(cell: dict) -> NotebookNode:
    return nbformat.from_dict(cell)


# Texts


def _trimmed(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.splitlines()).rstrip()


@dataclass(frozen=True)
class Statement:
    """A statement at the top level: the line it begins on, comments and decorators included, and what it binds."""

    line: int
    names: frozenset[str]


def _tree(source: str) -> ast.Module | None:
    """The code of a cell without its magics; nothing where it is no Python."""
    if len(source) > MOST_PARSED or OTHER_LANGUAGE.match(source):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(MAGIC.sub(r"\1pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _outline(source: str) -> list[Statement]:
    if OTHER_LANGUAGE.match(source) or len(source) > MOST_PARSED:
        return []
    lines = source.split("\n")
    tree = _tree(source)
    found = _by_lines(lines) if tree is None else [
        (min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1, _binds(node)) for node in tree.body]
    return [Statement(_with_comments(lines, line), frozenset(names)) for line, names in found]


def _by_lines(lines: list[str]) -> list[tuple[int, set[str]]]:
    """An outline of what is no Python yet, by the lines that stand at the margin."""
    return [(number, {name for name in LINE_NAMES.match(line).groups() if name} if LINE_NAMES.match(line) else set())
            for number, line in enumerate(lines) if line[:1] not in ("", " ", "\t", "#", ")", "]", "}")]


def _with_comments(lines: list[str], line: int) -> int:
    while line and lines[line - 1].startswith(("#", "@")):
        line -= 1
    return line


def _binds(statement: ast.stmt) -> set[str]:
    """The names that a statement binds at the top level, whatever branch it takes."""
    if isinstance(statement, DEFINITIONS):
        return {statement.name}
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, DEFINITIONS):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.split(".")[0] for alias in node.names)
    return names


def _bound(source: str) -> set[str]:
    return {name for statement in _outline(source) for name in statement.names}


def _loaded_names(source: str) -> set[str]:
    tree = _tree(source)
    if tree is None:
        return set(re.findall(r"\b[A-Za-z_]\w*", source[:MOST_PARSED]))
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _divided(source: str, wanted: set[str], own: set[str]) -> tuple[str, str]:
    """A cell's text without, and only, the statements that define the wanted names and what follows each of them."""
    lines, outline = source.split("\n"), _outline(source)
    pieces, taking = {False: lines[:outline[0].line] if outline else lines, True: []}, False
    for statement, following in zip(outline, [*outline[1:], Statement(len(lines), frozenset())], strict=True):
        taking = bool(statement.names & wanted) or taking and not statement.names & own
        pieces[taking] += lines[statement.line:following.line]
    return "\n".join(pieces[False]).strip("\n"), "\n".join(pieces[True]).strip("\n")


def _rest(source: str, released: str) -> str:
    """What a text has beyond the lines of the released one."""
    lines, known = _trimmed(source).split("\n"), _trimmed(released).split("\n")
    if len(lines) * len(known) > 50_000:
        return source
    blocks = SequenceMatcher(None, known, lines, autojunk=False).get_matching_blocks()
    same = {number for block in blocks for number in range(block.b, block.b + block.size)}
    return "\n".join(line for number, line in enumerate(lines) if number not in same).strip("\n")


def _without_block(source: str, released: str) -> str | None:
    """The text without the released one, where that stands in it line by line; else nothing."""
    lines, block = _trimmed(source).split("\n"), _trimmed(released).strip("\n").split("\n")
    at = _position(lines, block)
    return None if at < 0 else "\n".join([*lines[:at], *lines[at + len(block):]]).strip("\n")


def _position(lines: list[str], block: list[str], start: int = 0) -> int:
    return next((at for at in range(start, len(lines) - len(block) + 1) if lines[at:at + len(block)] == block), -1)


def _says_something(source: str) -> bool:
    return any(line.strip() and not line.strip().startswith("#") for line in source.splitlines())


# Which cell is which


class _Matching:
    """Finds for each released cell the student's, by the surest sign first; what is left are the student's own cells."""

    def __init__(self, parts: tuple[Part, ...], cells: list[Cell], notes: Notes):
        self.parts, self.cells, self.notes = parts, cells, notes
        self.held: dict[Part, Cell] = {}
        self.by_names = {part.name: part for part in parts if part.name}
        self.by_ids = {part.full["id"]: part for part in parts if part.full.get("id")}
        self.emptied: set[Part] = set()  # locked cells of which the leftovers were taken out
        for step in (self._join_split, self._by_name, self._by_id, self._unmerge, self._leftovers,
                     self._by_text, self._unmerge_free, self._by_likeness, self._leftovers,
                     self._by_definition, self._misplaced, self._out_of_other_answers, self._by_place,
                     self._out_of_neighbours, self._drop_copies):
            step()

    def _missing(self) -> list[Part]:
        return [part for part in self.parts if part not in self.held]

    def _missing_answers(self) -> list[Part]:
        return [part for part in self._missing() if part.answer]

    def _free(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.part is None]

    def _hold(self, part: Part, cell: Cell) -> None:
        cell.part, self.held[part] = part, cell

    def _recognise(self, part: Part, cell: Cell) -> None:
        self._hold(part, cell)
        if cell.taken:
            self.notes.say(MERGED, part.label)

    def _take_out(self, host: Cell, kind: str, source: str, *, ahead: bool = False) -> Cell:
        """A new cell with a part of another's text, below it, or (`ahead`) to be run before it."""
        cell = Cell(kind, source, taken=True, before=host.part if ahead else None)
        self.cells.insert(self.cells.index(host) + (not ahead), cell)
        return cell

    def _join_split(self) -> None:
        """Two halves of a split cell have one name, and a second half of a function begins indented."""
        whole: list[Cell] = []
        for cell in self.cells:
            last = whole[-1] if whole and cell.source.startswith((" ", "\t")) else None
            if last and last.name == cell.name in self.by_names and last.kind == cell.kind == "code":
                last.source += "\n" + cell.source
                self.notes.say(SPLIT, cell.name)
            else:
                whole.append(cell)
        self.cells = whole

    def _by_name(self) -> None:
        claims: dict[Part, list[Cell]] = {}
        for cell in self.cells:
            part = self.by_names.get(cell.name)
            if part and not self._renamed(cell, part):
                claims.setdefault(part, []).append(cell)
        for part, cells in claims.items():
            self._hold(part, _best(part, cells))

    def _renamed(self, cell: Cell, part: Part) -> bool:
        """Whether a cell bears the name of one answer, and by its id and its code is another."""
        other = self.by_ids.get(cell.id, part)
        return other is not part and other.answer and bool(other.names & cell.names) and not part.names & cell.names

    def _by_id(self) -> None:
        claims: dict[Part, list[Cell]] = {}
        for cell in self._free():
            part = self.by_ids.get(cell.id)
            if part and part not in self.held:
                claims.setdefault(part, []).append(cell)
        for part, cells in claims.items():
            self._hold(part, _best(part, cells))

    def _unmerge(self) -> None:
        """Cells that were merged into one are cut apart at the released texts that stand in it."""
        for part, cell in list(self.held.items()):
            if not part.untouched(cell):
                self._cut(cell, part.number + 1)

    def _unmerge_free(self) -> None:
        for cell in self._free():
            text = _trimmed(cell.source)
            first = next((p for p in self._missing() if not p.answer and p.texts[0] and p.texts[0] in text), None)
            if first:
                self._cut(cell, first.number)
            if first and cell.part is None and not cell.source:
                self.cells.remove(cell)

    def _cut(self, cell: Cell, first: int) -> None:
        lines = _trimmed(cell.source).split("\n")
        blocks = self._blocks(lines, first)
        if not blocks:
            return
        cell.source, last = "\n".join(lines[:blocks[0][1]]).strip("\n"), cell
        for (found, start, end), (following, until, _) in zip(blocks, [*blocks[1:], (None, len(lines), 0)], strict=True):
            last = self._piece(last, found, "\n".join(lines[start:end]))
            between = self.parts[found.number + 1:following.number if following else len(self.parts)]
            answer = next((p for p in between if p.answer and p not in self.held), None)
            text = "\n".join(lines[end:until]).strip("\n")
            if text and not answer and cell.kind == "code" and _tree(text) is not None:
                cell.source += f"\n{text}"  # the student's own, and run before the test as it was
            elif text:
                last = self._piece(last, answer, text, found.kind)

    def _blocks(self, lines: list[str], first: int) -> list[tuple[Part, int, int]]:
        """The released cells from a number on, up to one that is there, whose texts stand in these lines."""
        blocks, start = [], 0
        for part in self.parts[first:]:
            if part in self.held:
                break
            block = part.texts[0].strip("\n").split("\n")
            at = -1 if part.answer or not part.texts[0] else _position(lines, block, start)
            if at >= 0:
                start = at + len(block)
                blocks.append((part, at, start))
        return blocks

    def _piece(self, above: Cell, part: Part | None, text: str, kind: str = "code") -> Cell:
        cell = Cell(part.kind if part else kind, text, taken=True)
        self.cells.insert(self.cells.index(above) + 1, cell)
        if part and (not part.names or not part.answer or part.names & cell.names):
            self._recognise(part, cell)
        return cell

    def _leftovers(self) -> None:
        """What a student wrote into a locked cell, or merged into it, becomes a cell of its own."""
        for part, cell in list(self.held.items()):
            if part.locked and part not in self.emptied and not part.untouched(cell):
                self.emptied.add(part)
                if text := _own_text(part, cell):
                    self._take_out(cell, part.kind, text, ahead=part.kind == "code")

    def _by_text(self) -> None:
        free: dict[str, list[Cell]] = {}
        for cell in self._free():
            free.setdefault(_trimmed(cell.source), []).append(cell)
        for part in self._missing():
            cells = [cell for text in dict.fromkeys(part.texts) if text and not part.answer for cell in free.get(text, [])
                     if cell.part is None and (part.locked or cell.kind == part.kind)]
            if cells:
                self._hold(part, cells[0])

    def _by_likeness(self) -> None:
        for part in self._missing():
            near = [cell for cell in self._gap(part) if part.locked and cell.kind == part.kind and cell.name not in self.by_names]
            likest = max(near, key=lambda cell: _likeness(part, cell), default=None)
            if likest and _likeness(part, likest) > LIKE:
                self._hold(part, likest)

    def _gap(self, part: Part) -> list[Cell]:
        """The student's own cells between the cells that stand before and after this one in the release."""
        at = {cell: number for number, cell in enumerate(self.cells)}
        before = next((at[self.held[p]] for p in reversed(self.parts[:part.number]) if p in self.held), -1)
        after = next((at[self.held[p]] for p in self.parts[part.number + 1:] if p in self.held), len(self.cells))
        return [cell for cell in self.cells[before + 1:after] if cell.part is None][:NEAR]

    def _by_definition(self) -> None:
        for part in self._missing_answers():
            cells = [cell for cell in self._free() if part.names & cell.names or part.names and part.same(cell)]
            near = set(self._gap(part))
            if cells:
                self._recognise(part, _best(part, [cell for cell in cells if cell in near] or cells))

    def _misplaced(self) -> None:
        """An answer that was written into a locked cell, while its own cell was left as it was."""
        for part, empty in list(self.held.items()):
            cells = self._free() if part.answer and part.untouched(empty) else []
            cells = [cell for cell in cells if cell.taken and (part.names & cell.names or self._is_reply(cell, part))]
            if cells:
                self.cells.remove(empty)
                self._hold(part, cells[-1])
                self.notes.say(MISPLACED, part.label)

    def _is_reply(self, cell: Cell, part: Part) -> bool:
        """Whether a text was added to the question right above the cell for a written answer."""
        question = self.parts[part.number - 1] if part.number else None
        return (part.kind == cell.kind == "markdown" and question in self.held
                and self.cells.index(cell) == self.cells.index(self.held[question]) + 1
                and _without_block(self.held[question].source, question.visible["source"]) is not None)

    def _out_of_other_answers(self) -> None:
        """An answer whose cell was merged into another one is taken out of it."""
        for part in self._missing_answers():
            hosts = [cell for p, cell in self.held.items()
                     if not p.locked and part.names & cell.names and not part.names & p.bound]
            if hosts:
                hosts[-1].source, text = _divided(hosts[-1].source, part.names, hosts[-1].part.bound)
                self._recognise(part, self._take_out(hosts[-1], part.kind, text))

    def _by_place(self) -> None:
        for part in self._missing_answers():
            cells = [cell for cell in self._gap(part) if cell.kind == part.kind and cell.name not in self.by_names
                     and not (cell.taken and part.kind == "code")]
            if cells and (len(cells) == 1 or not part.names):
                self._recognise(part, cells[0])

    def _out_of_neighbours(self) -> None:
        """An answer that was merged into the ordinary cell above it."""
        for part in self._missing_answers():
            above = self.held.get(next((p for p in reversed(self.parts[:part.number]) if p in self.held), None))
            text = _without_block(above.source, above.part.visible["source"]) if above and not above.part.name else ""
            if text and (part.kind == "markdown" or part.names & _bound(text)):
                above.source = above.part.visible["source"]
                self._recognise(part, self._take_out(above, part.kind, text))

    def _drop_copies(self) -> None:
        """Leave out what is only released text once more: an empty answer below a written one would undo it."""
        empty = {text for part in self.parts if part.answer and part.names for text in part.texts}
        for cell in self._free():
            part = self.by_names.get(cell.name)
            if _trimmed(cell.source) in empty or part and (part.untouched(cell) or part.locked and not _own_text(part, cell)):
                self.cells.remove(cell)
                self.notes.say(COPY, part.label if part else "an answer cell")
            elif part:
                cell.source = cell.source if part.answer else _own_text(part, cell)
                self.notes.say(RIVAL if part.answer else COPY, part.label)
            elif any(cell.marks.get(key) for key in ("grade", "solution", "locked", "task")):
                self.notes.say(SURPLUS, _short(cell.name) or "a cell")


def _best(part: Part, cells: list[Cell]) -> Cell:
    """Which of several is the released cell: a locked one that is unchanged, the last answer that was written."""
    if not part.answer:
        return next((cell for cell in cells if part.same(cell)), cells[0])
    written = [cell for cell in cells if not part.untouched(cell)]
    defining = [cell for cell in written if part.names & cell.names]
    return (defining or written or cells)[-1]


def _likeness(part: Part, cell: Cell) -> float:
    if max(len(part.texts[0]), len(cell.source)) > 4_000:
        return 0
    matcher = SequenceMatcher(None, part.texts[0], cell.source)
    return matcher.ratio() if matcher.real_quick_ratio() > LIKE and matcher.quick_ratio() > LIKE else 0


def _own_text(part: Part, cell: Cell) -> str:
    """What stands in a locked cell beyond its own text and can be kept: for code, what is Python and does something."""
    rest = _rest(cell.source, part.visible["source"])
    if part.kind != "code":
        return rest
    for text in (textwrap.dedent(rest), cell.source):
        if _says_something(rest) and _tree(text) is not None:
            return text
    return ""


# The notebook for grading


class _Assembly:
    """Puts released cells in their order, and the student's own after the cells that they followed."""

    def __init__(self, matching: _Matching, release: Release):
        self.parts, self.cells, self.notes, self.release = matching.parts, matching.cells, matching.notes, release
        self.held, self.by_ids = matching.held, matching.by_ids
        self.answered: dict[str, bool] = {}

    def repaired(self) -> Repaired:
        self._note_order()
        placed = self._placed()
        needed = self._needed(placed)
        nodes = [node for part, cell in placed if (node := self._node_of(part, cell, part in needed))]
        notebook = {"cells": _identified(nodes), "metadata": _metadata_of(self.release.full), "nbformat": 4, "nbformat_minor": 5}
        return Repaired(_node(notebook), self.notes.lines(), self.answered)

    def _placed(self) -> list[tuple[Part | None, Cell | None]]:
        """Released cells, each with the student's where there is one, and the student's own cells with none."""
        own = self._own_cells()
        placed: list[tuple[Part | None, Cell | None]] = [(None, cell) for cell in own.get(-1, [])]
        for part in self.parts:
            placed += [(None, cell) for cell in own.get(part, [])]
            placed += [(part, self.held.get(part)), *((None, cell) for cell in own.get(part.number, []))]
        return placed

    def _note_order(self) -> None:
        order = [cell.part for cell in self.cells if cell.part and not cell.taken]
        kept = _longest_rise([part.number for part in order])
        for part in sorted((p for p in order if p.number not in kept), key=lambda p: p.number):
            self.notes.say(MOVED, part.label)

    def _own_cells(self) -> dict[object, list[Cell]]:
        """The student's own cells by the number of the cell they follow; by Part those that must run before a locked cell."""
        own: dict[object, list[Cell]] = {}
        last = -1
        for cell in self.cells:
            if cell.part:
                last = cell.part.number
            else:
                own.setdefault(cell.before or last, []).append(cell)
        return own

    def _needed(self, placed: list[tuple[Part | None, Cell | None]]) -> set[Part]:
        """Ordinary code cells that were deleted, or made text, although something that remains needs what they define."""
        gone = [p for p in self.parts if not p.name and p.kind == "code" and (p not in self.held or self.held[p].kind != "code")]
        if not gone:
            return set()
        sources = [part.full["source"] if part and (part.locked or cell is None) else cell.source for part, cell in placed
                   if part not in gone and (part or cell).kind == "code"]
        bound, loaded = (set().union(*map(names, sources)) for names in (_bound, _loaded_names))
        needed: set[Part] = set()
        while more := [p for p in gone if p not in needed and (p.bound & loaded) - bound]:
            needed.update(more)
            loaded |= set().union(*(_loaded_names(p.visible["source"]) for p in more))
        return needed

    def _node_of(self, part: Part | None, cell: Cell | None, needed: bool) -> dict | None:
        if part is None:
            return _new_node(cell.kind, cell.source, "" if cell.id in self.by_ids else cell.id, {}, cell.attachments)
        if part.answer:
            return self._answer(part, cell)
        if part.locked:
            return self._locked(part, cell)
        if needed:
            self.notes.say(NEEDED if cell is None else RETYPED, part.label)
            return _released(part)
        return None if cell is None else _new_node(
            cell.kind, cell.source, part.full.get("id", ""), part.full["metadata"], cell.attachments)

    def _answer(self, part: Part, cell: Cell | None) -> dict:
        if cell is None:
            self.notes.say(BACK_EMPTY, part.label)
        else:
            self._note_cell(part, cell)
        self.answered[part.name] = cell is not None and not part.untouched(cell)
        if not self.answered[part.name]:
            return _released(part)
        return _new_node(part.kind, cell.source, part.full.get("id", ""), part.full["metadata"], cell.attachments)

    def _locked(self, part: Part, cell: Cell | None) -> dict:
        if cell is None:
            self.notes.say(BACK, part.label)
        else:
            self._note_cell(part, cell)
            if not part.same(cell):
                self.notes.say(OLD if part.outdated(cell) else CHANGED, part.label)
        return _released(part)

    def _note_cell(self, part: Part, cell: Cell) -> None:
        if cell.taken:
            return
        if cell.kind != part.kind:
            self.notes.say(RETYPED, part.label)
        if cell.name != part.name:
            self.notes.say(LOST, part.label)
        elif not part.keeps_settings(cell):
            self.notes.say(SETTINGS, part.label)


def _released(part: Part) -> dict:
    full = part.full
    return _new_node(part.kind, full["source"], full.get("id", ""), full["metadata"], full.get("attachments", {}))


def _new_node(kind: str, source: str, identity: str, metadata: dict, attachments: dict) -> dict:
    node = {"id": identity, "cell_type": kind, "metadata": json.loads(json.dumps(metadata)), "source": source}
    if kind == "code":
        return node | {"outputs": [], "execution_count": None}
    return node | ({"attachments": attachments} if attachments else {})


def _identified(nodes: list[dict]) -> list[dict]:
    """The cells with an id each, of which none stands twice; a released one stays with its cell."""
    taken, seen = {node["id"] for node in nodes}, set()
    fresh = (f"cell-{number}" for number in range(2 * len(nodes) + 1) if f"cell-{number}" not in taken)
    for node in nodes:
        if not node["id"] or node["id"] in seen:
            node["id"] = next(fresh)
        seen.add(node["id"])
    return nodes


def _longest_rise(numbers: list[int]) -> set[int]:
    """A longest rising selection of different numbers."""
    tails: list[int] = []
    place: list[int] = []
    for number in numbers:
        place.append(bisect_left(tails, number))
        tails[place[-1]:place[-1] + 1] = [number]
    kept, length = set(), len(tails) - 1
    for number, at in zip(reversed(numbers), reversed(place), strict=True):
        if at == length:
            kept.add(number)
            length -= 1
    return kept
