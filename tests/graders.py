"""A lab's checks, tried without a notebook and without the engine:
each answer against the checks of the functions it defines."""

import re
from collections.abc import Callable

import nbformat

from autograders.answers import KnownAnswer, answers, reference
from autograders.expect import CheckFailed
from autograders.grading.assignments import assignment


class Grader:
    """The checks of one lab, and its known answers. `kernel` gives the names that an answer finds when it begins."""

    def __init__(self, number: str, kernel: Callable[[], dict]):
        lab = assignment(number)
        self.notebook = nbformat.read(lab.source, as_version=4)
        self.code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        self.graded = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in self.code
            if cell.metadata.get("nbgrader", {}).get("grade")
        }
        self.reference = KnownAnswer("the_reference", "", frozenset(),
                                {name: source for name, source in reference(self.notebook).items() if "def " in source})
        self.right, self.wrong = answers(lab, "right"), answers(lab, "wrong")
        self._kernel = kernel

    def functions_of(self, answer: KnownAnswer) -> dict:
        """The functions an answer defines, as a student's kernel would have them."""
        names = self._kernel()
        for name, source in answer.cells.items():
            exec(compile(source, f"<{answer.name}: {name}>", "exec"), names)
        return names

    def checks_of(self, answer: KnownAnswer) -> list[str]:
        """The checks that ask a function which this answer defines."""
        return [
            name
            for name, source in self.graded.items()
            if set(re.findall(r"\w+", source.partition("(")[2])) & answer.cells.keys()
        ]

    def said(self, name: str, names: dict) -> str:
        """What a check says of these functions; empty where it passes."""
        try:
            exec(self.graded[name], dict(names))
            return ""
        except CheckFailed as failed:
            return str(failed)

    def message(self, answer: KnownAnswer, name: str) -> str:
        return self.said(name, self.functions_of(answer))


def assert_well_formed(said: str) -> None:
    assert complaints_about(said) == []


def complaints_about(said: str) -> list[str]:
    """What a failed check's message lacks: the call, what came back,
    what was due, where to look; short lines; nothing of ours."""
    lines = said.splitlines()
    parts = [line for line in lines if not line.startswith("    ")] or [""]
    wanted = {
        "no call in its first line": re.match(r"(\w+|<lambda>|your answer)\(.*\)?", parts[0]),
        "nothing that was due": any(line.startswith("  expected ") for line in parts),
        "no place to look at": parts[-1].startswith("  look at: "),
        "a long line": max(map(len, lines), default=0) <= 79,
        "something of the grader's": "Traceback" not in said and "autograders" not in said and "/checks/" not in said,
        "no more than a verdict": "incorrect" not in said.lower(),
    }
    return [f"{complaint}: {said}" for complaint, there in wanted.items() if not there]
