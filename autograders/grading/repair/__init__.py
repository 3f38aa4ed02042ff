"""A student's notebook as it must be to be graded, whatever happened to it: locked cells, names and points come from
the release, answers and further cells from the student. What was repaired is told in a line each, for the student."""

from autograders.grading.model import Release
from autograders.grading.repair.assembly import Assembly, Repaired
from autograders.grading.repair.decoding import CLEAR, MAX_FILE_BYTES, Unreadable, too_large
from autograders.grading.repair.matching import Matching
from autograders.grading.repair.notes import Notes
from autograders.grading.repair.parts import parts_of
from autograders.grading.repair.reading import MOST_CELLS, read

__all__ = ["MAX_FILE_BYTES", "MOST_CELLS", "Notes", "Repaired", "Unreadable", "repair", "too_large"]


def repair(content: bytes, release: Release) -> Repaired:
    """The notebook that these bytes were meant to be, measured against its release.

    Raises Unreadable, which names the remedy, where they are no notebook; nothing else, whatever the bytes.
    """
    notes = Notes()
    try:
        cells = read(content, release, notes)
        return Assembly(Matching(parts_of(release.full, release.visible), cells, notes), release).repaired()
    except (RecursionError, MemoryError):
        raise Unreadable(f"the notebook is nested too deeply to be read: {CLEAR}") from None
