"""What is told to the student of a repair: a line for each, with the names of the cells that it is about."""

import re

NAMED = 3  # cells named in one message

CHANGED = "the text had been changed; the released text was graded"
OLD = "from another release of the lab; the current text was graded"
BACK = "was missing; put back as released"
BACK_EMPTY = "was missing; put back without an answer"
COPY = "stood there more than once; copies of the released text were left out"
RIVAL = "several answers had this name; one was graded, the others ran as ordinary cells"
RETYPED = "had become another type of cell; changed back"
MOVED = "had been moved; put back in the released order"
SETTINGS = "points or other settings had been changed; the released ones were used"
LOST = "the cell had lost its nbgrader name; recognised and named again"
MERGED = "had been merged into another cell; taken out of it"
SPLIT = "had been split; joined again"
MISPLACED = "the answer stood in a locked cell; moved to the answer's own cell"
NEEDED = "was missing, and other cells need it; put back as released"
SURPLUS = "not a cell of this release; gives no points and ran as an ordinary cell"


class Notes:
    """What is told to the student: a sentence, and the cells that it is about."""

    def __init__(self):
        self._cells: dict[str, list[str]] = {}

    def say(self, sentence: str, cell: str = "") -> None:
        cells = self._cells.setdefault(sentence, [])
        if cell and cell not in cells:
            cells.append(cell)

    def lines(self) -> tuple[str, ...]:
        return tuple(
            f"{_enumerated(cells)}: {sentence}" if cells else sentence for sentence, cells in self._cells.items()
        )


def _enumerated(cells: list[str]) -> str:
    more = f" and {len(cells) - NAMED} more" if len(cells) > NAMED else ""
    return ", ".join(cells[:NAMED]) + more


def short(text: str) -> str:
    """A student's word in a message: one line, of ordinary characters."""
    return re.sub(r"[^\w.+ -]+", "?", text)[:40]
