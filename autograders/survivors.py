"""Mutants of a lab's reference answers through the engine: each must lose a point, or be listed as equivalent.

A lab lists them in its home, in `equivalent.toml`: a mutant that does what the reference does, as far as its docstring
promises anything, with the reason.

    [[equivalent]]
    mutant = "p95 3: `0.95` -> `1.045`"
    because = "..."
"""

import ast
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from autograders.answers import KnownAnswer, home_of, reference
from autograders.configuration import course_config
from autograders.grading.cells import is_test
from autograders.grading.model import Assignment
from autograders.grading.pool import GradingOptions
from autograders.grading.releases import release_of
from autograders.grading.sandbox import Limits
from autograders.homes import LISTED
from autograders.mutants import mutants
from autograders.prove import ProofNotebook, limits_of_attacks, packed, score
from environments.errors import LabsError


@dataclass
class Survival:
    """What became of the mutants of one lab.
    `survived` and `stale` (listed, but not there, or killed) should be empty."""

    lab: str
    made: int = 0
    killed: int = 0
    equivalent: dict[str, str] = field(default_factory=dict)  # the reason by mutant
    survived: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.survived and not self.stale

    def as_dict(self) -> dict:
        return {"lab": self.lab, "mutants": self.made, "killed": self.killed, "equivalent": len(self.equivalent),
                "survived": self.survived, "stale": self.stale}

    def lines(self) -> list[str]:
        return [
            f"lab {self.lab}",
            *(f"  SURVIVED  {name}" for name in self.survived),
            *(f"  STALE     {name}: in {LISTED}, but no mutant that survives" for name in self.stale),
            f"  {self.made} mutants: {self.killed} killed, {len(self.equivalent)} equivalent, "
            f"{len(self.survived)} survived",
        ]


def survivors(assignment: Assignment, jobs: int | None, say: Callable[[str], None], sandboxed: bool = True,
              only: frozenset[str] = frozenset()) -> Survival:
    """Grade every mutant of a lab's answers, or of the `only` cells. Raises LabsError."""
    reasons = listed(assignment)
    everything = as_answers(assignment)
    cells = {cell for answer in everything for cell in answer.cells}
    if unknown := only - cells:
        raise LabsError(
            f"lab {assignment.number} has no graded answer {', '.join(sorted(unknown))}. "
            f"There are: {', '.join(sorted(cells))}."
        )
    everything = [mutant for mutant in everything if not only or mutant.cells.keys() & only]
    notebooks = packed(everything)
    say(f"lab {assignment.number}: {len(everything)} mutants in {len(notebooks)} notebooks ...")
    # Some never end; the whole notebook must, or later ones are not asked.
    limits = replace(Limits(), cell=limits_of_attacks(assignment).cell)
    how = GradingOptions(jobs, sandboxed=sandboxed, limits=limits)
    score(assignment, release_of(assignment, course_config()), notebooks, how, say)
    alive = {answer.name for known in notebooks for answer in known.answers if _got_everything(answer, known)}
    told = {name: why for name, why in reasons.items() if not only or name.split()[0] in only}
    return Survival(
        assignment.number,
        len(everything),
        len(everything) - len(alive),
        {n: told[n] for n in sorted(alive & told.keys())},
        sorted(alive - told.keys()),
        sorted(told.keys() - alive),
    )


def _got_everything(mutant: KnownAnswer, known: ProofNotebook) -> bool:
    return all(known.scores[check][0] == known.scores[check][1] for check in mutant.loses if check in known.scores)


def as_answers(assignment: Assignment) -> list[KnownAnswer]:
    """Every mutant as a wrong answer that is to lose one of the checks that its cell is handed to, or, of a cell that
    other answers use, one of theirs."""
    solution = nbformat.read(assignment.source, as_version=4)
    handed = {c.metadata.nbgrader.grade_id: names_in(c.source) for c in solution.cells if is_test(c)}
    texts = reference(solution)
    defined = {cell: _defined(text) for cell, text in texts.items()}
    checks = {cell: frozenset(check for check, names in handed.items() if names & defined[cell]) for cell in texts}
    found: list[KnownAnswer] = []
    for cell, text in texts.items():
        used_in = (checks[other] for other in texts if checks[other] and names_in(texts[other]) & defined[cell])
        if own := checks[cell] or frozenset().union(*used_in):
            found += _of_cell(cell, text, own)
    return found


def _of_cell(cell: str, text: str, checks: frozenset[str]) -> list[KnownAnswer]:
    """The mutants of one answer; of several with the same change in one line each has a number."""
    times: Counter[str] = Counter()
    found = []
    for mutant in mutants(text):
        times[mutant.change] += 1
        again = f" ({times[mutant.change]})" if times[mutant.change] > 1 else ""
        found.append(KnownAnswer(f"{cell} {mutant.change}{again}", mutant.change, checks, {cell: mutant.text}))
    return found


def names_in(source: str) -> set[str]:
    """The names that a cell's code uses."""
    tree = ast.parse(TransformerManager().transform_cell(source))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _defined(text: str) -> set[str]:
    """The names that an answer gives to functions and values; none where it is written in words."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return set()
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    return {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))} | \
           {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def listed(assignment: Assignment) -> dict[str, str]:
    file = home_of(assignment) / LISTED
    if not file.exists():
        return {}
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["equivalent"]
        return {entry["mutant"]: entry["because"] for entry in entries}
    except (KeyError, TypeError, ValueError) as e:
        raise LabsError(f"{file} cannot be read ({e}). Each [[equivalent]] has a `mutant` and a `because`.") from None
