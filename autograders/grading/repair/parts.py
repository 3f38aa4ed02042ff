"""The two that repair compares: a cell as the student left it, and a cell of the release."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import nbformat
from nbformat import NotebookNode

from autograders.grading.cells import compute_checksum, is_locked, is_solution, is_task, stamp_of
from autograders.grading.repair.texts import names_bound, tree_of, trimmed


@dataclass(eq=False)
class Cell:
    """One cell as the student left it, or a part of one that repair took out of another (`taken`)."""

    kind: str
    source: str
    id: str = ""
    marks: dict = field(default_factory=dict)  # nbgrader's metadata
    attachments: dict = field(default_factory=dict)
    stamp: object = None  # what the release wrote into an ordinary cell, see `stamp_of`
    taken: bool = False
    part: "Part | None" = None  # the released cell that it is
    before: "Part | None" = None  # the locked cell that it was taken out of, and must run before
    _names: tuple[str, set[str]] = field(default_factory=lambda: ("", set()))

    @property
    def name(self) -> str:
        name = self.marks.get("grade_id")
        return name if isinstance(name, str) else ""

    @property
    def names(self) -> set[str]:
        """What its code binds; prose binds nothing, but code that was made text does."""
        if self._names[0] != self.source:
            binds = self.kind == "code" or tree_of(self.source) is not None
            self._names = (self.source, names_bound(self.source) if binds else set())
        return self._names[1]

    def has_checksum_of(self, kind: str) -> bool:
        """Whether nbgrader's checksum in it fits it, were it of this kind."""
        claimed = self.marks.get("checksum")
        try:
            cell = as_node({"cell_type": kind, "source": self.source, "metadata": {"nbgrader": self.marks}})
            return isinstance(claimed, str) and compute_checksum(cell) == claimed
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):  # marks hold whatever was written
            return False

    @property
    def as_released(self) -> bool:
        """Whether it is as some release made it, this one or another; no person has written in it."""
        return self.has_checksum_of(self.kind) or self.stamp == stamp_of(self.kind, self.source)


@dataclass(frozen=True, eq=False)
class Part:
    """One cell of the release."""

    number: int
    full: NotebookNode
    visible: NotebookNode

    @cached_property
    def marks(self) -> dict:
        return self.full["metadata"].get("nbgrader", {})

    @cached_property
    def name(self) -> str:
        """Its nbgrader name; empty for an ordinary cell, which is the student's to change."""
        return self.marks.get("grade_id", "") if self.locked or self.answer else ""

    @cached_property
    def locked(self) -> bool:
        return bool(is_locked(self.full))

    @cached_property
    def answer(self) -> bool:
        return bool(is_solution(self.full) or is_task(self.full))

    @property
    def kind(self) -> str:
        return self.full["cell_type"]

    @cached_property
    def label(self) -> str:
        first = next(iter(self.visible["source"].strip().splitlines()), "")
        return self.name or f"the cell that begins “{first[:40]}”"

    @cached_property
    def texts(self) -> tuple[str, str]:
        return trimmed(self.visible["source"]), trimmed(self.full["source"])

    @cached_property
    def bound(self) -> set[str]:
        return names_bound(self.visible["source"])

    @cached_property
    def names(self) -> set[str]:
        """What an answer cell must define: its functions and classes, or else its variables."""
        if self.kind != "code":
            return set()
        defined = set(re.findall(r"(?m)^(?:async\s+)?(?:def|class)\s+(\w+)", self.visible["source"]))
        return defined or self.bound

    def same(self, cell: Cell) -> bool:
        return trimmed(cell.source) in self.texts

    def outdated(self, cell: Cell) -> bool:
        """Whether the cell is untouched since another release: its own checksum fits it, and is not ours."""
        claimed = cell.marks.get("checksum")
        ours = [edition["metadata"]["nbgrader"].get("checksum") for edition in (self.full, self.visible)]
        return claimed not in ours and cell.has_checksum_of(self.kind)

    def untouched(self, cell: Cell) -> bool:
        return self.same(cell) or bool(self.name) and self.outdated(cell)

    def keeps_settings(self, cell: Cell) -> bool:
        flags = all(
            bool(cell.marks.get(key)) == bool(self.marks.get(key)) for key in ("grade", "solution", "locked", "task")
        )
        return flags and ("points" not in self.marks or cell.marks.get("points") == self.marks["points"])


@lru_cache(maxsize=4)
def parts_of(full: str, visible: str) -> tuple[Part, ...]:
    pairs = zip(_cells_of(full), _cells_of(visible), strict=True)
    return tuple(Part(number, whole, other) for number, (whole, other) in enumerate(pairs))


@lru_cache(maxsize=4)
def _cells_of(text: str) -> list[NotebookNode]:
    return nbformat.v4.reads(text).cells  # ours, and valid: not looked through again


@lru_cache(maxsize=4)
def metadata_of(text: str) -> dict:
    return json.loads(text).get("metadata", {})


def as_node(cell: dict) -> NotebookNode:
    return nbformat.from_dict(cell)
