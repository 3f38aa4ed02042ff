"""`labs plan`: what its commands say, and whether all is well."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from environments.errors import LabsError
from environments.tracking.diagnostics import ERROR, Diagnostic, NotAPlan
from environments.tracking.plan import Plan
from environments.tracking.reading import content_of, plan_of
from environments.tracking.rules import problems
from environments.tracking.versions import compare
from environments.tracking.yaml_text import MAX_BYTES

STDIN = "-"


@dataclass(frozen=True)
class Said:
    """For a person and for a program; `well`: whether nothing must be done."""

    lines: list[str]
    value: dict
    well: bool


def check(files: Sequence[str], strict: bool = False) -> Said:
    """Every rule on each file. `strict`: warnings must be dealt with, too."""
    found = [_checked(file) for file in files]
    lines = [line for diagnostics, summary in found for line in (*map(str, diagnostics), summary)]
    every = [diagnostic for diagnostics, _ in found for diagnostic in diagnostics]
    well = not any(strict or each.severity == ERROR for each in every)
    return Said(lines, {"diagnostics": [each.as_dict() for each in every]}, well)


def _checked(file: str) -> tuple[list[Diagnostic], str]:
    try:
        plan = plan_of(_content(file), _shown(file))
    except NotAPlan as e:
        return e.diagnostics, f"{_shown(file)}: no plan yet: {_counted(e.diagnostics)}"
    found = problems(plan)
    return found, f"{_shown(file)}: {_many(len(plan.events), 'event')}, {_counted(found)}"


def _counted(found: list[Diagnostic]) -> str:
    errors = sum(each.severity == ERROR for each in found)
    return f"{_many(errors, 'error')}, {_many(len(found) - errors, 'warning')}"


def _many(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def diff(old: str, new: str) -> Said:
    """What changed between two files, and whether the new one's version says so. `-` is standard input."""
    if old == new == STDIN:
        raise LabsError("both versions cannot come from standard input.", "Name a file for one of them.")
    comparison = compare(_plan(old), _plan(new))
    value = {"changes": [change.as_dict() for change in comparison.changes], "old": comparison.old,
             "new": comparison.new, "needed": comparison.needed, "enough": comparison.enough}
    return Said([*map(str, comparison.changes), comparison.verdict()], value, comparison.enough)


def export(file: str, tool: str, folder: str) -> Said:
    """A plan in another tool's form, as files in a folder."""
    from environments.tracking.exports import write

    written = [str(path) for path in write(_plan(file), tool, folder)]
    return Said(written, {"files": written}, True)


def imported(files: Sequence[str]) -> str:
    """A plan's text from RudderStack's files."""
    from environments.tracking.exports.rudderstack import imported

    return imported(*(_content(file) for file in files))


def _plan(file: str) -> Plan:
    return plan_of(_content(file), _shown(file))


def _content(file: str) -> bytes:
    return sys.stdin.buffer.read(MAX_BYTES + 1) if file == STDIN else content_of(file)


def _shown(file: str) -> str:
    return "stdin" if file == STDIN else file
