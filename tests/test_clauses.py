"""`labs prove --clauses`: which case covers which clause of a docstring, and what has none.

That each lab's clauses have their cases is seen in test_solutions.py, where the notebooks run."""

import json
import subprocess
import sys

import nbformat
import pytest

from autograders.cases import KEPT_IN, Case, kept_in
from autograders.clauses import Contract, coverage, covered, docstrings
from autograders.draws import repeatable
from autograders.expect import UNCHANGED, CheckedFunction
from autograders.grading.model import Assignment
from autograders.homes import CLAUSES
from environments.errors import LabsError

LATE = '''def late(minutes, limit):
    """How many are above `limit`; one that is
    exactly at it is not counted. `minutes` is not changed."""
    ### BEGIN SOLUTION
    return sum(each > limit for each in minutes)
    ### END SOLUTION
'''
AT_IT = Case("late", "late", "with limit = 7", "the number above it")
ABOVE = Case("late", "late", "with limit = 99", "the number above it")
KEPT = Case("late", "late", "with limit = 7", UNCHANGED)
WHOLE = {
    "How many are above `limit`": ["limit = 99"],
    "one that is exactly at it is not counted.": ["limit = 7"],
    "`minutes` is not changed.": [f"-> {UNCHANGED}"],
}


def cell(source: str, **marks):
    marks = {"grade": False, "solution": False, "locked": False, "schema_version": 3} | marks
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": marks})


@pytest.fixture
def lab(tmp_path):
    """A lab of one function and its check."""
    notebook = nbformat.v4.new_notebook(cells=[
        cell(LATE, grade_id="late", solution=True),
        cell("def unasked():\n    '''Not graded.'''\n    ### BEGIN SOLUTION\n    ### END SOLUTION",
             grade_id="unasked", solution=True),
        cell("check.late(late)", grade_id="check_late", grade=True, locked=True, points=1),
    ])
    nbformat.write(notebook, tmp_path / "lab.ipynb")
    return Assignment("77_late", tmp_path / "lab.ipynb", tmp_path)


def of(lab: Assignment, cases: list[Case], **listed) -> list[Contract]:
    """The contracts of the lab where its list says so."""
    sections = {"late": WHOLE} | listed
    text = "".join(f"[{function}]\n" + "".join(f"{json.dumps(clause)} = {json.dumps(says)}\n" for clause, says
                                               in clauses.items()) for function, clauses in sections.items())
    (lab.home / CLAUSES).write_text(text)
    return covered(lab, cases).contracts


def without(contracts: list[Contract]) -> list[str]:
    return [clause.text for contract in contracts for clause in contract.clauses if not clause.holds]


def test_a_docstring_whose_clauses_all_have_cases_holds(lab):
    assert all(contract.holds for contract in of(lab, [AT_IT, ABOVE, KEPT]))


def test_words_that_stand_in_no_clause_have_no_case(lab):
    assert without(of(lab, [AT_IT, ABOVE, KEPT], late={"How many are above `limit`": ["99"]})) == [
        "one that is exactly at it is not counted.", "`minutes` is not changed."]


def test_a_clause_stands_for_its_words_at_one_place_alone(lab):
    few = {"is": ["99"], "exactly at it": ["7"]}
    assert without(of(lab, [AT_IT, ABOVE, KEPT], late=few)) == [
        "How many are above `limit`;", "one that", "is not counted.", "`minutes` is not changed."]


def test_a_lab_without_a_list_has_no_case_for_any_sentence(lab):
    assert without(covered(lab, [AT_IT, ABOVE, KEPT]).contracts) == [
        "How many are above `limit`;", "one that is exactly at it is not counted.", "`minutes` is not changed."]


def test_a_case_that_no_check_asks_is_missed(lab):
    assert without(of(lab, [ABOVE, KEPT])) == ["one that is exactly at it is not counted."]


def test_what_has_no_case_is_shown_first(lab):
    contract, = of(lab, [ABOVE, KEPT])
    assert [line.strip() for line in contract.lines()][1:3] == [
        'NO CASE  "one that is exactly at it is not counted."', "NO CASE  limit = 7"]


def test_a_clause_with_a_reason_needs_no_case(lab):
    assert without(of(lab, [ABOVE, KEPT], late=WHOLE | {"one that is exactly at it is not counted.": "Said."})) == []


def test_an_argument_that_stays_unchanged_covers_only_the_clause_that_says_so(lab):
    assert without(of(lab, [ABOVE, KEPT])) == ["one that is exactly at it is not counted."]


@pytest.mark.parametrize(
    "listed",
    [
        {"late": WHOLE | {"How many are below `limit`": ["99"]}},
        {"late": {"one that is exactly at it is not counted. `minutes` is not changed.": ["99"]}},
        {"early": {"Nothing.": ["99"]}},
        {"unasked": {"Not graded.": ["99"]}},
    ],
    ids=["not in the docstring", "two sentences", "no such function", "not graded"],
)
def test_a_clause_that_no_graded_docstring_has_is_stale(lab, listed):
    assert [contract.stale for contract in of(lab, [AT_IT, ABOVE, KEPT], **listed) if contract.stale] == [
        [clause for clauses in listed.values() for clause in clauses if clause not in WHOLE]]


@pytest.mark.parametrize("content", ["late = 3", "[late]\n'How' = 3", "[late]\n'How' = ['(']", "no toml"])
def test_a_list_that_cannot_be_read_says_what_it_needs(lab, content):
    (lab.home / CLAUSES).write_text(content)
    with pytest.raises(LabsError, match="each clause has a list of regular expressions, or a reason"):
        covered(lab, [])


def test_only_functions_that_are_handed_to_checks_are_graded(lab):
    assert list(docstrings(nbformat.read(lab.source, as_version=4))) == ["late"]


# What checks ask

def asks(function) -> None:
    asked = CheckedFunction(function, look="")
    got = asked([1, 8], 7, when="with limit = 7")
    asked.expect(got == 1, "the number above it")


def test_a_check_keeps_what_it_asks_while_somebody_wants_to_know(tmp_path, monkeypatch):
    monkeypatch.setenv(KEPT_IN, str(tmp_path / "cases"))
    repeatable(asks)(late := lambda minutes, limit: 1)
    late.__name__ = "late"
    assert [(case.check, str(case)) for case in kept_in(tmp_path / "cases")] == [
        ("asks", f"with limit = 7 -> {UNCHANGED}"), ("asks", "with limit = 7 -> the number above it")]


def test_a_check_keeps_nothing_otherwise(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(KEPT_IN, raising=False)
    asks(lambda minutes, limit: 1)
    assert list(tmp_path.iterdir()) == []


# As it is typed

def typed(*arguments: str) -> subprocess.CompletedProcess:
    code = "from autograders.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, "prove", *arguments], capture_output=True, text=True)


@pytest.mark.slow
def test_the_clauses_of_the_start_page_are_shown_with_their_cases():
    done = typed("00", "--clauses")
    assert (done.returncode, "with cents = 0 -> a dollar sign" in done.stdout, done.stdout.splitlines()[-1]) == (
        0, True, "  2 clauses: 2 with cases, 0 that need none, 0 without")


def test_clauses_and_mutants_at_once_are_refused():
    assert "run one after the other" in typed("00", "--clauses", "--mutants").stderr


@pytest.mark.slow
def test_a_lab_whose_own_answers_fail_is_named_with_the_check(lab):
    with pytest.raises(LabsError, match="lab 77: its own answers do not pass every check. check_late: NameError"):
        coverage(lab)
