"""Answers that know nothing earn nothing, in any lab: those that always return the same, and those that return, or
equal, every answer there is. labs.toml says which labs there are: none is named here."""

import ast

import pytest

from autograders.answers import KnownAnswer
from autograders.configuration import course_config
from autograders.grading.assignments import assignment, assignments
from autograders.grading.pool import GradingOptions
from autograders.grading.releases import release_of
from autograders.prove import ProofNotebook, limits_of_attacks, score
from environments.course import labs
from tests.mutation import Bench, Question

NUMBERS = [lab.number for lab in assignments() if not lab.home]

# What each graded answer returns, as an expression; `given` has the call's arguments.
CONSTANTS = [
    "None", "0", "1", "0.5", "True", "False", "''", "'A'", "b''", "[]", "[None]", "['A']", "{}", "{'A': 0}", "set()",
    "(0, 1)", "([], [], set())", "__import__('decimal').Decimal(0)", "__import__('datetime').date(2026, 1, 1)",
    "__import__('pandas').DataFrame()",
]
ARGUMENTS = ["given[0] if given else None", "list(given)"]
PLAUSIBLE = "[None, True, False, 0, 1, 2, 0.0, '', 'A', 'B', 'C', 'x', 'id', [], {}, (), *given]"
LISTS = [
    PLAUSIBLE, f"tuple({PLAUSIBLE})", f"' '.join(map(str, {PLAUSIBLE}))", f"dict(enumerate({PLAUSIBLE}))",
    f"(each for each in {PLAUSIBLE})", "iter(int, 1)",
]
EQUALS = [
    "Every()", "EveryText('A')", "EveryNumber(1)", "EveryFloat(1)", "EveryList([Every()])", "EveryDict(A=Every())",
    "EveryTuple((Every(), Every(), Every()))", "[Every()] * 3", "dict.fromkeys('ABC', Every())",
]
# One that equals all there is, is in no order before or after it, and has every key and every attribute.
CLASSES = """
class All:
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = __contains__ = __bool__ = lambda self, *other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0
    __missing__ = lambda self, key: self

class Every(All):
    __getattr__ = __getitem__ = __call__ = __add__ = __radd__ = __sub__ = __rsub__ = lambda self, *given, **named: self
    __len__ = __int__ = __index__ = lambda self: 1
    __float__ = lambda self: 1.0
    __abs__ = __round__ = lambda self, *given: self
    __iter__ = lambda self: iter([self])

class EveryText(All, str): pass
class EveryNumber(All, int): pass
class EveryFloat(All, float): pass
class EveryList(All, list): pass
class EveryTuple(All, tuple): pass
class EveryDict(All, dict): pass
"""

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("shared_templates")]


def returning(expression: str, reference: dict[str, str]) -> dict[str, str]:
    """An answer for each cell in which whatever the reference defines returns, or is, this."""
    texts = {cell: "\n".join(_idle(node, expression) for node in ast.parse(text).body)
             for cell, text in reference.items()}
    first = next(iter(texts))
    return texts | {first: f"{CLASSES}\n{texts[first]}"}


def _idle(node: ast.stmt, expression: str) -> str:
    if isinstance(node, ast.Assign):
        return f"{ast.unparse(node.targets[0])} = (lambda *given: {expression})()"
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
        return f"{kind} {node.name}(*given, **named): return {expression}"
    return ast.unparse(node)


@pytest.fixture(scope="module")
def benches():
    return {number: Bench(number) for number in NUMBERS}


@pytest.mark.parametrize("number", NUMBERS)
def test_an_answer_that_knows_nothing_passes_no_check_that_needs_no_server(number, benches):
    bench = benches[number]
    asked = [(kind, check) for kind in (*CONSTANTS, *ARGUMENTS, *LISTS) for check in sorted(bench.quick)]
    said = bench.replies([Question(check, returning(kind, bench.reference)) for kind, check in asked])
    assert [question for question, reply in zip(asked, said, strict=True) if not reply] == []


# An object that equals everything would deceive its own process; graded, it lives in another than the check.

@pytest.mark.parametrize("number", [lab.number for lab in labs() if lab.number in NUMBERS and not lab.services])
def test_an_object_that_equals_every_answer_scores_nothing(number, benches, scored):
    assert scored(number, benches[number].reference, EQUALS) == []


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", [lab.number for lab in labs() if lab.number in NUMBERS and lab.services])
def test_an_answer_that_knows_nothing_scores_nothing_where_servers_are_asked(number, benches, scored):
    assert scored(number, benches[number].reference, [*CONSTANTS, *ARGUMENTS, *LISTS, *EQUALS]) == []


@pytest.fixture
def scored(sandbox, folder, monkeypatch):
    """The answers of each kind, and the checks, that the engine gives points for."""
    monkeypatch.setenv("LABS_HOME", str(folder))

    def scored(number: str, reference: dict[str, str], kinds: list[str]) -> list[tuple[str, str]]:
        lab = assignment(number)
        handed = {kind: ProofNotebook(f"idle_{n}", [KnownAnswer(kind, "", frozenset(), returning(kind, reference))])
                  for n, kind in enumerate(kinds)}
        how = GradingOptions(limits=limits_of_attacks(lab))
        score(lab, release_of(lab, course_config()), list(handed.values()), how, print)
        return [(kind, check) for kind, known in handed.items() for check, (got, _) in known.scores.items() if got]

    return scored
