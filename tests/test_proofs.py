"""Each lab's checks through the engine, with the answers that are kept of it.
labs.toml says which labs there are: none is named here."""

import re

import nbformat
import pytest

from autograders.answers import KnownAnswer, answers
from autograders.grading.assignments import assignment, assignments
from autograders.grading.model import Assignment
from autograders.prove import Proof, ProofNotebook, packed, prove
from tests.graders import complaints_about
from tests.mutation import Bench, Question

NUMBERS = [lab.number for lab in assignments()]


@pytest.fixture
def proven(folder, monkeypatch, sandbox, shared_templates):
    """A proof with these answers; attacks have a file of their own, test_attacks.py."""
    monkeypatch.setenv("LABS_HOME", str(folder))
    monkeypatch.setattr("autograders.prove.attacks", lambda lab: [])

    def proven(number: str, right: list[KnownAnswer], wrong: list[KnownAnswer]) -> Proof:
        known = {"right": right, "wrong": wrong}
        monkeypatch.setattr("autograders.prove.answers", lambda lab, kind: known[kind])
        return prove(assignment(number), None, print)

    return proven


def some_of(number: str) -> tuple[list[KnownAnswer], list[KnownAnswer]]:
    """The right answer with most cells, as the reference is one to each check already; and as many wrong ones to
    other checks as one notebook holds, as each notebook costs what the whole lab does."""
    lab = assignment(number)
    lost: set[str] = set()
    wrong = [answer for answer in sorted(answers(lab, "wrong"), key=lambda answer: answer.alone)
             if not lost >= answer.loses and not lost.update(answer.loses)]
    return [max(answers(lab, "right"), key=lambda answer: len(answer.cells))], packed(wrong)[0].answers


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", NUMBERS)
def test_an_untouched_lab_the_reference_and_answers_to_each_check_get_their_points(number, proven):
    found = proven(number, *some_of(number))
    assert (found.false_fails, found.false_passes) == ([], [])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("number", [lab.number for lab in assignments() if not lab.home])
def test_every_known_answer_is_judged_rightly_by_the_checks_that_need_no_server(number):
    bench = Bench(number)
    known = [*answers(bench.lab, "right"), *answers(bench.lab, "wrong")]
    names = {check: set(re.findall(r"\w+", text)) for check, text in cells_of(bench.lab, "grade").items()}
    asked = [(answer, Question(check, answer.cells)) for answer in known for check in sorted(bench.quick)
             if check in answer.loses or names[check] & answer.cells.keys()]
    said = bench.replies([question for _, question in asked])
    assert [(answer.name, question.check, reply) for (answer, question), reply in zip(asked, said, strict=True)
            if bool(reply) != (question.check in answer.loses)] == []


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", NUMBERS)
def test_every_known_answer_gets_its_points_and_a_message_that_helps(number, proven):
    lab = assignment(number)
    found = proven(number, answers(lab, "right"), answers(lab, "wrong"))
    assert (found.false_fails, found.false_passes, badly_told(found.wrong)) == ([], [], [])


def badly_told(wrong: list[ProofNotebook]) -> list[str]:
    return [f"{known.name} {check}: {complaint}" for known in wrong for check in sorted(known.loses)
            for complaint in complaints_about(known.told[check])]


# What is kept

@pytest.mark.parametrize("number", NUMBERS)
def test_a_second_right_answer_is_kept_and_a_wrong_one_to_each_check(number):
    lab = assignment(number)
    lost = set().union(*(answer.loses for answer in answers(lab, "wrong")))
    assert (cells_of(lab, "grade").keys() - lost, len(answers(lab, "right")) > 0) == (set(), True)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_wrong_answer_answers_what_its_checks_ask(number):
    lab = assignment(number)
    graded = cells_of(lab, "grade")
    assert [(answer.name, check) for answer in answers(lab, "wrong") for check in answer.loses or {"no check"}
            if not answer.cells.keys() & set(re.findall(r"\w+", graded.get(check, "")))] == []


def cells_of(lab: Assignment, kind: str) -> dict[str, str]:
    """The code cells of a lab of one kind."""
    cells = nbformat.read(lab.source, as_version=4).cells
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get(kind)}
