"""From what was handed in to one submission a student, with every file accounted for."""

import re
from contextlib import ExitStack
from dataclasses import dataclass, field

from nbgrader.utils import parse_utc

from autograders.grading.ids import as_id, why_no_id
from autograders.grading.model import Submission
from autograders.grading.repair import MAX_FILE_BYTES, too_large
from autograders.grading.submissions.files import MB, File, Item, LeftOut
from autograders.grading.submissions.names import NOTEBOOK, is_named, other_lab, stem_and_version, why_not_by_itself
from autograders.grading.submissions.platforms import WITHOUT_A_LIST
from autograders.grading.submissions.roster import Roster
from autograders.grading.submissions.units import Name, Unit
from environments.errors import LabsError

MOST_FILES, MOST_BYTES = 200, 20 * MB  # of the other files of one submission
LATEST = 1000  # characters of timestamp.txt
NAMED = 3  # files named in one message
STAMP = "timestamp.txt"
WITHOUT_NOTEBOOK = "handed in without a notebook"
NOT_OPENED = "An archive in an archive is not opened"

Chosen = tuple[Unit, tuple[str, ...], Item]


@dataclass(frozen=True)
class Entry:
    """One student's submission, not read yet."""

    student: str
    where: str  # the notebook, for messages
    notes: tuple[str, ...]
    notebook: File = field(repr=False)
    others: tuple[tuple[str, File], ...] = field(default=(), repr=False)
    stamp: File | None = field(default=None, repr=False)
    facts: tuple[str, ...] = ()  # what a grader should know: that it was late, who else handed it in

    def read(self) -> Submission:
        """The submission with its bytes. Raises LabsError where the notebook is too large or cannot be read."""
        notes = list(self.notes)
        if self.notebook.size > MAX_FILE_BYTES:
            raise too_large(self.notebook.size)
        with ExitStack() as stack:
            for holder in {file.holder for file in (self.notebook, *dict(self.others).values())}:
                stack.enter_context(holder)
            content, files, submitted = self.notebook.read(MAX_FILE_BYTES), self._files(notes), self._submitted(notes)
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
    """What was handed in and has no score: where it is, why, and whose it is where that is known."""

    where: str
    reason: str
    student: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


@dataclass(frozen=True)
class Superseded:
    """What a student handed in besides what is graded."""

    student: str
    where: str
    reason: str
    files: tuple[File, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Found:
    """Submissions by student, what could not be placed, and what was left out (links, names that lead elsewhere).

    `files` counts every file there is: each is graded, kept with a graded one, superseded, left by an operating system,
    an editor or a platform, or without a score.
    """

    entries: list[Entry]
    unmatched: list[Unmatched]
    notes: tuple[str, ...] = ()
    superseded: tuple[Superseded, ...] = ()
    lost: tuple[str, ...] = ()  # of what was left out, that which belongs to no submission
    files: dict[str, int] = field(default_factory=dict)


def found_in(units: list[Unit], assignment: str, students: Roster | None, left_out: LeftOut) -> Found:
    unmatched: list[Unmatched] = []
    theirs: dict[str, list[Unit]] = {}
    for unit in units:
        for student, reason in _students(unit, students):
            if reason:
                without = "" if unit.reason or unit.notebooks else f"{_without_notebook([unit]).rstrip('.')}; "
                unmatched.append(Unmatched(unit.where, without + reason))
            else:
                theirs.setdefault(student, []).append(unit)
    if students is None:
        _take_twins(theirs, unmatched)
    entries, earlier = [], []
    for student, own in sorted(theirs.items()):
        try:
            entry, before, after = _entry(student, own, assignment)
            entries.append(entry)
            earlier += before
            unmatched += after
        except LabsError as e:
            unmatched.append(Unmatched(_places(own), str(e), student))
    folders = {entry.where.rpartition("/")[0] for entry in entries} - {""}
    lost = tuple(place for place in left_out.places if not any(place.startswith(f"{folder}/") for folder in folders))
    return Found(entries, unmatched, left_out.lines(), tuple(earlier), lost)


def _check_people(units: list[Unit]) -> None:
    """Raises LabsError where the platform's own numbers tell that two people have one student's name."""
    numbers = sorted({unit.person for unit in units if unit.person})
    if len(numbers) > 1:
        raise LabsError(
            f"{len(numbers)} people by the platform's numbers ({_enumerated(numbers)}): {_places(units)}. Give the "
            "list each one's number (Canvas: a column ID; Moodle: Identifier), or say who is who with --pattern"
        )


def _places(units: list[Unit]) -> str:
    return _enumerated([unit.where for unit in units])


def _enumerated(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


# Whose it is

def _take_twins(theirs: dict[str, list[Unit]], unmatched: list[Unmatched]) -> None:
    """Ada and ada may be one person or two, and share a folder where file names have no case: nobody guesses which."""
    alike: dict[str, list[str]] = {}
    for student, units in theirs.items():
        if all(name.how != "case" for unit in units for name in unit.names):
            alike.setdefault(student.casefold(), []).append(student)
    for twins in (sorted(twins) for twins in alike.values() if len(twins) > 1):
        said = " and ".join(f"“{student}”" for student in twins)
        reason = f"{said} differ in capitals only: one student or several? Rename them, or give a list with --students"
        unmatched += [Unmatched(unit.where, reason) for student in twins for unit in theirs.pop(student)]


def _students(unit: Unit, students: Roster | None) -> list[tuple[str, str]]:
    """Whose a unit is, each with the reason where that cannot be said."""
    if unit.reason or not unit.names:
        return [("", unit.reason or "names no student")]
    people = [unit.names, *unit.together]
    told = [_without_list(unit, names) if students is None else _in_list(names, students) for names in people]
    found = list({student: None for group, _ in told for student in group})
    if len(found) > 1:
        unit.facts.append(f"handed in together by {', '.join(sorted(found))}")
    return [(student, "") for student in found] + [("", reason) for _, reason in told if reason]


def _without_list(unit: Unit, names: list[Name]) -> tuple[list[str], str]:
    student = as_id(names[0].text)
    if not unit.identifies or names[0].how in ("name", "number"):
        said = " or ".join(f"“{name.text}”" for name in names)
        return [], f"{said} does not give a student's id. {WITHOUT_A_LIST}"
    if why := why_no_id(student):
        return (
            [],
            f"“{student}” cannot be a student's id ({why}). Rename it, or give a list with --students, or --pattern",
        )
    if names[0].how != "given" and (why := why_not_by_itself(student)):
        return [], f"“{student}” {why}. {WITHOUT_A_LIST}"
    return [student], ""


def _in_list(names: list[Name], students: Roster) -> tuple[list[str], str]:
    told = [matching for name in names if (matching := students.matching(name.text, name.how))]
    found = set().union(*told)
    if len(found) > 1 and len(both := set.intersection(*told)) == 1:
        found = both  # of two students of one name, the one whose number it is
    said = " or ".join(f"“{name.text}”" for name in names)
    group = set().union(*(students.group(name.text) for name in names))
    if group and found <= group:
        return sorted(group), ""
    if len(found) == 1:
        return list(found), ""
    if found:
        return [], f"{said} fits several students: {', '.join(sorted(found))}"
    refused = next((why for name in names if (why := students.refused(name.text))), "")
    return [], refused or f"{said} is not in the list of students"


# Which of it is graded

def _entry(student: str, units: list[Unit], assignment: str) -> tuple[Entry, list[Superseded], list[Unmatched]]:
    """The submission among what one student handed in, what it supersedes, and later attempts without a notebook.

    Raises LabsError where there is none, or no telling which.
    """
    there = [unit for unit in units if unit.notebooks]
    if not there:
        raise LabsError(_without_notebook(units))
    _check_people(units)
    _check_order(there)
    latest = max(unit.attempt for unit in there)
    choices = [(unit, *notebook) for unit in there if unit.attempt == latest for notebook in unit.notebooks]
    unit, inner, item = _chosen(choices, assignment)
    other = other_lab(stem_and_version(inner[-1])[0], assignment)
    if other:
        raise LabsError(f"{inner[-1]} is another assignment's ({other})")
    notes, number = [], sum(len(handed.notebooks) for handed in units)
    later = [handed for handed in units if not handed.notebooks and handed.dated and handed.attempt >= latest]
    if later:
        notes.append("the last attempt has no notebook; the one before it was graded")
    if number > 1:
        notes.append(f"{number} notebooks were handed in; {item.shown} was graded")
    if not unit.expected and stem_and_version(inner[-1])[0] != assignment:
        notes.append(f"the notebook was handed in as {inner[-1]}")
    earlier = [
        Superseded(student, notebook.shown, _why_earlier(other_unit, unit), _goes_with(other_unit, notebook, unit))
        for other_unit in there
        for _, notebook in other_unit.notebooks
        if notebook is not item
    ]
    earlier += [
        Superseded(
            student,
            handed.where,
            "is an earlier attempt, without a notebook" if handed.dated else "is no notebook",
            _files_of(handed),
        )
        for handed in units
        if not handed.notebooks and handed not in later
    ]
    after = [
        Unmatched(
            handed.where, f"{_without_notebook([handed]).rstrip('.')}; an earlier attempt of {student} was graded"
        )
        for handed in later
    ]
    return Entry(student, item.shown, *_with_others(unit, inner, notes, item.file), tuple(unit.facts)), earlier, after


def _goes_with(unit: Unit, notebook: Item, graded: Unit) -> tuple[File, ...]:
    """The files that a notebook which is not graded takes with it: all of an earlier attempt's."""
    return (notebook.file,) if unit is graded else _files_of(unit)


def _files_of(unit: Unit) -> tuple[File, ...]:
    return tuple(item.file for _, item in unit.items if not item.junk)


def _check_order(units: list[Unit]) -> None:
    """Raises LabsError where it cannot be told which of several attempts is the last."""
    if len(units) < 2 or not any(unit.dated for unit in units):
        return
    attempts = [unit.attempt for unit in units]
    if not all(attempts) or attempts.count(max(attempts)) > 1 or len({"T" in attempt for attempt in attempts}) > 1:
        raise LabsError(f"{len(units)} attempts and no telling which is the last: {_places(units)}. Keep one of them")


def _why_earlier(unit: Unit, graded: Unit) -> str:
    if unit is graded:
        return "is another notebook, or an earlier version of the one graded"
    return "is an earlier attempt" if unit.dated else "is an earlier version"


def _without_notebook(units: list[Unit]) -> str:
    items = [item for unit in units for _, item in unit.items if not item.junk]
    if broken := next((item.broken for item in items if item.broken), ""):
        return broken
    entries = list(dict.fromkeys(entry for unit in units for entry in unit.entries.values()))
    told = {unit.where for unit in units} | {where for unit in units for where in unit.entries}
    there = sorted({item.shown.split("/")[-1] for item in items if item.shown not in told})
    names = _enumerated(there)
    closed = next((item for item in items if item.archive >= 0 and item.is_archive), None)
    remedy = f". {NOT_OPENED}: unpack {closed.file.holder}, then grade again" if closed else ""
    if names:
        return f"{WITHOUT_NOTEBOOK}; there is {' and '.join([*entries, names])}{remedy}"
    what = " and ".join(entries) or ("another kind of file" if items else "nothing but copies that JupyterLab made")
    return f"{WITHOUT_NOTEBOOK}{remedy or f': {what}'}"


def _chosen(choices: list[Chosen], assignment: str) -> Chosen:
    """The one of the assignment's name, of several versions the latest; any name will do where there is one only."""
    named = [choice for choice in choices if choice[1][-1] == f"{assignment}.ipynb"]
    versions = [choice for choice in choices if is_named(choice[1][-1], assignment)]
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
    names = _enumerated(sorted(item.shown for _, _, item in choices))
    raise LabsError(f"several notebooks and no telling which: {names}. "
                    f"Keep one, or name it {assignment}.ipynb")


def _with_others(unit: Unit, notebook: tuple[str, ...], notes: list[str], file: File
                 ) -> tuple[tuple[str, ...], File, tuple[tuple[str, File], ...], File | None]:
    """An entry's notes, notebook, other files below the notebook's folder, and timestamp."""
    folder = notebook[:-1]
    handed_in = [(inner, item) for inner, item in sorted(unit.items, key=lambda pair: pair[0])
                 if not item.junk and not NOTEBOOK.search(inner[-1])]
    beside = {"/".join(inner[len(folder):]): item.file for inner, item in handed_in
              if inner[:len(folder)] == folder and len(inner) > len(folder)}
    with_it = set(beside.values())
    elsewhere = [item.shown.split("/")[-1] for _, item in handed_in if item.file not in with_it]
    if elsewhere:
        notes.append(f"left out, as not in the notebook's folder: {_enumerated(elsewhere)}")
    stamp = beside.pop(STAMP, None)
    if unit.versions:
        beside = _unversioned(beside)
    kept: dict[str, File] = {}
    total = 0
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
