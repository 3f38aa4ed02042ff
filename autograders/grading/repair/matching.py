"""Which of the student's cells is which of the release."""

import textwrap
from difflib import SequenceMatcher

from autograders.grading.repair.notes import COPY, MERGED, MISPLACED, RIVAL, SPLIT, SURPLUS, Notes, short
from autograders.grading.repair.parts import Cell, Part
from autograders.grading.repair.texts import (
    beyond,
    divided,
    names_bound,
    position,
    says_something,
    tree_of,
    trimmed,
    without_block,
)

LIKE = 0.75  # how alike a changed locked cell must be to be recognised by its text
NEAR = 50  # cells looked at between two


class Matching:
    """Finds for each released cell the student's, by the surest sign first;
    what is left are the student's own cells."""

    def __init__(self, parts: tuple[Part, ...], cells: list[Cell], notes: Notes):
        self.parts, self.cells, self.notes = parts, cells, notes
        self.held: dict[Part, Cell] = {}
        self.by_names = {part.name: part for part in parts if part.name}
        self.by_ids = {part.full["id"]: part for part in parts if part.full.get("id")}
        self.emptied: set[Part] = set()  # locked cells of which the leftovers were taken out
        for step in (self._join_split, self._by_name, self._by_id, self._unmerge, self._leftovers,
                     self._by_text, self._unmerge_free, self._by_likeness, self._leftovers,
                     self._by_definition, self._misplaced, self._out_of_other_answers, self._by_place,
                     self._out_of_neighbours, self._drop_copies):
            step()

    def _missing(self) -> list[Part]:
        return [part for part in self.parts if part not in self.held]

    def _missing_answers(self) -> list[Part]:
        return [part for part in self._missing() if part.answer]

    def _free(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.part is None]

    def _hold(self, part: Part, cell: Cell) -> None:
        cell.part, self.held[part] = part, cell

    def _recognise(self, part: Part, cell: Cell) -> None:
        self._hold(part, cell)
        if cell.taken:
            self.notes.say(MERGED, part.label)

    def _take_out(self, host: Cell, kind: str, source: str, *, ahead: bool = False) -> Cell:
        """A new cell with a part of another's text, below it, or (`ahead`) to be run before it."""
        cell = Cell(kind, source, taken=True, before=host.part if ahead else None)
        self.cells.insert(self.cells.index(host) + (not ahead), cell)
        return cell

    def _join_split(self) -> None:
        """Two halves of a split cell have one name, and a second half of a function begins indented."""
        whole: list[Cell] = []
        for cell in self.cells:
            last = whole[-1] if whole and cell.source.startswith((" ", "\t")) else None
            if last and last.name == cell.name in self.by_names and last.kind == cell.kind == "code":
                last.source += "\n" + cell.source
                self.notes.say(SPLIT, cell.name)
            else:
                whole.append(cell)
        self.cells = whole

    def _by_name(self) -> None:
        claims: dict[Part, list[Cell]] = {}
        for cell in self.cells:
            part = self.by_names.get(cell.name)
            if part and not self._renamed(cell, part):
                claims.setdefault(part, []).append(cell)
        for part, cells in claims.items():
            self._hold(part, _best(part, self._tested(part, cells)))

    def _tested(self, part: Part, cells: list[Cell]) -> list[Cell]:
        """Of several answers those above the test that follows, as in a kernel: one at the end has no part in it. All
        where that cannot be told, or where only stubs stand above."""
        following = next((p for p in self.parts[part.number + 1:] if p.locked and p.name), None)
        tests = [n for n, cell in enumerate(self.cells) if following and cell.name == following.name]
        above = [cell for cell in cells if len(tests) == 1 and self.cells.index(cell) < tests[0]]
        return above if part.answer and any(not part.untouched(cell) for cell in above) else cells

    def _renamed(self, cell: Cell, part: Part) -> bool:
        """Whether a cell bears the name of one answer, and by its id and its code is another."""
        other = self.by_ids.get(cell.id, part)
        return other is not part and other.answer and bool(other.names & cell.names) and not part.names & cell.names

    def _by_id(self) -> None:
        claims: dict[Part, list[Cell]] = {}
        for cell in self._free():
            part = self.by_ids.get(cell.id)
            if part and part not in self.held:
                claims.setdefault(part, []).append(cell)
        for part, cells in claims.items():
            self._hold(part, _best(part, cells))

    def _unmerge(self) -> None:
        """Cells that were merged into one are cut apart at the released texts that stand in it."""
        for part, cell in list(self.held.items()):
            if not part.untouched(cell):
                self._cut(cell, part.number + 1)

    def _unmerge_free(self) -> None:
        for cell in self._free():
            text = trimmed(cell.source)
            first = next((p for p in self._missing() if not p.answer and p.texts[0] and p.texts[0] in text), None)
            if first:
                self._cut(cell, first.number)
            if first and cell.part is None and not cell.source:
                self.cells.remove(cell)

    def _cut(self, cell: Cell, first: int) -> None:
        lines = trimmed(cell.source).split("\n")
        blocks = self._blocks(lines, first)
        if not blocks:
            return
        cell.source, last = "\n".join(lines[:blocks[0][1]]).strip("\n"), cell
        for (found, start, end), (following, until, _) in zip(
            blocks, [*blocks[1:], (None, len(lines), 0)], strict=True
        ):
            last = self._piece(last, found, "\n".join(lines[start:end]))
            between = self.parts[found.number + 1:following.number if following else len(self.parts)]
            answer = next((p for p in between if p.answer and p not in self.held), None)
            text = "\n".join(lines[end:until]).strip("\n")
            if text and not answer and cell.kind == "code" and tree_of(text) is not None:
                cell.source += f"\n{text}"  # the student's own, and run before the test as it was
            elif text:
                last = self._piece(last, answer, text, found.kind)

    def _blocks(self, lines: list[str], first: int) -> list[tuple[Part, int, int]]:
        """The released cells from a number on, up to one that is there, whose texts stand in these lines."""
        blocks, start = [], 0
        for part in self.parts[first:]:
            if part in self.held:
                break
            block = part.texts[0].strip("\n").split("\n")
            at = -1 if part.answer or not part.texts[0] else position(lines, block, start)
            if at >= 0:
                start = at + len(block)
                blocks.append((part, at, start))
        return blocks

    def _piece(self, above: Cell, part: Part | None, text: str, kind: str = "code") -> Cell:
        cell = Cell(part.kind if part else kind, text, taken=True)
        self.cells.insert(self.cells.index(above) + 1, cell)
        if part and (not part.names or not part.answer or part.names & cell.names):
            self._recognise(part, cell)
        return cell

    def _leftovers(self) -> None:
        """What a student wrote into a locked cell, or merged into it, becomes a cell of its own."""
        for part, cell in list(self.held.items()):
            if part.locked and part not in self.emptied and not part.untouched(cell):
                self.emptied.add(part)
                if text := _own_text(part, cell):
                    self._take_out(cell, part.kind, text, ahead=part.kind == "code")

    def _by_text(self) -> None:
        free: dict[str, list[Cell]] = {}
        for cell in self._free():
            free.setdefault(trimmed(cell.source), []).append(cell)
        for part in self._missing():
            cells = [
                cell
                for text in dict.fromkeys(part.texts)
                if text and not part.answer
                for cell in free.get(text, [])
                if cell.part is None and (part.locked or cell.kind == part.kind)
            ]
            if cells:
                self._hold(part, cells[0])

    def _by_likeness(self) -> None:
        for part in self._missing():
            near = [
                cell
                for cell in self._gap(part)
                if part.locked and cell.kind == part.kind and cell.name not in self.by_names
            ]
            likest = max(near, key=lambda cell: _likeness(part, cell), default=None)
            if likest and _likeness(part, likest) > LIKE:
                self._hold(part, likest)

    def _gap(self, part: Part) -> list[Cell]:
        """The student's own cells between the cells that stand before and after this one in the release."""
        at = {cell: number for number, cell in enumerate(self.cells)}
        before = next((at[self.held[p]] for p in reversed(self.parts[:part.number]) if p in self.held), -1)
        after = next((at[self.held[p]] for p in self.parts[part.number + 1:] if p in self.held), len(self.cells))
        return [cell for cell in self.cells[before + 1:after] if cell.part is None][:NEAR]

    def _by_definition(self) -> None:
        for part in self._missing_answers():
            cells = [cell for cell in self._free() if part.names & cell.names or part.names and part.same(cell)]
            near = set(self._gap(part))
            if cells:
                self._recognise(part, _best(part, [cell for cell in cells if cell in near] or cells))

    def _misplaced(self) -> None:
        """An answer that was written into a locked cell, while its own cell was left as it was."""
        for part, empty in list(self.held.items()):
            cells = self._free() if part.answer and part.untouched(empty) else []
            cells = [cell for cell in cells if cell.taken and (part.names & cell.names or self._is_reply(cell, part))]
            if cells:
                self.cells.remove(empty)
                self._hold(part, cells[-1])
                self.notes.say(MISPLACED, part.label)

    def _is_reply(self, cell: Cell, part: Part) -> bool:
        """Whether a text was added to the question right above the cell for a written answer."""
        question = self.parts[part.number - 1] if part.number else None
        return (part.kind == cell.kind == "markdown" and question in self.held
                and self.cells.index(cell) == self.cells.index(self.held[question]) + 1
                and without_block(self.held[question].source, question.visible["source"]) is not None)

    def _out_of_other_answers(self) -> None:
        """An answer whose cell was merged into another one is taken out of it."""
        for part in self._missing_answers():
            hosts = [(p, cell) for p, cell in self.held.items()
                     if not p.locked and part.names & cell.names and not part.names & p.bound]
            if hosts:
                other, host = hosts[-1]
                host.source, text = divided(host.source, part.names, other.bound)
                self._recognise(part, self._take_out(host, part.kind, text))

    def _by_place(self) -> None:
        for part in self._missing_answers():
            cells = [cell for cell in self._gap(part) if cell.kind == part.kind and cell.name not in self.by_names
                     and not (cell.taken and part.kind == "code")]
            if cells and (len(cells) == 1 or not part.names):
                self._recognise(part, cells[0])

    def _out_of_neighbours(self) -> None:
        """An answer that was merged into the ordinary cell above it."""
        for part in self._missing_answers():
            above = next((p for p in reversed(self.parts[:part.number]) if p in self.held), None)
            if above is None or above.name:
                continue
            host, released = self.held[above], above.visible["source"]
            text = without_block(host.source, released)
            if text and (part.kind == "markdown" or part.names & names_bound(text)):
                host.source = released
                self._recognise(part, self._take_out(host, part.kind, text))

    def _drop_copies(self) -> None:
        """Leave out what is only released text once more: an empty answer below a written one would undo it."""
        empty = {text for part in self.parts if part.answer and part.names for text in part.texts}
        for cell in self._free():
            part = self.by_names.get(cell.name)
            if (
                trimmed(cell.source) in empty
                or part
                and (part.untouched(cell) or part.locked and not _own_text(part, cell))
            ):
                self.cells.remove(cell)
                self.notes.say(COPY, part.label if part else "an answer cell")
            elif part:
                cell.source = cell.source if part.answer else _own_text(part, cell)
                self.notes.say(RIVAL if part.answer else COPY, part.label)
            elif any(cell.marks.get(key) for key in ("grade", "solution", "locked", "task")):
                self.notes.say(SURPLUS, short(cell.name) or "a cell")


def _best(part: Part, cells: list[Cell]) -> Cell:
    """Which of several is the released cell: a locked one that is unchanged, the last answer that was written."""
    if len(cells) == 1:
        return cells[0]
    if not part.answer:
        return next((cell for cell in cells if part.same(cell)), cells[0])
    written = [cell for cell in cells if not part.untouched(cell)]
    defining = [cell for cell in written if part.names & cell.names]
    return (defining or written or cells)[-1]


def _likeness(part: Part, cell: Cell) -> float:
    if max(len(part.texts[0]), len(cell.source)) > 4_000:
        return 0
    matcher = SequenceMatcher(None, part.texts[0], cell.source)
    return matcher.ratio() if matcher.real_quick_ratio() > LIKE and matcher.quick_ratio() > LIKE else 0


def _own_text(part: Part, cell: Cell) -> str:
    """What stands in a locked cell beyond its own text and can be kept: for code, what is Python and does something."""
    rest = beyond(cell.source, part.visible["source"])
    if part.kind != "code":
        return rest
    for text in (textwrap.dedent(rest), cell.source):
        if says_something(rest) and tree_of(text) is not None:
            return text
    return ""
