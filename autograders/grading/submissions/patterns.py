"""Whose a file is, where a pattern of the instructor's tells."""

import re

from autograders.grading.submissions.files import Item
from autograders.grading.submissions.platforms import canvas, is_platforms_own, platform_form
from autograders.grading.submissions.units import Name, Unit
from environments.errors import LabsError

EXAMPLE = "Example: '(?P<student>[a-z0-9]+)_.*[.]ipynb'"


def compiled(pattern: str) -> re.Pattern:
    try:
        compiled = re.compile(pattern)
    except re.error as e:
        raise LabsError(f"--pattern is no regular expression ({e}). {EXAMPLE}") from None
    if "student" not in compiled.groupindex:
        raise LabsError(f"--pattern has no group named student. {EXAMPLE}")
    return compiled


def by_pattern(items: list[Item], pattern: re.Pattern, assignment: str) -> list[Unit]:
    """A unit for each notebook; other files go with it where their folder has one student's notebooks only."""
    units: list[Unit] = []
    owners: dict[tuple[str, ...], set[str]] = {}
    for item in (item for item in items if item.is_notebook):
        unit, name = _matched(item, pattern, assignment)
        unit.reason = "" if name else "does not match the pattern"
        units.append(unit)
        owners.setdefault(item.parts[:-1], set()).add(name)
    shared = {folder for folder, names in owners.items() if len(names) > 1 or not folder}
    by_folder: dict[tuple[str, ...], list[Unit]] = {}
    for unit in units:
        by_folder.setdefault(unit.items[0][1].parts[:-1], []).append(unit)
    others = []
    for item in (item for item in items if not item.is_notebook):
        folders = [item.parts[:depth] for depth in range(1, len(item.parts) + 1)]
        theirs = [(folder, unit) for folder in folders if folder not in shared for unit in by_folder.get(folder, ())]
        for folder, unit in theirs:
            unit.items.append((item.parts[len(folder):] or item.parts[-1:], item))
        if not theirs and not item.junk and not is_platforms_own(item):
            others.append(_matched(item, pattern, assignment)[0])
    return units + others


def _matched(item: Item, pattern: re.Pattern, assignment: str) -> tuple[Unit, str]:
    """The unit of one file, and the student. What a platform's form says besides whose it is counts here, too."""
    match = pattern.search(item.shown)
    name = (match["student"] or "") if match else ""
    form = next((form for part in item.parts if (form := platform_form(part) or canvas(part, assignment))), None)
    unit = form[1] if form else Unit("", [], versions=True)
    unit.where, unit.names = item.shown, [Name(name, "given")] if name else []
    unit.expected = unit.identifies = True
    unit.versions = unit.versions or not unit.dated
    unit.reason = "" if name else item.broken or "is no notebook, and does not match the pattern"
    unit.items = [((item.parts[-1],), item)]
    if match and "attempt" in pattern.groupindex:  # its numbers count as numbers
        unit.attempt, unit.dated = re.sub(r"\d+", lambda digits: digits[0].zfill(20), match["attempt"] or ""), True
    return unit, name
