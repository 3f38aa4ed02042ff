"""A person's work in a lab, told from what the release made: what it is, and where it is kept when its place is needed.

A notebook carries the signs itself, no matter who copied or saved it: nbgrader's checksums in answers and tests, and
`stamp_of` in all other cells. Outputs, execution counts and the kernel's metadata are nobody's work.
"""

import json
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from autograders.grading.cells import STAMP
from autograders.grading.model import Release
from autograders.grading.repair import Notes, Unreadable
from autograders.grading.repair.decoding import decoded, parsed, unwrapped
from autograders.grading.repair.parts import Cell
from autograders.grading.repair.reading import read
from autograders.grading.repair.texts import trimmed
from environments.workspace import write_new

KEPT = "*_kept_????-??-??*"  # the names that `keep` gives


def own_cells(content: bytes, release: Release) -> list[Cell]:
    """The cells that a person wrote or changed, and that do not stand in this release. Raises Unreadable."""
    known = texts_of(release)
    return [cell for cell in read(content, release, Notes()) if is_own(cell) and trimmed(cell.source) not in known]


def is_own(cell: Cell) -> bool:
    return bool(cell.source.strip()) and not cell.as_released


def texts_of(release: Release) -> set[str]:
    return {trimmed(_text(cell)) for cell in json.loads(release.visible)["cells"]}


def has_work(content: bytes, release: Release) -> bool:
    """Whether a person has something to lose in this notebook. One that cannot be read may hold anything."""
    try:
        return bool(own_cells(content, release) or attached(content) - attached(release.visible.encode()))
    except Unreadable:
        return bool(content.strip())


def attached(content: bytes) -> set[str]:
    """The files that were pasted into a notebook's cells, as it holds them. Raises Unreadable."""
    cells = unwrapped(parsed(decoded(content, Notes()), Notes())).get("cells")
    found = [cell.get("attachments") for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []
    bundles = [bundle for files in found if isinstance(files, dict) for bundle in files.values()]
    return {_joined(data) for bundle in bundles if isinstance(bundle, dict) for data in bundle.values()}


def _joined(data: object) -> str:
    return "".join(map(str, data)) if isinstance(data, list) else str(data)


def only_saved(content: bytes, released: bytes) -> bool:
    """Whether a notebook is the released one, opened, run and saved."""
    try:
        return _essence(content) == _essence(released)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _essence(content: bytes) -> list:
    return [(cell["cell_type"], _text(cell), *map(cell["metadata"].get, ("nbgrader", STAMP)),
             cell.get("attachments") or {}) for cell in json.loads(content)["cells"] if not _is_blank(cell)]


def _is_blank(cell: dict) -> bool:
    """Whether it is one of the empty cells that Shift+Enter adds at the end."""
    return not (_text(cell).strip() or cell["metadata"].get("nbgrader") or cell.get("attachments"))


def _text(cell: dict) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def keep(file: Path, content: bytes | None = None) -> Path:
    """A copy of the file (or of what it held) beside it,
    under a name that says so and that nothing had; where it is."""
    content = file.read_bytes() if content is None else content
    for kept in _names_beside(file):
        if kept.is_file() and kept.read_bytes() == content:
            return kept
        try:
            write_new(kept, content, like=file)
            return kept
        except FileExistsError:
            continue
    raise AssertionError("the names do not end")


def unused(path: Path) -> Path:
    """The first of those names that nothing has."""
    return next(name for name in _names_beside(path) if not name.exists())


def _names_beside(file: Path) -> Iterator[Path]:
    for number in count(1):
        more = f"_{number}" if number > 1 else ""
        yield file.with_name(f"{file.stem}_kept_{time.strftime('%Y-%m-%d')}{more}{file.suffix}")
