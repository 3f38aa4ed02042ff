"""A check that passes says so in the notebook, in one short line: its name, and the points it gives.

Points stand in nbgrader's metadata alone, so they are looked up in the lab's notebook when a test cell has run. While a
class is graded nothing is looked up and nothing is said; what a test cell prints costs no points anywhere.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from functools import cache

from environments.course import labs
from environments.unwritten import running_shell
from environments.workspace import graded

CHECKS = re.compile(r"autograders\.checks\.lab_(\d\d)")


def passed(name: str, points: float | None) -> str:
    """What a notebook and `labs check` say of a check that passes."""
    return f"{name} passes" + ("" if points is None else f": {points:g} point{'' if points == 1 else 's'}")


def install() -> None:
    """Have this process's notebook say it after each test cell. Harmless where there is none, and the second time."""
    shell = running_shell()
    if shell and _announce not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _announce)


def _announce(result) -> None:
    if result is None or not result.success or graded():
        return
    for number, name in _called(result.info.raw_cell, running_shell().user_ns):
        sys.stdout.write(f"{passed(name, _points(number).get(name))}\n")  # in one piece, so that it is one output


def _called(source: str, names: dict) -> Iterator[tuple[str, str]]:
    """The lab and the cell's name of each check that a cell calls, as in `check.p95(p95)`."""
    for statement in _parsed(source):
        match statement:
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(module), function))):
                lab = CHECKS.fullmatch(str(getattr(names.get(module), "__name__", "")))
                if lab:
                    yield lab[1], f"check_{function}"


def _parsed(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:  # magics
        return []


@cache
def _points(number: str) -> dict[str, float]:
    """By cell, the points of a lab's checks: as it is written, or where that is not at hand, as it was handed out."""
    for lab in labs():
        for file in (lab.solution, lab.notebook):
            if lab.number == number and file.exists():
                marks = [
                    cell["metadata"].get("nbgrader", {})
                    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]
                ]
                return {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade")}
    return {}
