"""Who is in the class, and by what names a student may be found.

The columns are those of a list made for this, or of what platforms export (read on 30 November 2026):
- Canvas' gradebook: Student, ID, SIS User ID, SIS Login ID, Section; below them a row "Points Possible"
  (nemogb-dev.github.io/nemogb-r/articles/detailed-canvas-export-info.html).
- Brightspace: OrgDefinedId and Username, whose values begin with #, Last Name, First Name, Email
  (github.com/christopherphan/brightspace-scripts; "End-of-Line Indicator" is its last column).
- Blackboard: Username and others; a .csv with commas or a .xls that is text with tabs
  (und.teamdynamix.com/TDClient/2048/IT/KB/ArticleDet?ID=59084).
- Moodle's participants: First name, Surname, Email address, Groups ("A, G1_1")
  (github.com/tonechas/moodle-workshop-group-grades); its grading worksheet: Identifier ("Participant 123"), Full name.
- Gradescope: First Name, Last Name, SID, Email.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from autograders.grading.ids import as_id, why_no_id
from environments.errors import LabsError

# Which column is the id, the first that is there.
IDS = ("id", "student id", "studentid", "username", "user name", "sis login id", "login id", "login", "sid",
       "orgdefinedid", "org defined id", "sis user id", "id number", "email address", "email", "e-mail")
GIVEN = ("first name", "firstname", "given name", "given names")
FAMILY = ("last name", "lastname", "surname", "family name")
WHOLE = ("name", "student", "full name", "fullname", "student name", "sortable name", "canvas name", "sisname",
         "sis name")
GROUPS = ("group", "groups", "team", "teams", "group name")
HASHED = ("orgdefinedid", "org defined id", "username")
OF_MOODLE = re.compile(r"moodle|identifier|participant")
OF_CANVAS = re.compile(r"canvas")
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
ALIKE = str.maketrans("’ʼ‘`´‐‑–", "'''''---")  # signs that differ by keyboard


class Roster:
    """Who is in the class: a CSV with a column `id` or one that can be it,
    and others by which a student may be named."""

    def __init__(self, rows: Iterable[dict[str, str]]):
        self.path: Path | None = None
        self.ids: dict[str, None] = {}
        self.id_column = "id"
        self._exact: dict[str, set[str]] = {}
        self._plain: dict[str, set[tuple[str, str]]] = {}
        self._compact: dict[str, set[str]] = {}
        self._groups: dict[str, set[str]] = {}
        self._refused: dict[str, str] = {}
        self._has_canvas = False  # a column of Canvas' numbers
        for row in rows:
            row = {
                _plain(key): value.strip()
                for key, value in row.items()
                if isinstance(key, str) and isinstance(value, str)
            }
            if not self.ids and not self._refused:
                self.id_column = next((column for column in IDS if column in row), "id")
            self._add(row)
        if self._refused and not self.ids:
            raise LabsError(next(iter(self._refused.values())))

    @classmethod
    def read(cls, path: Path) -> "Roster":
        """Raises LabsError where the file is no such CSV, or has an id twice or none that can be one."""
        try:
            content = path.read_bytes()
            text = content.decode(next((name for start, name in BOMS.items() if content.startswith(start)), "utf-8"))
        except (OSError, UnicodeDecodeError) as e:
            raise LabsError(f"{path} cannot be read as a list of students ({type(e).__name__}). "
                            "Save it as CSV in UTF-8.") from None
        if separator := re.match(r'"?sep=(.)"?\r?\n', text):  # Excel's own line
            text = text[separator.end():]
        first = text.split("\n", 1)[0]
        delimiter = separator[1] if separator else max(",;\t", key=first.count)
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            if not {_plain(name) for name in rows.fieldnames or [] if name} & set(IDS):
                raise LabsError(
                    "it has no column id. Its first line names the columns: id, and others such as name, email."
                )
            roster = cls(rows)
            roster.path = path
            return roster
        except (LabsError, csv.Error) as e:
            raise LabsError(f"{path}: {e}") from None

    def matching(self, text: str, how: str = "exact") -> set[str]:
        """The students who have exactly this in some column; see `Name` for how it is compared."""
        if how == "case":
            return set(self._exact.get(as_id(text.strip()), ()))
        if how == "compact":
            return set(self._compact.get(_compact(text), ()))
        found = self._plain.get(_plain(text), ())
        if how == "number":
            return {student for student, column in found if OF_MOODLE.search(column) and column != self.id_column}
        if how == "canvas":
            return {student for student, column in found
                    if (OF_CANVAS.search(column) if self._has_canvas else not OF_MOODLE.search(column))}
        return {student for student, _ in found}

    def group(self, text: str) -> set[str]:
        """The students of the group that has exactly this name."""
        return set(self._groups.get(_compact(text), ()))

    def refused(self, text: str) -> str:
        """Why somebody of this name is in the list and cannot be graded."""
        return self._refused.get(_plain(text), "")

    def _add(self, row: dict[str, str]) -> None:
        row = {column: value.removeprefix("#").strip() if column in HASHED else value for column, value in row.items()}
        student = as_id(row.get(self.id_column, ""))
        names = _names(row)
        if not any(row.values()) or not student and any("points possible" in _plain(name) for name in names):
            return  # an empty line; a row of Canvas' that is nobody
        if student in self.ids:
            raise LabsError(f"the id {student!r} stands twice. Correct that line.")
        if why := why_no_id(student):
            reason = f"the id {student[:60]!a} in the list cannot be the name of a folder ({why}). Correct that line."
            self._refused |= {_plain(text): reason for text in (*row.values(), *names) if text}
            return
        self.ids[student] = None
        self._has_canvas |= any(OF_CANVAS.search(column) and value.isdigit() for column, value in row.items())
        for column, value in [*row.items(), *(("name", name) for name in names)]:
            if value:
                self._exact.setdefault(as_id(value), set()).add(student)
                self._plain.setdefault(_plain(value), set()).add((student, column))
                self._compact.setdefault(_compact(value), set()).add(student)
        for name in names:
            for turned in _in_any_order(name):
                self._compact.setdefault(turned, set()).add(student)
        for group in {part.strip() for column in GROUPS for part in row.get(column, "").split(",") if part.strip()}:
            self._groups.setdefault(_compact(group), set()).add(student)
        if identifier := re.fullmatch(r"\D+ (\d+)", row.get("identifier", "")):
            self._plain.setdefault(identifier[1], set()).add((student, "identifier"))


def _names(row: dict[str, str]) -> list[str]:
    """A person's whole names, however the columns divide them."""
    names = [row[column] for column in WHOLE if row.get(column)]
    given = next((row[column] for column in GIVEN if row.get(column)), "")
    family = next((row[column] for column in FAMILY if row.get(column)), "")
    if given and family:
        names += [f"{given} {family}", f"{family} {given}", f"{family}, {given}"]
    for name in [*names]:
        last, comma, first = name.partition(",")
        if comma and first.strip() and "," not in first:
            names.append(f"{first.strip()} {last.strip()}")
    return names


def _in_any_order(name: str) -> set[str]:
    """Letters and digits of a name, with each of its words first: Canvas puts the family name there."""
    words = name.replace(",", " ").split()
    return {_compact("".join(words[at:] + words[:at])) for at in range(min(len(words), 8))}


def _plain(text: str) -> str:
    """A name without what two ways of typing it differ by: case, forms of letters, quotation marks, spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(ALIKE).casefold().split())


def _compact(text: str) -> str:
    return "".join(c for c in _plain(text) if c.isalnum())
