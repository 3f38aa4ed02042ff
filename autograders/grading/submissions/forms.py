"""Whose a file is, where the forms of nbgrader, Moodle, Canvas and Blackboard tell."""

import re
from dataclasses import replace

from autograders.grading.submissions.files import Item
from autograders.grading.submissions.names import other_lab, stem_and_version, student_before
from autograders.grading.submissions.units import Unit

MOODLE = re.compile(r"^(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)$", re.DOTALL)
CANVAS = re.compile(r"^(?P<name>[^_/]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)$", re.DOTALL)
BLACKBOARD = re.compile(r"^(?P<before>.+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)?$", re.DOTALL)


def unwrapped(items: list[Item], assignment: str) -> list[Item]:
    """Without the one folder that all is in, where that is nobody's."""
    top = items[0].parts[0]
    if any(len(item.parts) == 1 or item.parts[0] != top or item.archive == 0 or item.parts[1] == assignment
           or len(item.parts) == 2 and item.is_notebook and stem_and_version(item.parts[1])[0] == assignment for item in items):
        return items
    if student_before(top, assignment) or any(form.match(top) for form in (MOODLE, CANVAS, BLACKBOARD)):
        return items
    return [replace(item, parts=item.parts[1:], archive=max(item.archive - 1, -1)) for item in items]


Placed = tuple[tuple[str, ...], Unit, tuple[str, ...]]  # the unit's key, a new unit, and the file's names within it


def by_form(items: list[Item], assignment: str) -> list[Unit]:
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
        if placed or any(other_lab(folder, self.assignment) == folder for folder in item.parts[:-1]):
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
        if item.is_notebook and (student := student_before(item.parts[-1], self.assignment)):
            name = f"{self.assignment}{_marker(item.parts[-1])}.ipynb"
            return item.parts, Unit(item.shown, [(student, "exact")], versions=True), (name,)
        depth = next((d for d, part in enumerate(item.parts[:-1]) if student_before(part, self.assignment)), None)
        return None if depth is None else _in_folder(item, depth + 1, student_before(item.parts[depth], self.assignment))

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
        if folders and item.is_notebook and stem_and_version(item.parts[-1])[0] == self.assignment:
            return _in_folder(item, len(folders))
        shared = item.archive + 1
        several = len(self.inside.get(item.parts[:shared], ())) > 1
        if several and (len(folders) == shared + 1 or folders[shared:] and not item.is_notebook):
            return _in_folder(item, shared + 1)
        return None

    def _alone(self, item: Item) -> Placed:
        """A notebook that gives its student's name in no known form; a roster may know the file's name or the folder's."""
        names = [(stem_and_version(item.parts[-1])[0], "exact"), *((folder, "exact") for folder in item.parts[-2:-1])]
        other = other_lab(names[0][0], self.assignment)
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
    before = student_before(part, assignment)
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


def _marker(name: str) -> str:
    version = stem_and_version(name)[1]
    return f"-{version}" if version else ""
