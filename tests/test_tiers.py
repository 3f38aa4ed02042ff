"""Every test runs in a tier, and CONTRIBUTING says in which."""

import os
import re
import subprocess
import tomllib

from environments.place import COURSE

CONTRIBUTING = COURSE / "CONTRIBUTING.md"


def recipe(target: str) -> str:
    """The command that runs the tests of a target of make, as make would run it."""
    lines = subprocess.run(
        ["make", "--dry-run", target], cwd=COURSE, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return next(line for line in lines if " -m pytest " in line)


def chosen_by(target: str) -> str:
    """The marker expression of a target; none where it runs all."""
    return "".join(re.findall(r'-m "(.*)"', recipe(target)))


def table() -> dict[str, str]:
    """The last column of the table of tiers, by what is typed."""
    rows = re.findall(
        r"(?m)^\| `((?:pytest|make|labs) [^|]*)` \|.*\| ([^|]*) \|$", CONTRIBUTING.read_text(encoding="utf-8")
    )
    return {typed: marks.replace("`", "") for typed, marks in rows}


def markers() -> set[str]:
    settings = tomllib.loads((COURSE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    return {line.partition(":")[0] for line in settings["markers"]}


def test_the_table_says_what_make_runs():
    assert {target: chosen_by(target.split()[1]) or "all" for target in ("make test", "make test-all")} == {
        target: table()[target] for target in ("make test", "make test-all")}


def test_make_test_all_leaves_no_test_out():
    assert not re.search(r" -m \"| -k | --deselect | --ignore| tests/", recipe("test-all").partition(" -m pytest ")[2])


def test_every_test_is_of_one_tier(collected):
    """Fast ones run with `not slow`; slow ones with make test;
    exhaustive ones, which are slow too, with make test-all."""
    marks = {item.nodeid: {mark.name for mark in item.iter_markers()} for item in collected}
    assert [test for test, held in marks.items() if "exhaustive" in held and "slow" not in held] == []


def test_a_test_file_has_a_name_by_which_it_is_collected():
    unread = [
        path.name
        for path in (COURSE / "tests").rglob("*.py")
        if re.search(r"(?m)^def test_", path.read_text(encoding="utf-8")) and not path.name.startswith("test_")
    ]
    assert unread == []


def test_the_table_names_each_marker():
    page = CONTRIBUTING.read_text(encoding="utf-8")
    assert set(re.findall(r"(?m)^\| `(\w+)` \|", page)) == markers()


def test_what_the_tests_start_is_compiled_once():
    """Also where a container says that no bytecode is written."""
    said = subprocess.run(
        ["make", "--eval=shown:\n\t@env", "shown"], cwd=COURSE, capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "KEPT": "1"},
    ).stdout.splitlines()
    assert {"KEPT=1", "PYTHONDONTWRITEBYTECODE=1"} & set(said) == {"KEPT=1"}
