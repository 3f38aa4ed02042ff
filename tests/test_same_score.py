"""The same notebook scores the same, in any lab. labs.toml says which labs there are: none is named here."""

import json

import pytest

from autograders.answers import KnownAnswer, answers
from autograders.configuration import course_config
from autograders.grading.assignments import assignment, assignments
from autograders.grading.pool import GradingOptions
from autograders.grading.releases import release_of
from autograders.prove import ProofNotebook, handed_in, packed, score
from autograders.score import as_students_see_it, scored
from environments.course import labs
from tests.mutation import Bench, Question

NUMBERS = [lab.number for lab in assignments() if not lab.home]
SHORTEST = min((lab for lab in labs() if lab.number in NUMBERS), key=lambda lab: lab.minutes).number
SELDOM = [pytest.mark.exhaustive, pytest.mark.timeout(3600)]
TIMES = 20

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("shared_templates")]


@pytest.fixture(autouse=True)
def home(folder, monkeypatch):
    monkeypatch.setenv("LABS_HOME", str(folder))


def known(number: str) -> list[KnownAnswer]:
    lab = assignment(number)
    return [*answers(lab, "right"), *answers(lab, "wrong")]


@pytest.mark.parametrize("number", [n if n == SHORTEST else pytest.param(n, marks=SELDOM) for n in NUMBERS])
def test_a_notebook_checked_five_times_has_five_equal_scores(number, folder):
    lab = assignment(number)
    release = as_students_see_it(lab)
    mistakes = packed(answers(lab, "wrong"))[0]
    content = next(iter(handed_in(lab, release, [mistakes]))).notebook
    found = [json.dumps([vars(mark) for mark in scored(content, release, folder).marks]) for _ in range(5)]
    assert found == found[:1] * 5


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_known_answer_asked_twenty_times_gets_one_verdict_from_a_check_that_needs_no_server(number):
    bench = Bench(number)
    asked = [Question(check, answer.cells) for answer in known(number) for check in sorted(bench.quick)
             if check in answer.loses or not answer.loses]
    rounds = [[bool(reply) for reply in bench.replies(asked)] for _ in range(TIMES)]
    assert [question for question, *verdicts in zip(asked, *rounds, strict=True) if len(set(verdicts)) > 1] == []


@pytest.mark.exhaustive
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_notebook_graded_twenty_times_has_one_verdict(number, sandbox):
    """With a mistake in most answers, and with none; the rest of each known answer is tried above."""
    lab = assignment(number)
    release = release_of(lab, course_config())
    found = []
    for _ in range(TIMES):
        handed = [ProofNotebook("the reference"), ProofNotebook("mistakes", packed(answers(lab, "wrong"))[0].answers)]
        score(lab, release, handed, GradingOptions(), print)
        found.append([notebook.scores for notebook in handed])
    assert found == found[:1] * TIMES
