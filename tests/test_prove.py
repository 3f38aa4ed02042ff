"""`labs prove`: it tells right from wrong, and would notice a grader that does not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograders.answers import KnownAnswer, answers, fill, reference
from autograders.grading.assignments import assignment
from autograders.prove import Proof, ProofNotebook, packed, table
from environments.course import lab
from tests.test_solutions import LAB_03


def wrong(name, loses, cells=None, alone=False):
    return KnownAnswer(name, "a mistake", frozenset(loses.split()), dict.fromkeys((cells or name).split(), ""), alone)


def proof(right=None, wrong_scores=None, attacked=None, untouched=None):
    """A proof of two checks, worth 2 and 1: one wrong answer is to lose the first, one attack both."""
    full, nothing = {"check_a": (2, 2), "check_b": (1, 1)}, {"check_a": (0, 2), "check_b": (0, 1)}
    return Proof("77", [ProofNotebook("the reference", [], right or full)],
                 [ProofNotebook("wrong_1", [wrong("a", "check_a")], wrong_scores or full | {"check_a": (0, 2)})],
                 [ProofNotebook("an attack", [wrong("an attack", "check_a check_b")], attacked or nothing)],
                 ProofNotebook("untouched", [], untouched or nothing))


def test_a_proof_holds_when_each_wrong_answer_loses_its_own_points_only():
    assert proof().holds


def test_a_right_answer_that_loses_points_is_a_false_fail():
    assert proof(right={"check_a": (1, 2), "check_b": (1, 1)}).false_fails == ["the reference: check_a gave 1 of 2"]


def test_a_false_fail_is_told_with_what_the_student_would_read():
    failed = proof(right={"check_a": (1, 2), "check_b": (1, 1)})
    failed.right[0].told = {"check_a": "a(1)\n  returned 3\n  expected 4"}
    assert failed.false_fails == ["the reference: check_a gave 1 of 2, for a(1) returned 3 expected 4"]


def test_a_wrong_answer_that_loses_another_check_is_a_false_fail():
    assert proof(wrong_scores={"check_a": (0, 2), "check_b": (0, 1)}).false_fails == ["wrong_1: check_b gave 0 of 1"]


def test_a_wrong_answer_that_gets_its_points_is_a_false_pass():
    assert proof(wrong_scores={"check_a": (2, 2), "check_b": (1, 1)}).false_passes == ["wrong_1: check_a gave 2"]


def test_an_attack_that_gains_a_point_is_a_false_pass():
    assert proof(attacked={"check_a": (0, 2), "check_b": (1, 1)}).false_passes == ["an attack: check_b gave 1"]


def test_an_untouched_lab_with_a_point_is_a_false_pass():
    assert proof(untouched={"check_a": (0, 2), "check_b": (1, 1)}).false_passes == ["untouched: check_b gave 1"]


def test_the_json_has_the_agreed_form():
    assert proof().as_dict() == {"lab": "77", "right": 1, "wrong": 1, "attacks": 1, "false_fails": 0, "false_passes": 0}


def test_the_table_names_what_is_false():
    assert any(
        "FALSE PASS  untouched: check_b gave 1" in line
        for line in table(proof(untouched={"check_a": (0, 2), "check_b": (1, 1)}))
    )


def test_wrong_answers_of_different_cells_share_a_notebook():
    assert [[a.name for a in s.answers] for s in packed([wrong("a", "check_a"), wrong("b", "check_b")])] == [["a", "b"]]


@pytest.mark.parametrize(
    "second",
    [wrong("c", "check_a"), wrong("c", "check_c", "a"), wrong("c", "check_c", alone=True)],
    ids=["same check", "same cell", "alone"],
)
def test_wrong_answers_that_would_hide_each_other_do_not(second):
    assert [[a.name for a in s.answers] for s in packed([wrong("a", "check_a"), second])] == [["a"], ["c"]]


@pytest.mark.parametrize("number", ["90", "91"])
def test_enough_known_answers_are_kept_to_prove_the_engine_with(number):
    graded = assignment(number)
    assert len(answers(graded, "right")) >= 5 and len(answers(graded, "wrong")) >= 10


def test_the_reference_fills_a_students_copy():
    import nbformat

    solution, copy = nbformat.read(LAB_03, as_version=4), nbformat.read(lab("03").notebook, as_version=4)
    fill(copy, solution, reference(solution))
    assert not any("raise NotImplementedError" in cell.source for cell in copy.cells if cell.cell_type == "code")


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("sandbox")
def test_the_command_prints_the_sums_of_the_proof(reachable_tmp, monkeypatch):
    monkeypatch.setenv("LABS_HOME", str(reachable_tmp / "prove"))
    run = subprocess.run([str(Path(sys.executable).with_name("labs")), "prove", "00", "--json"],
                         capture_output=True, text=True, timeout=500)
    assert json.loads(run.stdout) == {
        "labs": [{"lab": "00", "right": 6, "wrong": 10, "attacks": 0, "false_fails": 0, "false_passes": 0}]
    }
