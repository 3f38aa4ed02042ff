"""The order of the rooms, names that are not there, long lines, types: what import-linter, ruff and pyrefly find."""

import subprocess
import sys
from pathlib import Path

from environments.place import COURSE
from tests.waits import HANG

CODE = ["autograders", "datasets", "environments", "slides", "tests", "nbgrader_config.py"]


def said_by(program: str, *arguments: str, folder: Path = COURSE) -> tuple[int, str]:
    run = subprocess.run(
        [Path(sys.executable).parent / program, *arguments], cwd=folder, capture_output=True, text=True, timeout=HANG
    )
    return run.returncode, run.stdout + run.stderr


def test_imports_run_one_way_and_never_in_a_circle():
    status, said = said_by("lint-imports", "--no-cache")
    assert status == 0, said


def test_every_name_is_there_and_every_import_is_used():
    status, said = said_by("ruff", "check", "--no-cache", "--quiet", *CODE)
    assert status == 0, said


def test_cells_of_labs_have_short_lines_and_no_name_that_is_not_there():
    labs = sorted((COURSE / "solutions").glob("*/*.ipynb"))
    # What a lab imports for students, such as tenacity, its own answers may leave unused.
    status, said = said_by("ruff", "check", "--no-cache", "--quiet", "--line-length", "100",
                           "--select", "E501,F", "--ignore", "F401", *map(str, labs))
    assert (status, len(labs) > 3) == (0, True), said


def test_values_have_the_types_that_the_code_says():
    status, said = said_by("pyrefly", "check", "--output-format", "min-text")
    assert status == 0, said
