"""A lab's answers against its checks without a notebook and without the engine: quickly, in processes that may end.

    python -m tests.mutation 04 --servers --cell get
"""

import argparse
import ast
import json
import linecache
import os
import signal
import symtable
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from types import CodeType

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from autograders.answers import KnownAnswer, reference
from autograders.expect import CheckFailed
from autograders.grading.assignments import assignment
from autograders.grading.cells import is_solution, is_test
from autograders.survivors import as_answers, listed

CPU_S = 4  # seconds of a processor for one question: an answer that takes more goes on for ever
ELSEWHERE = {"socket.bind", "socket.connect", "subprocess.Popen", "os.posix_spawn", "tempfile.mkdtemp"}
AWAY = "a server, another program or a file was asked"


@dataclass(frozen=True)
class Question:
    """A check of the reference with `answers` in it, by cell, as the student of this seed is asked."""

    check: str
    answers: dict[str, str]
    seed: str = "1"


class Bench:
    """The checks of one lab, and what its answers find in the notebook when they are called."""

    def __init__(self, number: str):
        self.lab = assignment(number)
        notebook = nbformat.read(self.lab.source, as_version=4)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        names = {cell.metadata.nbgrader.grade_id for cell in cells if is_solution(cell)}
        self.checks = {cell.metadata.nbgrader.grade_id: cell.source for cell in cells if is_test(cell)}
        self.reference = {name: text for name, text in reference(notebook).items() if name in names}
        self._given = _given(cells, [*self.reference.values(), *self.checks.values()])
        self._kernel: dict = {}

    def said(self, asked: Question) -> str:
        """What the check says; empty where it passes."""
        os.environ["LABS_SEED"] = asked.seed
        names = dict(self._values())
        functions = [ast.unparse(node) for node in self._given if isinstance(node, ast.FunctionDef)]
        try:
            for number, text in enumerate((*functions, *(self.reference | asked.answers).values())):
                exec(_compiled(text, f"<cell {number}>"), names)
            exec(self.checks[asked.check], names)
        except CheckFailed as failed:
            return str(failed)
        except BaseException as error:  # what ends the answer's own definition ends its notebook's cell
            return f"{type(error).__name__}: {error}"
        return ""

    def _values(self) -> dict:
        """What the notebook gives that is no function: made once, as it may take long."""
        if not self._kernel:
            exec("\n".join(map(ast.unparse, self._given)), self._kernel)
        return self._kernel

    def replies(self, questions: list[Question], at_home: bool = False) -> list[str]:
        """What the checks say, from processes beside this one; AWAY where one is to stay `at_home`, and does not."""
        self._values()
        return list(_in_processes(self.said, questions, at_home))

    @cached_property
    def quick(self) -> set[str]:
        """The checks that ask no server, no other program and no file."""
        replies = self.replies([Question(check, {}) for check in self.checks], at_home=True)
        return {check for check, reply in zip(self.checks, replies, strict=True) if reply != AWAY}

    def mutants(self, checks: set[str]) -> list[KnownAnswer]:
        """The mutants of answers that these checks alone are handed."""
        return [mutant for mutant in as_answers(self.lab) if mutant.loses <= checks]

    def survivors(self, mutants: list[KnownAnswer], seed: str = "1") -> set[str]:
        """The names of those that pass each of their checks; quick checks are asked first."""
        alive, turn = list(mutants), 0
        while asked := [(m, sorted(m.loses, key=self._order)[turn]) for m in alive if turn < len(m.loses)]:
            replies = self.replies([Question(check, mutant.cells, seed) for mutant, check in asked])
            killed = {mutant.name for (mutant, _), reply in zip(asked, replies, strict=True) if reply}
            alive = [mutant for mutant in alive if mutant.name not in killed]
            turn += 1
        return {mutant.name for mutant in alive}

    def _order(self, check: str) -> tuple[bool, str]:
        return check not in self.quick, check


def _given(cells: list, texts: list[str]) -> list[ast.stmt]:
    """What of the notebook's other cells these texts need: imports, functions and values, and what those need."""
    others = [cell.source for cell in cells if not is_solution(cell) and not is_test(cell)]
    statements = [node for source in others for node in _parsed(source)]
    needed, chosen = set().union(*map(_globals, texts)), []
    while True:
        found = [node for node in statements
                 if isinstance(node, (ast.Import, ast.ImportFrom)) or _defined(node) & needed]
        if len(found) == len(chosen):
            return chosen
        chosen = found
        needed |= set().union(*map(_globals, map(ast.unparse, chosen)))


def _compiled(text: str, name: str) -> CodeType:
    """So that the source of what it defines is found, as in a notebook."""
    linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
    return compile(text, name, "exec")


def _parsed(source: str) -> list[ast.stmt]:
    return ast.parse(TransformerManager().transform_cell(source)).body


def _globals(text: str) -> set[str]:
    """The names that a text reads and may expect of the notebook."""
    whole = symtable.symtable(text, "", "exec")
    tables = [whole]
    for table in tables:
        tables += table.get_children()
    return {symbol.get_name() for table in tables for symbol in table.get_symbols()
            if symbol.is_referenced() and (table is whole or symbol.is_global())}


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


# Processes that answer one question after the other, until one of them is too much

def _in_processes(ask: Callable[[Question], str], questions: list[Question], at_home: bool) -> Iterator[str]:
    done = 0
    while done < len(questions):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            _reply_to(questions[done:], ask, writing, at_home)
        os.close(writing)
        with open(reading) as lines:
            for line in lines:
                done += 1
                yield json.loads(line)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):  # it used up its time, or ended otherwise
            done += 1
            yield "came to no end"


def _reply_to(questions: list[Question], ask: Callable[[Question], str], writing: int, at_home: bool) -> None:
    """Be the process that answers, and end with it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)

    def say(reply: str) -> None:
        os.write(writing, (json.dumps(reply) + "\n").encode())

    def leave(event: str, _) -> None:
        if event in ELSEWHERE:
            say(AWAY)
            os._exit(0)

    if at_home:
        sys.addaudithook(leave)
    for question in questions:
        signal.setitimer(signal.ITIMER_VIRTUAL, CPU_S)
        say(ask(question))
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number")
    parser.add_argument("--cell", action="append", help="the mutants of this answer alone; may be repeated")
    parser.add_argument("--servers", action="store_true", help="with checks that need servers or files")
    parser.add_argument("--seed", default="1")
    wanted = parser.parse_args()
    bench = Bench(wanted.number)
    mutants = [mutant for mutant in bench.mutants(set(bench.checks) if wanted.servers else bench.quick)
               if not wanted.cell or mutant.cells.keys() & set(wanted.cell)]
    reasons = listed(bench.lab)
    for name in sorted(bench.survivors(mutants, wanted.seed)):
        print("listed  " if name in reasons else "SURVIVES", name)


if __name__ == "__main__":
    main()
