"""Which case of which check covers each clause of a graded docstring.

The cases are those that the checks ask of the reference answers: the lab's notebook is run once, and `cases` keeps
them. A lab lists its clauses in its home, in `clauses.toml`: by function each part of the docstring as it stands there,
a sentence at most, with a regular expression for each case that it needs, or with the reason why it needs none.

    [dollars]
    "An amount of US cents (a whole number, 0 or more)" = ["cents = 0 ", "cents = 123456789 "]

A case is searched for as it is printed, `when -> due`. Words of the docstring that stand in no clause have no case.
"""

import ast
import os
import re
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import setenv

from autograders.answers import home_of, reference
from autograders.cases import KEPT_IN, Case, kept_in
from autograders.expect import UNCHANGED
from autograders.grading.cells import is_test
from autograders.grading.model import Assignment
from autograders.homes import CLAUSES
from autograders.survivors import names_in
from environments.errors import LabsError

SENTENCE_ENDS = re.compile(r"(?<=[.;]) ")
SHOWN = 60  # characters of what a case is asked, and of what is expected
Listed = dict[str, dict[str, list[str] | str]]  # by function and clause: the cases, or why there is none


@dataclass(frozen=True)
class Clause:
    """A part of a docstring, with the cases that cover it by the expression that finds them, or the reason why there
    are none."""

    text: str
    found: dict[str, list[Case]]
    because: str = ""

    @property
    def holds(self) -> bool:
        return bool(self.because) or bool(self.found) and all(self.found.values())

    def lines(self) -> Iterator[str]:
        yield f'    {"" if self.holds else "NO CASE  "}"{self.text}"'
        if self.because:
            yield f"        none: {self.because}"
        for searched, cases in self.found.items():
            yield f"        {_counted(cases)}" if cases else f"        NO CASE  {searched}"


@dataclass(frozen=True)
class Contract:
    """A graded function: the clauses of its docstring, what `clauses.toml` says of words that do not stand there, and
    all cases of it."""

    function: str
    clauses: list[Clause]
    stale: list[str]
    cases: list[Case]

    @property
    def holds(self) -> bool:
        return not self.stale and all(clause.holds for clause in self.clauses)

    def as_dict(self) -> dict:
        covered = {clause.text: {searched: len(cases) for searched, cases in clause.found.items()} or clause.because
                   for clause in self.clauses}
        return {"function": self.function, "cases": len(self.cases), "clauses": covered, "stale": self.stale,
                "without": [clause.text for clause in self.clauses if not clause.holds]}

    def lines(self) -> Iterator[str]:
        checks = ", ".join(dict.fromkeys(case.check for case in self.cases))
        yield f"  {self.function}: {len(self.cases)} cases of {checks or 'no check'}"
        for clause in sorted(self.clauses, key=lambda clause: clause.holds):
            yield from clause.lines()
        yield from (f'    STALE    "{text}": in {CLAUSES}, but not in the docstring' for text in self.stale)
        yield "    expected:"
        yield from (f"        {times:4}  {due}" for due, times in Counter(case.due for case in self.cases).items())


@dataclass(frozen=True)
class Coverage:
    """What the checks of a lab ask, clause by clause."""

    lab: str
    contracts: list[Contract]

    @property
    def holds(self) -> bool:
        return all(contract.holds for contract in self.contracts)

    def as_dict(self) -> dict:
        return {"lab": self.lab, "functions": [contract.as_dict() for contract in self.contracts]}

    def lines(self) -> list[str]:
        clauses = [clause for contract in self.contracts for clause in contract.clauses]
        return [
            f"lab {self.lab}",
            *(line for contract in self.contracts for line in contract.lines()),
            f"  {len(clauses)} clauses: {sum(clause.holds and not clause.because for clause in clauses)} with cases, "
            f"{sum(bool(clause.because) for clause in clauses)} that need none, "
            f"{sum(not clause.holds for clause in clauses)} without",
        ]


def coverage(assignment: Assignment) -> Coverage:
    """Run a lab's solution, and find the cases of each clause. Raises LabsError where it does not pass its checks."""
    return covered(assignment, asked_of_the_reference(assignment))


def covered(assignment: Assignment, cases: list[Case]) -> Coverage:
    """The clauses of a lab, each with its cases among these. Raises LabsError where the list cannot be read."""
    listed = listed_of(assignment)
    promised = docstrings(nbformat.read(assignment.source, as_version=4))
    known = [_contract(function, text, listed.get(function, {}), [case for case in cases if case.function == function])
             for function, text in promised.items()]
    gone = listed.keys() - promised.keys()
    return Coverage(assignment.number, [*known, *(Contract(name, [], list(listed[name]), []) for name in sorted(gone))])


def docstrings(solution: NotebookNode) -> dict[str, str]:
    """The docstring, in one line, of each function that is handed to a check."""
    handed = set().union(*(names_in(cell.source) for cell in solution.cells if is_test(cell)))
    answers = [text for text in reference(solution).values() if "def " in text]
    functions = [node for text in answers for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    return {node.name: " ".join((ast.get_docstring(node) or "").split()) for node in functions if node.name in handed}


def _contract(function: str, promised: str, listed: dict[str, list[str] | str], cases: list[Case]) -> Contract:
    there = {text: says for text, says in listed.items() if text in promised and not SENTENCE_ENDS.search(text)}
    clauses = [_clause(text, says, cases) for text, says in there.items()]
    rest = [Clause(text, {}) for text in _left_over(promised, list(there))]
    return Contract(function, [*rest, *clauses], sorted(listed.keys() - there.keys()), cases)


def _clause(text: str, says: list[str] | str, cases: list[Case]) -> Clause:
    if isinstance(says, str):
        return Clause(text, {}, says)
    return Clause(text, {searched: [case for case in cases if _covers(case, searched)] for searched in says})


def _covers(case: Case, searched: str) -> bool:
    """Whether it is the case that is searched for. That an argument stays unchanged is expected of nearly every call,
    and covers only what says so."""
    return bool(re.search(searched, str(case))) and (case.due != UNCHANGED or UNCHANGED in searched)


def _left_over(promised: str, clauses: list[str]) -> list[str]:
    """What a docstring says beside these clauses, sentence by sentence."""
    rest = promised
    for text in sorted(clauses, key=len, reverse=True):
        rest = rest.replace(text, "\n", 1)
    parts = [part.strip(" ,") for line in rest.split("\n") for part in SENTENCE_ENDS.split(line)]
    return [part for part in parts if re.search(r"\w", part)]


def _counted(cases: list[Case]) -> str:
    return f"{len(cases):4}  {_cut(cases[0].when)} -> {_cut(cases[0].due)}"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN - 3] + "..."


def asked_of_the_reference(assignment: Assignment) -> list[Case]:
    """What the checks of a lab ask of its own answers: its notebook is run in a workspace of its own."""
    from autograders.score import executed, marks
    from environments import services
    from environments.workspace import Workspace

    with tempfile.TemporaryDirectory(prefix="labs-clauses-") as folder:
        file, home = Path(folder, "cases"), Path(folder, "home")
        with setenv(**{KEPT_IN: str(file), "LABS_HOME": str(home), "LABS_SEED": os.environ.get("LABS_SEED", "2026")}):
            try:
                notebook, left_out = executed(nbformat.read(assignment.source, as_version=4), assignment.source.parent)
            finally:
                services.reset(Workspace(home))
        lost = [*left_out, *(f"{mark.name}: {mark.message}" for mark in marks(notebook) if mark.message)]
        if lost:
            raise LabsError(f"lab {assignment.number}: its own answers do not pass every check. {lost[0]}")
        return kept_in(file)


def listed_of(assignment: Assignment) -> Listed:
    """What the lab says of its clauses. Raises LabsError where that cannot be read."""
    file = home_of(assignment) / CLAUSES
    if not file.exists():
        return {}
    try:
        listed = tomllib.loads(file.read_text(encoding="utf-8"))
        for says in (says for clauses in listed.values() for says in clauses.values()):
            if not isinstance(says, str):
                list(map(re.compile, says))
        return listed
    except (AttributeError, TypeError, ValueError, re.error) as e:
        raise LabsError(
            f"{file} cannot be read ({e}). Below [function], each clause has a list of regular expressions, "
            "or a reason."
        ) from None
