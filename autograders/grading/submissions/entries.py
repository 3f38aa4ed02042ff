"""From what was handed in to one submission a student."""

import re
import unicodedata
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import NoReturn

from nbgrader.utils import parse_utc

from autograders.grading.model import Submission
from autograders.grading.repair import MOST, Notes, too_large
from autograders.grading.submissions.files import MB, File, Item
from autograders.grading.submissions.names import NOTEBOOK, is_id, other_lab, stem_and_version
from autograders.grading.submissions.roster import Roster
from autograders.grading.submissions.units import Unit
from environments.errors import LabsError

MOST_FILES, MOST_BYTES = 200, 20 * MB  # of the other files of one submission
LATEST = 1000  # characters of timestamp.txt
STAMP = "timestamp.txt"
UNKNOWN = "is not in the list of students"


@dataclass(frozen=True)
class Entry:
    """One student's submission, not read yet."""

    student: str
    where: str  # the notebook, for messages
    notes: tuple[str, ...]
    notebook: File = field(repr=False)
    others: tuple[tuple[str, File], ...] = field(default=(), repr=False)
    stamp: File | None = field(default=None, repr=False)

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


def found_in(units: list[Unit], assignment: str, students: Roster | None, notes: Notes) -> Found:
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
        return (student, "") if is_id(student) else ("", f"{student!r} cannot be a student's id: give a list with --students")
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
    other = other_lab(stem_and_version(inner[-1])[0], assignment)
    if other:
        raise LabsError(f"{inner[-1]} is another assignment's ({other})")
    notes, number = [], sum(len(one.notebooks) for one in units)
    if latest < max(one.attempt for one in units):
        notes.append("the last attempt has no notebook; the one before it was graded")
    if number > 1:
        notes.append(f"{number} notebooks were handed in; {item.shown} was graded")
    if not unit.expected and stem_and_version(inner[-1])[0] != assignment:
        notes.append(f"the notebook was handed in as {inner[-1]}")
    return Entry(student, item.shown, *_with_others(unit, inner, notes, item.file))


def _none_in(units: list[Unit]) -> NoReturn:
    broken = next((item.broken for unit in units for _, item in unit.items if item.broken), "")
    there = sorted({inner[-1] for unit in units for inner, _ in unit.items})
    raise LabsError(broken or f"no notebook in it; there is {', '.join(there[:3])}")


def _chosen(choices: list[tuple[Unit, tuple[str, ...], Item]], assignment: str) -> tuple[Unit, tuple[str, ...], Item]:
    """The one of the assignment's name, of several versions the latest; any name will do where there is one only."""
    named = [choice for choice in choices if choice[1][-1] == f"{assignment}.ipynb"]
    versions = [choice for choice in choices if stem_and_version(choice[1][-1])[0] == assignment]
    if len({stem_and_version(choice[1][-1])[0] for choice in choices}) == 1:
        versions = choices
    numbered = all(choice[0].versions for choice in versions)
    for group in ([versions, named] if numbered else [named, versions]):
        best = max((stem_and_version(choice[1][-1])[1] for choice in group), default=0)
        latest = [choice for choice in group if stem_and_version(choice[1][-1])[1] == best]
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
