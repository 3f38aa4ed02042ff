"""Who is in the class, and by what names a student may be found."""

import csv
import io
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from autograders.grading.submissions.names import is_id
from environments.errors import LabsError


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
        if student in self.ids or not is_id(student):
            raise LabsError(f"the id {student!r} {'stands twice' if student in self.ids else 'cannot be the name of a folder'}. "
                            "Correct that line.")
        self.ids[student] = None
        for column, value in row.items():
            if value:
                self._plain.setdefault(_plain(value), set()).add((student, column))
                self._compact.setdefault(_compact(value), set()).add((student, column))


def _plain(text: str) -> str:
    """A name without what two ways of typing it differ by: case, forms of letters, spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _compact(text: str) -> str:
    return "".join(c for c in _plain(text) if c.isalnum())
