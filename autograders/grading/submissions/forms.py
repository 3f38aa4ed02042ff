"""Whose a file is, where the forms of nbgrader and of the known platforms tell."""

import os
from dataclasses import replace

from autograders.grading.submissions.files import File, Item
from autograders.grading.submissions.names import is_named, other_lab, stem_and_version, student_before
from autograders.grading.submissions.platforms import (
    GRADESCOPE,
    GRADESCOPE_LIST,
    INDEX,
    Gradescope,
    canvas,
    canvas_upload,
    check_blackboard,
    is_platforms_own,
    platform_form,
)
from autograders.grading.submissions.units import Name, Unit

NOBODYS = "is no notebook, and its name tells no student"
TWO_FORMS = "its name may be Canvas' and another platform's. Say whose it is with --pattern"


def unwrapped(items: list[Item], assignment: str) -> list[Item]:
    """Without the folders that all is in, where they are nobody's."""
    while (handed_in := [item for item in items if not item.junk]) and _is_wrapped(handed_in, assignment):
        top = handed_in[0].parts[0]
        items = [replace(item, parts=item.parts[1:], archive=max(item.archive - 1, -1))
                 if item.parts[0] == top and len(item.parts) > 1 else item for item in items]
    return items


def _is_wrapped(items: list[Item], assignment: str) -> bool:
    top = items[0].parts[0]
    if any(len(item.parts) == 1 or item.parts[0] != top or item.archive == 0
           or item.parts[1].casefold() == assignment.casefold()
           or len(item.parts) == 2 and item.is_notebook and is_named(item.parts[1], assignment) for item in items):
        return False
    return not (
        student_before(top, assignment) or platform_form(top) or canvas(top, assignment) or GRADESCOPE.fullmatch(top)
    )


Placed = tuple[tuple[str, ...], Unit, tuple[str, ...]]  # the unit's key, a new unit, and the file's names within it


def by_form(items: list[Item], assignment: str, added: set[File]) -> list[Unit]:
    """Notebooks make units; other files go to the unit whose folder they are in, or show that there is no notebook.

    A file that none of this tells anything about is a unit of its own, with the reason. What other labs' folders hold
    is left to them; what platforms add of their own goes to `added`.
    """
    forms = _Forms(items, assignment)
    units: dict[tuple[str, ...], Unit] = {}
    nobodys: list[Unit] = []
    for item in sorted(items, key=lambda item: (not item.is_notebook, item.junk)):
        placed = forms.notebook(item) if item.is_notebook else forms.other(item, units)
        if placed and not (item.junk and placed[0] not in units and not _tells(item)):
            key, unit, inner = placed
            known = units.setdefault(key, unit)
            for entry in list(unit.entries.values()):
                known.entries[item.shown] = entry
            known.facts += [fact for fact in unit.facts if fact not in known.facts]
            known.items.append((inner or item.parts[-1:], item))
        elif forms.is_platforms(item, units):
            added.add(item.file)
        elif not (item.junk or item.is_notebook or forms.is_elsewhere(item)):
            nobodys.append(Unit(item.shown, [], reason=item.broken or NOBODYS, items=[(item.parts[-1:], item)]))
    check_blackboard(units)
    _check_archives(list(units.values()), forms)
    return [*units.values(), *nobodys]


def _check_archives(units: list[Unit], forms: "_Forms") -> None:
    """Beside an archive that is one student's, another one in which notebooks name several may be a student's as well,
    who would hand in for others: nobody guesses."""
    theirs: dict[tuple[str, ...], dict[str, list[Unit]]] = {}  # by archive, what was handed in in it, by student
    for unit in (unit for unit in units if unit.names):
        for archive in {item.parts[:item.archive + 1] for _, item in unit.notebooks if item.archive >= 0}:
            if not forms.is_export.get(archive, False):
                theirs.setdefault(archive, {}).setdefault(unit.names[0].text.casefold(), []).append(unit)
    if all(len(students) > 1 for students in theirs.values()):
        return
    for archive, students in theirs.items():
        for unit in (unit for whole in students.values() if len(students) > 1 for unit in whole):
            unit.reason = unit.reason or (
                f"{'/'.join(archive)}.zip names several students, beside archives of one each: whose is it? Unpack it "
                "if it is the class's, or have it handed in again"
            )


def _tells(item: Item) -> bool:
    """A copy that JupyterLab made shows that somebody handed in a folder,
    if not the notebook; .DS_Store shows nothing."""
    return any(part == ".ipynb_checkpoints" for part in item.parts)


class _TwoForms:
    """Names that are Canvas' with another platform's in the name of a student's file, or the other way round.

    Those beside them tell: an export has the form of one platform. Canvas gives each file a number of its own.
    """

    def __init__(self, items: list[Item]):
        self._others: dict[
            tuple[str, ...], set[bool]
        ] = {}  # by folder, whether the names of one form alone are Canvas'
        self._uploads: dict[tuple[str, ...], dict[str, str]] = {}  # by folder, the name with each of Canvas' numbers
        self._repeated: set[tuple[str, ...]] = set()
        for folder, part in {(item.parts[:depth], item.parts[depth]) for item in items if not item.junk
                             and not is_platforms_own(item) for depth in range(min(2, len(item.parts)))}:
            if upload := canvas_upload(part):
                if self._uploads.setdefault(folder, {}).setdefault(upload, part) != part:
                    self._repeated.add(folder)
            else:
                self._others.setdefault(folder, set()).add(not platform_form(part))

    def is_canvas(self, folder: tuple[str, ...], part: str) -> bool | None:
        """Whether a name of two forms is Canvas'; None where that cannot be told."""
        if not canvas_upload(part) or folder in self._repeated:
            return False
        others = self._others.get(folder, set())
        return next(iter(others)) if len(others) == 1 else None


class _Forms:
    """The forms in which a file's names tell whose it is."""

    def __init__(self, items: list[Item], assignment: str):
        self.assignment = assignment
        self.gradescope = Gradescope(items)
        self.inside: dict[tuple[str, ...], set[str]] = {}  # the folders with notebooks in each folder and archive
        self.is_export: dict[
            tuple[str, ...], bool
        ] = {}  # whether all that a folder or archive has is named by a platform
        self.loose: dict[tuple[str, ...], set[str]] = {}  # the students whom the notebooks in a folder or archive name
        for item in (item for item in items if item.is_notebook):
            for depth in range(len(item.parts) - 1):
                self.inside.setdefault(item.parts[:depth], set()).add(item.parts[depth])
            self.loose.setdefault(item.parts[:-1], set()).add(student_before(item.parts[-1], assignment).casefold())
        folders = [item.parts[:-1] for item in items if item.is_notebook]
        self.shared = len(os.path.commonprefix(folders)) if len(set(folders)) > 1 else 0  # that all notebooks are in
        self.archives = {item.parts[:item.archive + 1] for item in items if item.archive >= 0}
        self.two_forms = _TwoForms(items)
        self.all_canvas = all(canvas(item.parts[0], assignment) for item in items if not item.junk)
        for item in (item for item in items if not item.junk and not is_platforms_own(item)):
            for depth, part in enumerate(item.parts):
                named = platform_form(part) or canvas(part, assignment)
                self.is_export[item.parts[:depth]] = self.is_export.get(item.parts[:depth], True) and named is not None

    def notebook(self, item: Item) -> Placed | None:
        placed = self._platform(item) or self._nbgrader(item) or self._loose(item)
        if placed or self.is_elsewhere(item):
            return placed
        return self._archive(item) or self._folder(item) or self._alone(item)

    def other(self, item: Item, units: dict[tuple[str, ...], Unit]) -> Placed | None:
        if placed := self._platform(item):
            return placed
        for depth in range(len(item.parts) - 1, 0, -1):
            if unit := units.get(item.parts[:depth]):
                return item.parts[:depth], unit, item.parts[depth:]
        if self.is_elsewhere(item):
            return None
        return self._nbgrader(item) or self._loose(item) or self._archive(item) or self._folder(item)

    def is_elsewhere(self, item: Item) -> bool:
        """Whether it is in the folder of another lab."""
        return any(other_lab(folder, self.assignment) == folder for folder in item.parts[:-1])

    def is_platforms(self, item: Item, units: dict[tuple[str, ...], Unit]) -> bool:
        """Whether a platform added it to the export."""
        if item.parts[-1] == GRADESCOPE_LIST:
            return item.parts[:-1] in self.gradescope.lists
        beside = any(key[:-1] == item.parts[:-1] and unit.dated for key, unit in units.items())
        return item.parts[-1].casefold() == INDEX and beside

    def _platform(self, item: Item) -> Placed | None:
        for depth, part in enumerate(item.parts):
            if depth and not self.is_export.get(item.parts[:depth], False):
                return None  # what is in a student's folder is the student's, whatever its name
            found = platform_form(part) or self.gradescope.form(item.parts, depth)
            is_canvas = (
                self.two_forms.is_canvas(item.parts[:depth], part) if self._may_be_canvas(item, depth) else False
            )
            if found and is_canvas is None:
                found[1].reason = TWO_FORMS
            elif found and is_canvas:
                found = None
            if not found and self._may_be_canvas(item, depth):
                found = canvas(part, self.assignment)
                if found and not (self.all_canvas or depth or is_named(found[2], self.assignment)):
                    found[1].identifies = False
            if found:
                key, unit, name = found
                plain = depth == len(item.parts) - 1 and depth != item.archive
                unit.where = item.shown if plain else "/".join(item.parts[:depth + 1])
                return (*item.parts[:depth], key), unit, (*([name] if plain and name else []), *item.parts[depth + 1:])
        return None

    def _may_be_canvas(self, item: Item, depth: int) -> bool:
        """Its form is little: plot_1_2_final.png in a student's folder is none."""
        return depth == 0 or depth == 1 and item.archive == 0

    def _nbgrader(self, item: Item) -> Placed | None:
        """STUDENT/ASSIGNMENT/...: whatever the folder is called, that is how nbgrader knows the student."""
        depth = next((d for d in range(1, len(item.parts) - 1) if item.parts[d] == self.assignment), None)
        return None if depth is None else _in_folder(item, depth + 1, item.parts[depth - 1], "given")

    def _loose(self, item: Item) -> Placed | None:
        """STUDENT_ASSIGNMENT.ipynb; also a folder, an archive or any other file of that name."""
        if item.is_notebook and (student := student_before(item.parts[-1], self.assignment)):
            unit = Unit(item.shown, [Name(student)], versions=True)
            if self._is_anothers(item, student):
                unit.names.append(Name(item.parts[-2]))
                unit.identifies = False
            return item.parts, unit, (f"{self.assignment}{_marker(item.parts[-1])}.ipynb",)
        depth = next((d for d, part in enumerate(item.parts[:-1]) if student_before(part, self.assignment)), None)
        if depth is not None:
            return _in_folder(item, depth + 1, student_before(item.parts[depth], self.assignment))
        student = student_before(item.parts[-1].rpartition(".")[0] or item.parts[-1], self.assignment)
        return (item.parts, Unit(item.shown, [Name(student)], versions=True), item.parts[-1:]) if student else None

    def _is_anothers(self, item: Item, student: str) -> bool:
        """Whether a notebook that names a student is the only one of a folder
        or archive, among others, that names another."""
        folders = item.parts[self.shared:-1]
        alone = len(self.loose[item.parts[:-1]]) == 1 and len(self.inside.get(item.parts[:self.shared], ())) > 1
        return bool(folders) and alone and folders[-1].casefold() != student.casefold()

    def _archive(self, item: Item) -> Placed | None:
        """STUDENT.zip; where it holds one folder only, that may name the student just as well."""
        top = item.parts[:item.archive + 1]
        inside = self.inside.get(top, set()) - {top[-1] if top else ""}
        if item.archive < 0 or len(inside) > 1:
            return None
        key, unit, inner = _in_folder(item, item.archive + 1)
        unit.names += [Name(name) for name in inside]
        unit.identifies = not inside or len(self.archives) > 1
        return key, unit, inner

    def _folder(self, item: Item) -> Placed | None:
        """STUDENT/ASSIGNMENT.ipynb, and STUDENT/any.ipynb where there are several such folders.

        Where folders are in folders, which of them names the student is not guessed: a list may tell.
        """
        folders = item.parts[:-1]
        shared = item.archive + 1
        if folders and item.is_notebook and is_named(item.parts[-1], self.assignment):
            key, unit, inner = _in_folder(item, len(folders))
            unit.names = [Name(folder) for folder in reversed(folders[max(shared, self.shared):] or folders[-1:])]
            unit.identifies = len(unit.names) == 1
            return key, unit, inner
        several = len(self.inside.get(item.parts[:shared], ())) > 1
        if several and (len(folders) == shared + 1 or folders[shared:] and not item.is_notebook):
            return _in_folder(item, shared + 1)
        return None

    def _alone(self, item: Item) -> Placed:
        """A notebook that gives its student's name in no known form;
        a roster may know the file's name or the folder's."""
        names = [Name(stem_and_version(item.parts[-1])[0]), *(Name(folder) for folder in item.parts[-2:-1])]
        other = other_lab(names[0].text, self.assignment)
        reason = f"is another assignment's ({other})" if other else ""
        return item.parts, Unit(item.shown, names, identifies=False, reason=reason), item.parts[-1:]


def _in_folder(item: Item, depth: int, student: str = "", how: str = "exact") -> Placed:
    key = item.parts[:depth]
    return key, Unit("/".join(key), [Name(student or key[-1], how)]), item.parts[depth:]


def _marker(name: str) -> str:
    version = stem_and_version(name)[1]
    return f"-{version}" if version else ""
