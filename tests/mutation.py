"""A lab's answers against its checks without a notebook and without the engine: quickly, in processes that may end.

    python -m tests.mutation 04 --servers --cell get
"""

import argparse
import ast
import json
import os
import signal
import symtable
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from autograders.answers import reference
from autograders.expect import CheckFailed
from autograders.grading.assignments import assignment
from autograders.grading.cells import is_solution, is_test
from autograders.survivors import as_answers, listed

CPU_S = 4  # seconds of a processor for one question: an answer that takes more goes on for ever
ELSEWHERE = {"socket.bind", "socket.connect", "subprocess.Popen", "os.fork", "os.posix_spawn"}


@dataclass(frozen=True)
class Question:
    """A check of the reference with `answers` in it, by cell, as the student of this seed is asked."""

    check: str
    answers: dict[str, str]
    seed: str = "1"


@dataclass(frozen=True)
class Reply:
    """What a check said, "" where it passes; the seconds it took; whether it asked a server or another program."""

    said: str
    took: float = 0
    elsewhere: bool = False


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
        self._replies: dict[str, Reply] = {}

    def said(self, asked: Question) -> str:
        """What the check says; empty where it passes."""
        os.environ["LABS_SEED"] = asked.seed
        names = dict(self._values())
        functions = [ast.unparse(node) for node in self._given if isinstance(node, ast.FunctionDef)]
        try:
            for text in (*functions, *(self.reference | asked.answers).values()):
                exec(text, names)
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

    def replies(self, questions: list[Question]) -> list[Reply]:
        """Each question's reply, from processes beside this one: what one leaves behind, others do not find."""
        return list(_in_processes(self.said, questions))

    def without_servers(self) -> list[str]:
        """The checks that ask no server and no other program."""
        return [name for name, reply in self.of_the_reference().items() if not reply.elsewhere]

    def of_the_reference(self) -> dict[str, Reply]:
        if not self._replies:
            asked = [Question(check, {}) for check in self.checks]
            self._replies = dict(zip(self.checks, self.replies(asked), strict=True))
        return self._replies

    def survivors(self, checks: set[str], only: set[str], seeds: tuple[str, ...] = ("1",)) -> dict[str, set[str]]:
        """Mutants that the checks they are handed to let pass, by name with the seeds, where all of those are here."""
        took = self.of_the_reference()
        mutants = [one for one in as_answers(self.lab)
                   if one.loses & took.keys() <= checks and (not only or one.cells.keys() & only)]
        alive = {(one.name, seed) for one in mutants for seed in seeds}
        for turn in range(max((len(one.loses) for one in mutants), default=0)):  # the quickest check first
            asked = [(one, seed, sorted(one.loses, key=lambda check: took[check].took)[turn])
                     for one in mutants for seed in seeds if turn < len(one.loses) and (one.name, seed) in alive]
            replies = self.replies([Question(check, one.cells, seed) for one, seed, check in asked])
            alive -= {(one.name, seed) for (one, seed, _), reply in zip(asked, replies, strict=True) if reply.said}
        return {one.name: seeds for one in mutants if (seeds := {seed for name, seed in alive if name == one.name})}


def _given(cells: list, texts: list[str]) -> list[ast.stmt]:
    """What of the notebook's other cells these texts need: imports, functions and values, and what those need."""
    statements = [node for cell in cells if not is_solution(cell) and not is_test(cell) for node in _parsed(cell.source)]
    needed, chosen = set().union(*map(_globals, texts)), []
    while True:
        found = [node for node in statements if isinstance(node, (ast.Import, ast.ImportFrom)) or
                 _defined(node) & needed]
        if len(found) == len(chosen):
            return chosen
        chosen = found
        needed |= set().union(*map(_globals, map(ast.unparse, chosen)))


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

def _in_processes(ask: Callable[[Question], str], questions: list[Question]) -> Iterator[Reply]:
    done = 0
    while done < len(questions):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            _reply_to(questions[done:], ask, writing)
        os.close(writing)
        with open(reading) as lines:
            for line in lines:
                done += 1
                yield Reply(**json.loads(line))
        os.waitpid(child, 0)
        if done < len(questions):  # it used up its time, or ended otherwise
            done += 1
            yield Reply("came to no end", CPU_S)


def _reply_to(questions: list[Question], ask: Callable[[Question], str], writing: int) -> None:
    """Be the process that answers, and end with it."""
    events: set[str] = set()
    sys.addaudithook(lambda event, _: event in ELSEWHERE and events.add(event))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    for question in questions:
        events.clear()
        signal.setitimer(signal.ITIMER_VIRTUAL, CPU_S)
        started = time.process_time()
        reply = Reply(ask(question), time.process_time() - started, bool(events))
        os.write(writing, (json.dumps(vars(reply)) + "\n").encode())
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number")
    parser.add_argument("--cell", action="append", default=[])
    parser.add_argument("--servers", action="store_true", help="with checks that need servers")
    parser.add_argument("--seeds", type=int, default=1)
    wanted = parser.parse_args()
    bench = Bench(wanted.number)
    checks = set(bench.checks) if wanted.servers else set(bench.without_servers())
    seeds = tuple(map(str, range(1, wanted.seeds + 1)))
    told = listed(bench.lab)
    for name, where in bench.survivors(checks, set(wanted.cell), seeds).items():
        print("listed  " if name in told else "SURVIVES", name, "" if len(where) == len(seeds) else sorted(where))


if __name__ == "__main__":
    main()
