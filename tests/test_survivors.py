"""Each lab's machine-made mutants: its checks notice every one that is not listed as equivalent. labs.toml says which
labs there are: none is named here."""

import pytest

from autograders.grading.assignments import assignment, assignments
from autograders.survivors import as_answers, listed, survivors
from tests.mutation import Bench

NUMBERS = [lab.number for lab in assignments() if not lab.home]

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("shared_templates")]


@pytest.fixture(scope="module")
def benches():
    return {number: Bench(number) for number in NUMBERS}


@pytest.mark.parametrize("number", NUMBERS)
def test_a_mutant_that_needs_no_server_is_noticed_or_listed(number, benches):
    assert unlisted_and_stale(benches[number], seed="1") == (set(), set())


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", ("2", "3", "4", "5"))
@pytest.mark.parametrize("number", NUMBERS)
def test_a_mutant_is_noticed_whoever_the_student_is(number, seed, benches):
    assert unlisted_and_stale(benches[number], seed) == (set(), set())


@pytest.mark.parametrize("number", NUMBERS)
def test_a_listed_mutant_is_one_that_is_made(number):
    """Also one that only a server could judge: an answer that has a line more has others."""
    made = {mutant.name for mutant in as_answers(assignment(number))}
    assert listed(assignment(number)).keys() - made == set()


def unlisted_and_stale(bench: Bench, seed: str) -> tuple[set[str], set[str]]:
    """Of the mutants that quick checks see: those that pass unlisted; those that are listed and do not pass."""
    mutants = bench.mutants(bench.quick)
    passed = bench.survivors(mutants, seed)
    reasons = listed(bench.lab).keys() & {mutant.name for mutant in mutants}
    return passed - reasons, reasons - passed


@pytest.mark.exhaustive
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("number", NUMBERS)
def test_the_engine_lets_no_mutant_pass_that_is_not_listed(number, sandbox, folder, monkeypatch):
    monkeypatch.setenv("LABS_HOME", str(folder))
    found = survivors(assignment(number), None, print)
    assert (found.survived, found.stale) == ([], [])
