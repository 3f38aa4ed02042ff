"""A person's work in a notebook of a lab,
carried over into another release of the lab: grading's repair, made for keeping."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import nbformat

from autograders.grading.model import Release
from autograders.grading.repair import Notes, Unreadable
from autograders.grading.repair.assembly import Assembly
from autograders.grading.repair.matching import Matching
from autograders.grading.repair.parts import Cell, Part, parts_of
from autograders.grading.repair.reading import read
from autograders.grading.repair.texts import trimmed
from autograders.work import attached, has_work, is_own, own_cells

MARK = re.compile(rb"(<{7}|\|{7}|={7}|>{7})( |$)")


@dataclass(frozen=True)
class Carried:
    """The new notebook; how many of its cells are a person's, and the answers whose exercise is another now. `whole`
    is False where something that was written has no place in it."""

    notebook: bytes
    cells: int
    changed: tuple[str, ...]
    whole: bool


def carried(content: bytes, name: str, released: bytes, before: bytes | None = None) -> Carried:
    """The release with what a person wrote into another one. `before`, where it is known, is what that one was.

    Raises Unreadable where the content is no notebook.
    """
    text = released.decode()
    release = Release(name, text, text)
    known = _texts(before)
    cells = [cell for cell in read(content, release, Notes()) if cell.source.strip()]
    own = [cell.source for cell in cells if is_own(cell) and trimmed(cell.source) not in known]
    pictures = attached(content) - (attached(before) if before and known else set())
    assembly = _Renewal(Matching(parts_of(text, text), cells, Notes()), release, known)
    notebook = assembly.repaired().notebook
    _keep_outputs(notebook, content)
    content = (nbformat.writes(notebook) + "\n").encode()
    left_out = pictures - attached(content)
    return Carried(content, assembly.own, tuple(assembly.changed), _holds(notebook, own) and not left_out)


def carried_or_none(content: bytes, name: str, released: bytes, before: bytes | None = None) -> Carried | None:
    """The same; None where the content is no notebook."""
    try:
        return carried(content, name, released, before)
    except Unreadable:
        return None


class _Renewal(Assembly):
    """Released cells as they are now, but for those that a person wrote in; of all others only a person's."""

    def __init__(self, matching: Matching, release: Release, known: set[str]):
        super().__init__(matching, release)
        self.known = known
        self.own = 0
        self.changed: list[str] = []

    def _is_own(self, cell: Cell) -> bool:
        return cell.taken or is_own(cell) and trimmed(cell.source) not in self.known

    def _own_cells(self) -> dict[object, list[Cell]]:
        own = {place: [cell for cell in cells if self._is_own(cell)] for place, cells in super()._own_cells().items()}
        self.own += sum(map(len, own.values()))
        return own

    def _needed(self, placed) -> set[Part]:
        """All that the release has is there."""
        return {part for part, cell in placed if part and cell is None}

    def _node_of(self, part: Part | None, cell: Cell | None, needed: bool) -> dict | None:
        if part and not part.locked and cell and not part.same(cell) and self._is_own(cell):
            self.own += 1
        elif part and not part.locked and cell and not part.answer:
            return super()._node_of(part, None, True)
        return super()._node_of(part, cell, needed)

    def _answer(self, part: Part, cell: Cell | None) -> dict:
        node = super()._answer(part, cell)
        if cell and self.answered[part.name]:
            theirs, ours = (marks.get("checksum") for marks in (cell.marks, part.marks))
            if isinstance(theirs, str) and theirs != ours:
                self.changed.append(part.name)
        return node


def _texts(notebook: bytes | None) -> set[str]:
    """The texts of a release's cells; none where it is no notebook."""
    try:
        return {trimmed("".join(cell["source"])) for cell in json.loads(notebook or b"{}").get("cells", [])}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()


def _keep_outputs(notebook: nbformat.NotebookNode, content: bytes) -> None:
    """A cell that is still the same keeps what it has put out."""
    try:
        ran = {"".join(cell["source"]): cell for cell in json.loads(content)["cells"] if cell.get("outputs")}
        found = [(cell, ran[cell.source]) for cell in notebook.cells if cell.cell_type == "code" and cell.source in ran]
        for cell, old in found:
            old = nbformat.from_dict({"outputs": old["outputs"], "execution_count": old.get("execution_count")})
            cell.outputs, cell.execution_count = old.outputs, old.execution_count
        nbformat.validate(notebook)
    except Exception:  # not worth a word: they come again when the cell is run
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None


def _holds(notebook: nbformat.NotebookNode, sources: list[str]) -> bool:
    """Whether every line that was written stands in the notebook, as often as it was."""
    return _lines(sources) <= _lines(cell.source for cell in notebook.cells)


def _lines(sources: Iterable[str]) -> Counter[str]:
    return Counter(line.strip() for source in sources for line in source.splitlines() if line.strip())


# What a merge left

def sides(content: bytes) -> list[bytes]:
    """The file itself; where a merge left its marks in it, what stood on either side of them."""
    lines = content.splitlines(keepends=True)
    if not any(line.startswith(b"<<<<<<< ") for line in lines):
        return [content]
    both: tuple[list[bytes], list[bytes]] = ([], [])
    into: tuple[int, ...] = (0, 1)
    for line in lines:
        mark = MARK.match(line.rstrip(b"\r\n"))
        if mark:
            into = {b"<": (0,), b"|": (), b"=": (1,), b">": (0, 1)}[mark[1][:1]]
            continue
        for side in into:
            both[side].append(line)
    return [b"".join(side) for side in both]


def with_most_work(candidates: list[bytes], name: str, released: bytes) -> tuple[bytes, list[bytes]]:
    """Of several versions of one notebook the one
    with the most of a person's work, and those of the others that have some."""
    text = released.decode()
    release = Release(name, text, text)
    ranked = sorted(candidates, key=lambda content: _amount(content, release), reverse=True)
    return ranked[0], [content for content in ranked[1:] if content != ranked[0] and has_work(content, release)]


def _amount(content: bytes, release: Release) -> int:
    try:
        return sum(len(cell.source) for cell in own_cells(content, release))
    except Unreadable:
        return -1


def has_lines_beyond(content: bytes, best: bytes, name: str, released: bytes) -> bool:
    """Whether a person wrote lines into one version of a notebook that do not stand in another one."""
    text = released.decode()
    release = Release(name, text, text)
    lines = {line.strip() for cell in read(best, release, Notes()) for line in cell.source.splitlines()}
    try:
        own = own_cells(content, release)
        if attached(content) - attached(best) - attached(released):
            return True
    except Unreadable:
        return True
    return any(line.strip() not in lines for cell in own for line in cell.source.splitlines())
