"""What was handed in at once, and whose it is where a pattern tells."""

import re
from dataclasses import dataclass, field

from autograders.grading.submissions.files import Item
from autograders.grading.submissions.names import NOTEBOOK
from environments.errors import LabsError


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


def compiled(pattern: str) -> re.Pattern:
    try:
        compiled = re.compile(pattern)
    except re.error as e:
        raise LabsError(f"--pattern is no regular expression ({e}). Example: '(?P<student>[a-z0-9]+)_.*[.]ipynb'") from None
    if "student" not in compiled.groupindex:
        raise LabsError("--pattern has no group named student. Example: '(?P<student>[a-z0-9]+)_.*[.]ipynb'")
    return compiled


def by_pattern(items: list[Item], pattern: re.Pattern) -> list[Unit]:
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
