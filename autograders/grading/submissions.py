"""Submissions as they come: nbgrader's folders, loose notebooks, or what a learning-management system exports.

Everything is listed first, by name only; a submission's bytes are read when it is its turn. Who a student is comes from
names, matched exactly against a roster or by a pattern; what fits nobody, or two, is listed with the reason.
"""

import csv
import io
import lzma
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn, Self

from nbgrader.utils import parse_utc

from autograders.grading.model import Submission
from autograders.grading.repair import MOST, Notes, too_large
from environments.errors import LabsError

MB = 2**20
MOST_FILES, MOST_BYTES = 200, 20 * MB  # of the other files of one submission
MOST_ARCHIVE = 200 * MB  # of an archive within another one
DEEPEST = 20  # folders
LATEST = 1000  # characters of timestamp.txt
NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)
IGNORED = re.compile(r"^(\.ipynb_checkpoints|__MACOSX|__pycache__|\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|.*\.pyc)$")
STAMP = "timestamp.txt"
OTHER_LAB = re.compile(r"(?:^|_)(\d\d_[a-z]\w*)$")
VERSION = re.compile(r"(?P<stem>.+?)(?: ?\((?P<copy>\d{1,3})\)|-(?P<number>\d{1,3}))?", re.DOTALL)
MOODLE = re.compile(r"^(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)$", re.DOTALL)
CANVAS = re.compile(r"^(?P<name>[^_/]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)$", re.DOTALL)
BLACKBOARD = re.compile(r"^(?P<before>.+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)?$", re.DOTALL)
SOUGHT = "STUDENT/{0}/*.ipynb, STUDENT_{0}.ipynb, STUDENT.zip, and the exports of Moodle, Canvas and Blackboard"
UNKNOWN = "is not in the list of students"
LINKS = "links are never followed; left out"
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, KeyError, ValueError)


# What callers get


@dataclass(frozen=True)
class Entry:
    """One student's submission, not read yet."""

    student: str
    where: str  # the notebook, for messages
    notes: tuple[str, ...]
    notebook: "File" = field(repr=False)
    others: tuple[tuple[str, "File"], ...] = field(default=(), repr=False)
    stamp: "File | None" = field(default=None, repr=False)

    def read(self) -> Submission:
        """The submission with its bytes. Raises LabsError where the notebook is too large or cannot be read."""
        notes = list(self.notes)
        if self.notebook.size > MOST:
            raise too_large(self.notebook.size)
        with ExitStack() as stack:
            for holder in {file.holder for file in (self.notebook, *dict(self.others).values())}:
                stack.enter_context(holder)
            content, files, submitted = self.notebook.read(MOST), self._files(notes), self._submitted(notes)
        return Submission(self.student, content, files, submitted, tuple(notes))

    def _files(self, notes: list[str]) -> dict[str, bytes]:
        files = {}
        for name, file in self.others:
            try:
                files[name] = file.read(MOST_BYTES)
            except LabsError as e:
                notes.append(f"{name} was left out: {e}")
        return files

    def _submitted(self, notes: list[str]) -> str:
        if self.stamp is None:
            return ""
        try:
            return parse_utc(self.stamp.read(LATEST).decode().strip()).isoformat()
        except (LabsError, ValueError, OverflowError, AttributeError, TypeError):
            notes.append(f"{STAMP} holds no time that can be read")
            return ""


@dataclass(frozen=True)
class Unmatched:
    """What was handed in and cannot be placed: where it is, and why."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


@dataclass(frozen=True)
class Found:
    """Submissions by student, what could not be placed, and what was left out (links, names that lead elsewhere)."""

    entries: list[Entry]
    unmatched: list[Unmatched]
    notes: tuple[str, ...] = ()


class Roster:
    """Who is in the class: a CSV with a column `id`, and any others by which a student may be named."""

    def __init__(self, rows: Iterable[dict[str, str]]):
        self.ids: dict[str, None] = {}
        self._plain: dict[str, set[tuple[str, str]]] = {}
        self._compact: dict[str, set[tuple[str, str]]] = {}
        for row in rows:
            self._add({_plain(key): value.strip() for key, value in row.items() if isinstance(value, str)})

    @classmethod
    def read(cls, path: Path) -> "Roster":
        """Raises LabsError where the file is no such CSV, or has an id twice or one that is no file name."""
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as e:
            raise LabsError(f"{path} cannot be read as a list of students ({type(e).__name__}). "
                            "Save it as CSV in UTF-8.") from None
        first = text.split("\n", 1)[0]
        rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
        if "id" not in map(_plain, rows.fieldnames or []):
            raise LabsError(f"{path} has no column id. Its first line names the columns: "
                            "id, and others such as name, email, username.")
        try:
            return cls(rows)
        except (LabsError, csv.Error) as e:
            raise LabsError(f"{path}: {e}") from None

    def matching(self, text: str, *, but: str = "", compact: bool = False) -> set[str]:
        """The students who have exactly this in a column other than `but`; `compact` compares letters and digits only."""
        found = self._compact.get(_compact(text), ()) if compact else self._plain.get(_plain(text), ())
        return {student for student, column in found if column != but}

    def _add(self, row: dict[str, str]) -> None:
        student = row.get("id", "")
        if not student and not any(row.values()):
            return
        if student in self.ids or not _is_id(student):
            raise LabsError(f"the id {student!r} {'stands twice' if student in self.ids else 'cannot be the name of a folder'}. "
                            "Correct that line.")
        self.ids[student] = None
        for column, value in row.items():
            if value:
                self._plain.setdefault(_plain(value), set()).add((student, column))
                self._compact.setdefault(_compact(value), set()).add((student, column))


def find(path: Path, assignment_name: str, students: Roster | None = None, pattern: str | None = None) -> Found:
    """Every submission of an assignment in a folder or zip archive.

    `pattern` is a regular expression with a group `student`, searched in each notebook's path; without it the forms of
    nbgrader, Moodle, Canvas and Blackboard are known. Raises LabsError where there is nothing to be found, or the
    archive or the pattern cannot be used.
    """
    notes = Notes()
    items = list(_items(_holder(Path(path)), notes))
    if not any(item.is_notebook for item in items):
        raise LabsError(f"no notebook in {path}: looked for {SOUGHT.format(assignment_name)}")
    units = _by_pattern(items, _compiled(pattern)) if pattern else _by_form(_unwrapped(items, assignment_name), assignment_name)
    return _found(units, assignment_name, students, notes)


# Files, in folders and archives


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be read, `path` as its holder knows it."""

    holder: "Folder | Archive"
    path: str
    size: int

    def read(self, most: int) -> bytes:
        """Its bytes. Raises LabsError where there are more than `most`, or they cannot be read."""
        content = self.holder.read(self.path, most + 1)
        if len(content) > most:
            raise too_large(max(self.size, len(content)))
        return content


class Folder:
    """Regular files below a folder. No link is followed, wherever it leads."""

    def __init__(self, root: Path):
        self.root = root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        pass

    def files(self, notes: Notes) -> Iterator[File]:
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                entries = sorted(os.scandir(self.root / folder), key=lambda entry: entry.name)
            except OSError:
                notes.say("folders that cannot be read were left out", _shown(folder))
                continue
            for entry in entries:
                yield from self._file(entry, f"{folder}{entry.name}", folders, notes)

    def _file(self, entry: os.DirEntry, path: str, folders: list[str], notes: Notes) -> Iterator[File]:
        if IGNORED.match(entry.name):
            return
        if entry.is_symlink():
            notes.say(LINKS, _shown(path))
        elif entry.is_dir(follow_symlinks=False):
            if path.count("/") < DEEPEST:
                folders.append(f"{path}/")
        elif entry.is_file(follow_symlinks=False):
            yield File(self, path, entry.stat(follow_symlinks=False).st_size)

    def read(self, path: str, most: int) -> bytes:
        try:
            descriptor = os.open(self.root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise OSError("it is no file any more")
                return file.read(most)
        except OSError as e:
            raise LabsError(f"{_shown(path)} cannot be read ({e.strerror or e}). Look at it, then grade again.") from None

    def __str__(self) -> str:
        return str(self.root)


class Archive:
    """Files of a zip archive. One that is a file of another holder is open only while its submission is read."""

    def __init__(self, origin: Path | File):
        self.origin = origin
        self._kept: zipfile.ZipFile | None = None
        if isinstance(origin, Path):
            self._kept = self._opened()

    def __enter__(self) -> Self:
        self._kept = self._kept or self._opened()
        return self

    def __exit__(self, *_) -> None:
        if isinstance(self.origin, File):
            self._kept = None

    def files(self, notes: Notes) -> Iterator[File]:
        for info in (self._kept or self._opened()).infolist():
            name = info.filename.replace("\\", "/")
            if info.is_dir() or any(IGNORED.match(part) for part in name.split("/")):
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                notes.say(LINKS, _shown(f"{self}/{name}"))
            elif name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
                notes.say("names that lead out of their archive were left out", _shown(f"{self}/{name}"))
            else:
                yield File(self, info.filename, info.file_size)

    def read(self, path: str, most: int) -> bytes:
        try:
            with (self._kept or self._opened()).open(path) as file:
                return file.read(most)
        except BROKEN as e:
            raise LabsError(f"{_shown(path)} in {self} cannot be unpacked ({_first_line(e)}). Have it handed in again.") from None

    def _opened(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.origin if isinstance(self.origin, Path) else io.BytesIO(self.origin.read(MOST_ARCHIVE)))
        except BROKEN as e:
            raise LabsError(f"{self} cannot be read as a zip archive ({_first_line(e)}). Download it again.") from None

    def __str__(self) -> str:
        return _shown(str(self.origin if isinstance(self.origin, Path) else self.origin.path))


def _holder(path: Path) -> Folder | Archive:
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise LabsError(f"there is no {path}. Give the folder or the zip archive with the submissions.")
    return Archive(path)


@dataclass(frozen=True, slots=True)
class Item:
    """A file with the names on the way to it; those of archives stand without `.zip`."""

    parts: tuple[str, ...]
    file: File
    shown: str
    archive: int = -1  # which of the names is an archive's
    broken: str = ""  # an archive that cannot be opened, and why

    @property
    def is_notebook(self) -> bool:
        return bool(NOTEBOOK.search(self.parts[-1]))


def _items(holder: Folder | Archive, notes: Notes) -> Iterator[Item]:
    """All files, those of archives within included, but of no archive within these."""
    for file in holder.files(notes):
        shown = _shown(file.path).replace("\\", "/")
        parts = _parts(shown)
        if parts and parts[-1].lower().endswith(".zip"):
            yield from _unpacked(file, parts, shown, notes)
        elif parts:
            yield Item(parts, file, shown)


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part not in ("", "."))


def _unpacked(file: File, parts: tuple[str, ...], shown: str, notes: Notes) -> Iterator[Item]:
    outer = (*parts[:-1], parts[-1][:-4])
    try:
        for inner in Archive(file).files(notes):
            name = _shown(inner.path).replace("\\", "/")
            yield Item((*outer, *_parts(name)), inner, f"{shown}/{name}", len(outer) - 1)
    except LabsError as e:
        yield Item(outer, file, shown, len(outer) - 1, str(e))


# Whose a file is


@dataclass(eq=False)
class Unit:
    """What was handed in at once: its files by their names within it, and the names it gives of its student."""

    where: str
    names: list[tuple[str, str]]  # a text, and how it is compared: exact, number, compact
    identifies: bool = True  # the first name is a student's id where there is no roster
    attempt: str = ""
    versions: bool = False  # the platform numbers what was handed in again
    expected: bool = False  # any name of the notebook is as it should be
    reason: str = ""  # why it cannot be placed
    items: list[tuple[tuple[str, ...], Item]] = field(default_factory=list)

    @property
    def notebooks(self) -> list[tuple[tuple[str, ...], Item]]:
        return [(inner, item) for inner, item in self.items if NOTEBOOK.search(inner[-1])]


def _compiled(pattern: str) -> re.Pattern:
    try:
        compiled = re.compile(pattern)
    except re.error as e:
        raise LabsError(f"--pattern is no regular expression ({e}). Example: '(?P<student>[a-z0-9]+)_.*[.]ipynb'") from None
    if "student" not in compiled.groupindex:
        raise LabsError("--pattern has no group named student. Example: '(?P<student>[a-z0-9]+)_.*[.]ipynb'")
    return compiled


def _by_pattern(items: list[Item], pattern: re.Pattern) -> list[Unit]:
    """A unit for each notebook; other files go with it where their folder has one student's notebooks only."""
    units: list[Unit] = []
    owners: dict[tuple[str, ...], set[str]] = {}
    for item in (item for item in items if item.is_notebook):
        match = pattern.search(item.shown)
        name = match["student"] if match else None
        units.append(Unit(item.shown, [(name, "exact")] if name else [], versions=True, expected=True,
                          reason="" if name else "does not match the pattern", items=[((item.parts[-1],), item)]))
        owners.setdefault(item.parts[:-1], set()).add(name or "")
    for unit in units:
        folder = unit.items[0][1].parts[:-1]
        if folder and len(owners[folder]) == 1:
            unit.items += [(item.parts[len(folder):], item) for item in items
                           if item.parts[:len(folder)] == folder and not item.is_notebook]
    return units


def _unwrapped(items: list[Item], assignment: str) -> list[Item]:
    """Without the one folder that all is in, where that is nobody's."""
    top = items[0].parts[0]
    if any(len(item.parts) == 1 or item.parts[0] != top or item.archive == 0 or item.parts[1] == assignment
           or len(item.parts) == 2 and item.is_notebook and _stem(item.parts[1])[0] == assignment for item in items):
        return items
    if _before(top, assignment) or any(form.match(top) for form in (MOODLE, CANVAS, BLACKBOARD)):
        return items
    return [replace(item, parts=item.parts[1:], archive=max(item.archive - 1, -1)) for item in items]


Placed = tuple[tuple[str, ...], Unit, tuple[str, ...]]  # the unit's key, a new unit, and the file's names within it


def _by_form(items: list[Item], assignment: str) -> list[Unit]:
    """Notebooks make units; other files go to the unit whose folder they are in, or show that there is no notebook."""
    forms, units = _Forms(items, assignment), {}
    for item in sorted(items, key=lambda item: not item.is_notebook):
        placed = forms.notebook(item) if item.is_notebook else forms.other(item, units)
        if placed:
            key, unit, inner = placed
            units.setdefault(key, unit).items.append((inner or (item.file.path.split("/")[-1],), item))
    _check_blackboard(units)
    return list(units.values())


class _Forms:
    """The forms in which a file's names tell whose it is."""

    def __init__(self, items: list[Item], assignment: str):
        self.assignment = assignment
        self.inside: dict[tuple[str, ...], set[str]] = {}  # the folders with notebooks in each folder and archive
        for item in (item for item in items if item.is_notebook):
            for depth in range(len(item.parts) - 1):
                self.inside.setdefault(item.parts[:depth], set()).add(item.parts[depth])
        self.archives = {item.parts[:item.archive + 1] for item in items if item.archive >= 0}

    def notebook(self, item: Item) -> Placed | None:
        placed = self._platform(item) or self._nbgrader(item) or self._loose(item)
        if placed or any(_other_lab(folder, self.assignment) == folder for folder in item.parts[:-1]):
            return placed
        return self._archive(item) or self._folder(item) or self._alone(item)

    def other(self, item: Item, units: dict[tuple[str, ...], Unit]) -> Placed | None:
        if placed := self._platform(item):
            return placed
        for depth in range(len(item.parts) - 1, 0, -1):
            if unit := units.get(item.parts[:depth]):
                return item.parts[:depth], unit, item.parts[depth:]
        return self._nbgrader(item) or self._loose(item) or self._archive(item) or self._folder(item)

    def _platform(self, item: Item) -> Placed | None:
        for depth, part in enumerate(item.parts):
            for form in (_moodle, _blackboard, _canvas):
                if found := form(part, self.assignment):
                    key, unit, name = found
                    plain = depth == len(item.parts) - 1 and depth != item.archive
                    unit.where = item.shown if plain else "/".join(item.parts[:depth + 1])
                    return (*item.parts[:depth], key), unit, (*([name] if plain and name else []), *item.parts[depth + 1:])
        return None

    def _nbgrader(self, item: Item) -> Placed | None:
        """STUDENT/ASSIGNMENT/..."""
        depth = next((d for d in range(1, len(item.parts) - 1) if item.parts[d] == self.assignment), None)
        return None if depth is None else _in_folder(item, depth + 1, item.parts[depth - 1])

    def _loose(self, item: Item) -> Placed | None:
        """STUDENT_ASSIGNMENT.ipynb; also a folder or an archive of that name."""
        if item.is_notebook and (student := _before(item.parts[-1], self.assignment)):
            name = f"{self.assignment}{_marker(item.parts[-1])}.ipynb"
            return item.parts, Unit(item.shown, [(student, "exact")], versions=True), (name,)
        depth = next((d for d, part in enumerate(item.parts[:-1]) if _before(part, self.assignment)), None)
        return None if depth is None else _in_folder(item, depth + 1, _before(item.parts[depth], self.assignment))

    def _archive(self, item: Item) -> Placed | None:
        """STUDENT.zip; where it holds one folder only, that may name the student just as well."""
        top = item.parts[:item.archive + 1]
        inside = self.inside.get(top, set()) - {top[-1] if top else ""}
        if item.archive < 0 or len(inside) > 1:
            return None
        key, unit, inner = _in_folder(item, item.archive + 1)
        unit.names += [(name, "exact") for name in inside]
        unit.identifies = not inside or len(self.archives) > 1
        return key, unit, inner

    def _folder(self, item: Item) -> Placed | None:
        """STUDENT/ASSIGNMENT.ipynb, and STUDENT/any.ipynb where there are several such folders."""
        folders = item.parts[:-1]
        if folders and item.is_notebook and _stem(item.parts[-1])[0] == self.assignment:
            return _in_folder(item, len(folders))
        shared = item.archive + 1
        several = len(self.inside.get(item.parts[:shared], ())) > 1
        if several and (len(folders) == shared + 1 or folders[shared:] and not item.is_notebook):
            return _in_folder(item, shared + 1)
        return None

    def _alone(self, item: Item) -> Placed:
        """A notebook that gives its student's name in no known form; a roster may know the file's name or the folder's."""
        names = [(_stem(item.parts[-1])[0], "exact"), *((folder, "exact") for folder in item.parts[-2:-1])]
        other = _other_lab(names[0][0], self.assignment)
        reason = f"is another assignment's ({other})" if other else ""
        return item.parts, Unit(item.shown, names, identifies=False, reason=reason), item.parts[-1:]


def _in_folder(item: Item, depth: int, student: str = "") -> Placed:
    key = item.parts[:depth]
    return key, Unit("/".join(key), [(student or key[-1], "exact")]), item.parts[depth:]


def _moodle(part: str, _: str) -> tuple[str, Unit, str] | None:
    """Jane Doe_12345_assignsubmission_file_, a folder or the beginning of a file's name. The number is not an id."""
    match = MOODLE.match(part)
    return match and (f"{match['name']}_{match['number']}", Unit(
        "", [(match["name"], "exact"), (match["number"], "number")], identifies=False), match["file"])


def _canvas(part: str, assignment: str) -> tuple[str, Unit, str] | None:
    """doejane_LATE_12345_67890_lab-1.ipynb: family and given name, the user's id, the file's id, the version."""
    before = _before(part, assignment)
    if before and not CANVAS.match(f"{before}_x"):
        return None  # STUDENT_03_12_LAB.ipynb
    match = CANVAS.match(part)
    return match and (f"{match['name']}_{match['number']}", Unit(
        "", [(match["number"], "exact"), (match["name"], "compact")], versions=True), match["file"])


def _blackboard(part: str, _: str) -> tuple[str, Unit, str] | None:
    """Lab 3_jdoe_attempt_2026-11-20-10-00-00_lab.ipynb; the user's name may have underscores, and so may the title."""
    match = BLACKBOARD.match(part)
    if not match:
        return None
    words = match["before"].split("_")
    names = [("_".join(words[at:]), "exact") for at in range(len(words) - 1, 0, -1)]
    return f"{match['before']}_attempt_{match['when']}", Unit("", names, attempt=match["when"]), match["file"] or ""


def _check_blackboard(units: dict[tuple[str, ...], Unit]) -> None:
    """Without a roster the last word is the user's name only where all that stands before it is the same."""
    attempts = {key: unit for key, unit in units.items() if unit.attempt}
    if len({key[-1].split("_attempt_")[0].rpartition("_")[0] for key in attempts}) > 1:
        for unit in attempts.values():
            unit.identifies = False


def _before(part: str, assignment: str) -> str:
    """The student in STUDENT_ASSIGNMENT, with or without an ending and the mark of a second download."""
    stem = _stem(part)[0]
    return stem.removesuffix(f"_{assignment}") if stem.endswith(f"_{assignment}") else ""


def _stem(name: str) -> tuple[str, int]:
    """A notebook's name without ending and version, and the version: lab-1.ipynb, lab (1).ipynb; 0 where there is none."""
    match = VERSION.fullmatch(NOTEBOOK.sub("", name))
    return (match["stem"], int(match["copy"] or match["number"] or 0)) if match else (name, 0)


def _marker(name: str) -> str:
    version = _stem(name)[1]
    return f"-{version}" if version else ""


def _other_lab(stem: str, assignment: str) -> str:
    """The lab that a name names at its end, where that has another number than ours."""
    match = OTHER_LAB.search(stem)
    return match[1] if match and match[1][:2] != assignment[:2] and assignment[:2].isdigit() else ""


# From units to entries


def _found(units: list[Unit], assignment: str, students: Roster | None, notes: Notes) -> Found:
    unmatched: list[Unmatched] = []
    theirs: dict[str, list[Unit]] = {}
    for unit in units:
        student, reason = _student(unit, students)
        if reason:
            unmatched.append(Unmatched(unit.where, reason))
        else:
            theirs.setdefault(student, []).append(unit)
    entries = []
    for student, own in sorted(theirs.items()):
        try:
            entries.append(_entry(student, own, assignment))
        except LabsError as e:
            unmatched.append(Unmatched(own[0].where, str(e)))
    return Found(entries, unmatched, notes.lines())


def _student(unit: Unit, students: Roster | None) -> tuple[str, str]:
    """Whose a unit is, or why that cannot be said."""
    if unit.reason or not unit.names:
        return "", unit.reason or "names no student"
    if students is None:
        student = unicodedata.normalize("NFC", unit.names[0][0]).strip()
        if not unit.identifies:
            return "", "does not give a student's id: give a list with --students, or --pattern"
        return (student, "") if _is_id(student) else ("", f"{student!r} cannot be a student's id: give a list with --students")
    found = set().union(*(students.matching(text, but="id" if how == "number" else "", compact=how == "compact")
                          for text, how in unit.names))
    names = " or ".join(f"“{text}”" for text, _ in unit.names)
    if len(found) == 1:
        return found.pop(), ""
    return "", f"{names} fits several students: {', '.join(sorted(found))}" if found else f"{names} {UNKNOWN}"


def _entry(student: str, units: list[Unit], assignment: str) -> Entry:
    """The submission among what one student handed in. Raises LabsError where there is none, or no telling which."""
    there = [unit for unit in units if unit.notebooks]
    latest = max((unit.attempt for unit in there), default="")
    choices = [(unit, *one) for unit in there if unit.attempt == latest for one in unit.notebooks]
    unit, inner, item = _chosen(choices or _none_in(units), assignment)
    other = _other_lab(_stem(inner[-1])[0], assignment)
    if other:
        raise LabsError(f"{inner[-1]} is another assignment's ({other})")
    notes, number = [], sum(len(one.notebooks) for one in units)
    if latest < max(one.attempt for one in units):
        notes.append("the last attempt has no notebook; the one before it was graded")
    if number > 1:
        notes.append(f"{number} notebooks were handed in; {item.shown} was graded")
    if not unit.expected and _stem(inner[-1])[0] != assignment:
        notes.append(f"the notebook was handed in as {inner[-1]}")
    return Entry(student, item.shown, *_with_others(unit, inner, notes, item.file))


def _none_in(units: list[Unit]) -> NoReturn:
    broken = next((item.broken for unit in units for _, item in unit.items if item.broken), "")
    there = sorted({inner[-1] for unit in units for inner, _ in unit.items})
    raise LabsError(broken or f"no notebook in it; there is {', '.join(there[:3])}")


def _chosen(choices: list[tuple[Unit, tuple[str, ...], Item]], assignment: str) -> tuple[Unit, tuple[str, ...], Item]:
    """The one of the assignment's name, of several versions the latest; any name will do where there is one only."""
    named = [choice for choice in choices if choice[1][-1] == f"{assignment}.ipynb"]
    versions = [choice for choice in choices if _stem(choice[1][-1])[0] == assignment]
    if len({_stem(choice[1][-1])[0] for choice in choices}) == 1:
        versions = choices
    numbered = all(choice[0].versions for choice in versions)
    for group in ([versions, named] if numbered else [named, versions]):
        best = max((_stem(choice[1][-1])[1] for choice in group), default=0)
        latest = [choice for choice in group if _stem(choice[1][-1])[1] == best]
        if len(latest) == 1:
            return latest[0]
        if latest:
            break
    if len(choices) == 1:
        return choices[0]
    raise LabsError(f"several notebooks and no telling which: {', '.join(sorted(item.shown for _, _, item in choices)[:4])}. "
                    f"Keep one, or name it {assignment}.ipynb")


def _with_others(unit: Unit, notebook: tuple[str, ...], notes: list[str], file: File) -> tuple:
    """An entry's notes, notebook, other files below the notebook's folder, and timestamp."""
    folder = notebook[:-1]
    beside = {"/".join(inner[len(folder):]): item.file for inner, item in sorted(unit.items, key=lambda pair: pair[0])
              if inner[:len(folder)] == folder and len(inner) > len(folder) and not NOTEBOOK.search(inner[-1])}
    stamp = beside.pop(STAMP, None)
    if unit.versions:
        beside = _unversioned(beside)
    kept, total = {}, 0
    for name, other in beside.items():
        if len(kept) < MOST_FILES and total + other.size <= MOST_BYTES:
            kept[name], total = other, total + other.size
    if len(kept) < len(beside):
        notes.append(f"{len(beside) - len(kept)} other files were left out: "
                     f"at most {MOST_FILES} files and {MOST_BYTES // MB} MB are kept")
    return tuple(notes), file, tuple(kept.items()), stamp


def _unversioned(files: dict[str, File]) -> dict[str, File]:
    """data-1.csv is data.csv handed in again."""
    latest: dict[str, tuple[int, File]] = {}
    for name, file in files.items():
        match = re.fullmatch(r"(.+?)(?:-(\d{1,3}))?(\.[^./]+)", name)
        plain, version = (match[1] + match[3], int(match[2] or 0)) if match else (name, 0)
        if plain not in latest or version > latest[plain][0]:
            latest[plain] = (version, file)
    return {name: file for name, (_, file) in latest.items()}


# Texts


def _plain(text: str) -> str:
    """A name without what two ways of typing it differ by: case, forms of letters, spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _compact(text: str) -> str:
    return "".join(c for c in _plain(text) if c.isalnum())


def _is_id(text: str) -> bool:
    """Whether a student's id can be a folder's name, as nbgrader makes it one."""
    return 0 < len(text) <= 100 and text[0] != "." and text == text.strip() and text.isprintable() and not set(text) & set("/\\")


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:100]
