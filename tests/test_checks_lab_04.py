"""The grader of Lab 4, tried with right answers written differently and with students' mistakes, without a notebook.

Each file under autograders/checks/lab_04/answers is run against the checks of the functions it defines.
"""

from unittest.mock import MagicMock

import pytest

from autograders.checks import lab_04 as check
from autograders.checks.lab_04.apis import Shop, serving
from autograders.checks.lab_04.warehouse import empty_warehouse
from autograders.expect import CheckFailed
from tests.graders import Grader, assert_well_formed


def kernel() -> dict:
    names = {"check": check}
    exec(IMPORTS, names)
    return names


GRADER = Grader("04", kernel)
IMPORTS = GRADER.code[0].source

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.filterwarnings("ignore::UserWarning")]


@GRADER.each([GRADER.reference, *GRADER.right])
def test_a_right_answer_passes(answer, name, capsys):
    GRADER.assert_passes(answer, name, capsys)


@GRADER.each(GRADER.wrong)
def test_a_wrong_answer_loses_its_own_points_and_no_others(answer, name, capsys):
    GRADER.assert_loses_its_own(answer, name, capsys)


@pytest.mark.parametrize("answer", GRADER.wrong, ids=lambda a: a.name)
def test_a_wrong_answer_names_checks_that_ask_it(answer):
    assert answer.loses and answer.loses <= set(GRADER.checks_of(answer))


def test_every_check_is_passed_by_a_second_right_answer_and_lost_by_a_wrong_one():
    GRADER.assert_all_are_tried()


# Answers that are none

STRANGE = {"None": lambda *_: None, "a mock": MagicMock(), "a number": lambda *_: 7, "a text": lambda *_: "all of it",
           "an error": lambda *_: 1 / 0, "a list of none": lambda *_: [None], "no function": 3}


@pytest.mark.parametrize("name", GRADER.graded)
@pytest.mark.parametrize("kind", [pytest.param(kind, id=name) for name, kind in STRANGE.items()])
def test_what_is_no_answer_gets_a_verdict(name, kind):
    answered = dict.fromkeys(GRADER.reference.cells, kind) | {"check": check}
    with pytest.raises(CheckFailed) as failed:
        exec(GRADER.graded[name], answered)
    assert_well_formed(str(failed.value))


@pytest.mark.parametrize("name", GRADER.graded)
def test_an_untouched_answer_is_told_so(name):
    def untouched(*_):
        raise NotImplementedError()

    with pytest.raises(CheckFailed, match="is not written yet"):
        exec(GRADER.graded[name], dict.fromkeys(GRADER.reference.cells, untouched) | {"check": check})


# What checks stand on

def test_a_shop_is_listed_newest_first():
    shop = Shop(charges=30)
    with serving(shop) as saas:
        got = GRADER.functions_of(GRADER.reference)["list_all"](saas.stripe.base_url, saas.stripe.credentials["api_key"], "/v1/charges")
    assert got == shop.charges[::-1]


def test_a_warehouse_is_gone_when_its_check_has_ended():
    with empty_warehouse() as path:
        pass
    with pytest.raises(FileNotFoundError):
        open(path)
