"""The grader of Lab 4 without a notebook; its known answers are tried by test_proofs.py."""

from itertools import cycle
from unittest.mock import MagicMock

import duckdb
import pytest

from autograders.checks import lab_04 as check
from autograders.checks.lab_04 import warehouse
from autograders.checks.lab_04.apis import Shop, serving
from autograders.checks.lab_04.warehouse import empty_warehouse
from autograders.expect import CheckFailed
from environments.errors import MachineTooBusy
from tests.graders import Grader, complaints_about


def kernel() -> dict:
    names = {"check": check}
    exec(IMPORTS, names)
    return names


GRADER = Grader("04", kernel)
IMPORTS = GRADER.code[0].source

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]


# Answers that are none

STRANGE = {"None": lambda *_: None, "a mock": MagicMock(), "a number": lambda *_: 7, "a text": lambda *_: "all of it",
           "an error": lambda *_: 1 / 0, "a list of none": lambda *_: [None], "no function": 3}


def complaints(name: str, kind: str) -> list[str]:
    """What is wrong with what a check says of this answer to all that is asked."""
    said = GRADER.said(name, dict.fromkeys(GRADER.reference.cells, STRANGE[kind]) | {"check": check})
    return [f"{kind}: {complaint}" for complaint in complaints_about(said)]


@pytest.mark.parametrize(("name", "kind"), [*zip(GRADER.graded, cycle(STRANGE))])
def test_what_is_no_answer_gets_a_verdict(name, kind):
    assert complaints(name, kind) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", GRADER.graded)
def test_nothing_that_is_no_answer_goes_without_a_verdict(name):
    assert [complaint for kind in STRANGE for complaint in complaints(name, kind)] == []


class EveryError(PermissionError, ConnectionError, TimeoutError, ValueError):
    """One that any check takes for the one it hoped for."""


@pytest.mark.parametrize("name", GRADER.graded)
def test_an_error_by_itself_earns_nothing(name):
    def raises(*arguments):
        raise EveryError(
            *(str(argument)[-4:] for argument in arguments), "limit must be between 1 and 100", "No such object"
        )

    assert GRADER.said(name, dict.fromkeys(GRADER.reference.cells, raises) | {"check": check})


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
        got = GRADER.functions_of(GRADER.reference)["list_all"](
            saas.stripe.base_url, saas.stripe.credentials["api_key"], "/v1/charges"
        )
    assert got == shop.charges[::-1]


def test_a_view_without_an_end_is_not_looked_at_for_ever(monkeypatch):
    monkeypatch.setattr(warehouse, "LONGEST_LOOK", 0.2)
    with empty_warehouse() as path:
        with duckdb.connect(path) as connection:
            connection.execute("drop table positions")
            endless = "select 'charges' as stream, range as position from range(1000000000000) where range % 7 = 9"
            connection.execute(f"create view positions as {endless}")
        with pytest.raises((OSError, MachineTooBusy)):
            warehouse.kept_position(path, "charges")


def test_a_warehouse_is_gone_when_its_check_has_ended():
    with empty_warehouse() as path:
        pass
    with pytest.raises(FileNotFoundError):
        open(path)
