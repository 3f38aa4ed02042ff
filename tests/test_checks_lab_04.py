"""The grader of Lab 4, tried with right answers written differently and with students' mistakes, without a notebook.

Each file under tests/answers/lab_04 is run against the checks of the functions it defines.
"""

import re
from unittest.mock import MagicMock

import nbformat
import pytest

from autograders.answers import Answer, answers, reference
from autograders.checks import lab_04 as check
from autograders.exam_apis import Shop, serving
from autograders.exam_places import empty_warehouse
from autograders.expect import CheckFailed
from environments.course import lab

LAB = lab("04")
NOTEBOOK = nbformat.read(LAB.solution, as_version=4)
GRADED = {cell.metadata.nbgrader.grade_id: cell.source for cell in NOTEBOOK.cells
          if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")}
IMPORTS = next(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "code")
REFERENCE = Answer("the_reference", "", frozenset(), {k: source for k, source in reference(NOTEBOOK).items() if "def " in source})
RIGHT = answers(LAB, "right")
WRONG = answers(LAB, "wrong")
CONNECTORS = "the_connector"  # the checks whose name begins so start a process that imports airbyte-cdk for seconds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.filterwarnings("ignore::UserWarning")]


def functions_of(answer: Answer) -> dict:
    """The functions an answer defines, as a student's kernel would have them."""
    names = {"check": check}
    exec(IMPORTS, names)
    for name, source in answer.cells.items():
        exec(compile(source, f"<{answer.name}: {name}>", "exec"), names)
    return names


def checks_of(answer: Answer) -> list[str]:
    """The checks that ask a function which this answer defines."""
    return [name for name, source in GRADED.items() if set(re.findall(r"\w+", source.partition("(")[2])) & answer.cells.keys()]


def message(answer: Answer, name: str) -> str:
    """What a check says of an answer; empty where it passes."""
    try:
        exec(GRADED[name], functions_of(answer))
        return ""
    except CheckFailed as failed:
        return str(failed)


def each(kind: list[Answer]):
    return pytest.mark.parametrize(("answer", "name"), [
        pytest.param(a, name, id=f"{a.name}-{name.removeprefix('check_')}") for a in kind for name in checks_of(a)])


@each([REFERENCE, *RIGHT])
def test_a_right_answer_passes(answer, name, capsys):
    assert message(answer, name) == ""
    assert capsys.readouterr().err == "", "nbgrader gives no point to a cell with stderr"


@each(WRONG)
def test_a_wrong_answer_loses_its_own_points_and_no_others(answer, name, capsys):
    said = message(answer, name)
    assert bool(said) == (name in answer.loses), said or "passes"
    assert capsys.readouterr().err == ""
    if said:
        assert_well_formed(said)


def assert_well_formed(said: str) -> None:
    """The call, what came back, what was due, where to look; short lines; nothing of ours."""
    lines = said.splitlines()
    parts = [line for line in lines if not line.startswith("    ")]
    assert re.match(r"(\w+|<lambda>|your answer)\(.*\)?", parts[0])
    assert any(line.startswith("  expected ") for line in parts)
    assert parts[-1].startswith("  look at: ")
    assert max(map(len, lines)) <= 79, said
    assert "Traceback" not in said and "autograders" not in said and "/checks/" not in said
    assert "incorrect" not in said.lower()


@pytest.mark.parametrize("answer", WRONG, ids=lambda a: a.name)
def test_a_wrong_answer_names_checks_that_ask_it(answer):
    assert answer.loses and answer.loses <= set(checks_of(answer))


def test_every_check_is_passed_by_a_second_right_answer_and_lost_by_a_wrong_one():
    tried = {name for answer in RIGHT for name in checks_of(answer)}
    lost = {name for answer in WRONG for name in answer.loses}
    assert (set(GRADED) - tried, set(GRADED) - lost) == (set(), set())


# Answers that are none

STRANGE = {"None": lambda *_: None, "a mock": MagicMock(), "a number": lambda *_: 7, "a text": lambda *_: "all of it",
           "an error": lambda *_: 1 / 0, "a list of none": lambda *_: [None], "no function": 3}


@pytest.mark.parametrize("name", GRADED)
@pytest.mark.parametrize("kind", [pytest.param(kind, id=name) for name, kind in STRANGE.items()])
def test_what_is_no_answer_gets_a_verdict(name, kind):
    answered = dict.fromkeys(REFERENCE.cells, kind) | {"check": check}
    with pytest.raises(CheckFailed) as failed:
        exec(GRADED[name], answered)
    assert_well_formed(str(failed.value))


@pytest.mark.parametrize("name", GRADED)
def test_an_untouched_answer_is_told_so(name):
    def untouched(*_):
        raise NotImplementedError()

    with pytest.raises(CheckFailed, match="is not written yet"):
        exec(GRADED[name], dict.fromkeys(REFERENCE.cells, untouched) | {"check": check})


# What checks stand on

def test_a_shop_is_listed_newest_first():
    shop = Shop(charges=30)
    with serving(shop) as saas:
        got = functions_of(REFERENCE)["list_all"](saas.stripe.base_url, saas.stripe.credentials["api_key"], "/v1/charges")
    assert got == shop.charges[::-1]


def test_a_warehouse_is_gone_when_its_check_has_ended():
    with empty_warehouse() as path:
        pass
    with pytest.raises(FileNotFoundError):
        open(path)
