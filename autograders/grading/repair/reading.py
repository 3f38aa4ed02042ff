"""From a notebook's JSON, of any format and however damaged, to its cells."""

import re

from autograders.grading.cells import STAMP
from autograders.grading.model import Release
from autograders.grading.repair.decoding import MB, Unreadable, decoded, parsed, unwrapped
from autograders.grading.repair.notes import Notes, short
from autograders.grading.repair.parts import Cell, metadata_of

MOST_CODE, MOST_TEXT = MB, 5 * MB  # of all cells, without outputs
MOST_ATTACHED = 10 * MB
MOST_CELLS = 5000
TYPES = {
    "code": "code",
    "markdown": "markdown",
    "raw": "raw",
    "heading": "markdown",
    "html": "markdown",
    "text": "markdown",
}
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def read(content: bytes, release: Release, notes: Notes) -> list[Cell]:
    text = decoded(content, notes)
    notebook = unwrapped(parsed(text, notes))
    listed = _listed(notebook, notes)
    _note_language(notebook, release, notes)
    _note_fields(listed, notes)
    cells = [_cell(raw, notes) for raw in listed if isinstance(raw, dict)]
    for what, most, kinds in (("code", MOST_CODE, ("code",)), ("text", MOST_TEXT, ("markdown", "raw"))):
        if sum(len(cell.source) for cell in cells if cell.kind in kinds) > most:
            raise Unreadable(f"the notebook has more than {most // MB} MB of {what}: "
                             "keep data in a file beside it, hand in again")
    if not cells:
        notes.say("the notebook had no cells; it was graded as released, without answers")
    return _attached_within_limits(cells, notes)


def _listed(notebook: dict, notes: Notes) -> list:
    """The cells of a notebook of any format, as its JSON has them."""
    major, minor = notebook.get("nbformat"), notebook.get("nbformat_minor")
    if "cells" not in notebook or major in (1, 2, 3):
        notes.say(f"saved in the notebook format {short(str(major or 3))} of long ago; upgraded")
    elif major != 4 or not isinstance(minor, int):
        notes.say("its notebook format was missing or is not known; read as format 4")
    sheets = notebook.get("worksheets")
    listed = notebook["cells"] if "cells" in notebook else [
        cell for sheet in (sheets if isinstance(sheets, list) else []) if isinstance(sheet, dict)
        for cell in (sheet["cells"] if isinstance(sheet.get("cells"), list) else [])]
    if listed is not None and not isinstance(listed, list):
        raise Unreadable(
            "the notebook's list of cells is damaged: open the notebook in JupyterLab, save, hand in again"
        )
    cells = listed or []
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"the notebook has {len(cells):,} cells, more than {MOST_CELLS:,}: "
                         "delete those you do not need, hand in again")
    return cells


def _raw_source(raw: dict) -> object:
    return next((raw[key] for key in ("source", "input", "code", "text") if raw.get(key) is not None), None)


def _note_language(notebook: dict, release: Release, notes: Notes) -> None:
    metadata = notebook.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = spec.get("language") if isinstance(spec, dict) else None
    released = metadata_of(release.full).get("kernelspec", {}).get("language", "python")
    if isinstance(language, str) and language and language.lower() != released.lower():
        notes.say(f"the notebook was set to run {short(language)}; it was graded with {released}")


def _note_fields(listed: list, notes: Notes) -> None:
    """Tell of missing fields and of cell ids that cannot be used."""
    if any(not isinstance(raw, dict) for raw in listed):
        notes.say("entries that were no cells have been left out")
    raws = [raw for raw in listed if isinstance(raw, dict)]
    if any(_raw_source(raw) is None or not isinstance(raw.get("metadata"), dict)
           or raw.get("cell_type") == "code" and not isinstance(raw.get("outputs"), list) for raw in raws):
        notes.say("cells lacked fields of the notebook format (metadata, source or outputs); added")
    if any(str(raw.get("cell_type"))[:20] not in TYPES for raw in raws):
        notes.say("cells had no known type; set by what they hold")
    ids = [raw["id"] if isinstance(raw["id"], str) else "" for raw in raws if "id" in raw]
    if any(not CELL_ID.fullmatch(i) for i in ids) or len(set(ids)) < len(ids):
        notes.say("cell ids were invalid or stood twice; new ones were given")


def _cell(raw: dict, notes: Notes) -> Cell:
    metadata = raw.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    identity = raw.get("id")
    kind = raw.get("cell_type")
    runs = any(key in raw for key in ("outputs", "execution_count", "prompt_number", "input"))
    return Cell(TYPES.get(kind if isinstance(kind, str) else "", "code" if runs else "markdown"),
                _heading(raw) + _clean(_raw_source(raw), notes),
                identity if isinstance(identity, str) and CELL_ID.fullmatch(identity) else "",
                marks if isinstance(marks, dict) else {}, _attachments(raw.get("attachments")),
                metadata.get(STAMP) if isinstance(metadata, dict) else None)


def _heading(raw: dict) -> str:
    level = raw.get("level")
    return (
        "#" * (level if isinstance(level, int) and 0 < level < 7 else 1) + " "
        if raw.get("cell_type") == "heading"
        else ""
    )


def _clean(source: object, notes: Notes) -> str:
    """The text of a cell, without what neither Python nor a file can hold."""
    if isinstance(source, list):
        lines = [line for line in source if isinstance(line, str)]
        source = ("" if any("\n" in line for line in lines) else "\n").join(lines)
    text = (source if isinstance(source, str) else "").replace("\r\n", "\n").replace("\r", "\n")
    clean = re.sub("[\ud800-\udfff]", "\ufffd", text.replace("\0", ""))
    if clean != text:
        notes.say("characters that no text can hold (NUL, halves of characters) were taken out")
    return clean


def _attachments(value: object) -> dict:
    """Pictures pasted into a cell, where they have the form that nbformat wants."""
    def bundle(data: dict) -> dict:
        return {kind: _printable("".join(text) if isinstance(text, list) else text) for kind, text in data.items()
                if isinstance(text, str) or isinstance(text, list) and all(isinstance(line, str) for line in text)}

    files = value.items() if isinstance(value, dict) else ()
    return {
        _printable(name): bundle(data) for name, data in files if isinstance(data, dict) and all(map(_printable, data))
    }


def _printable(text: str) -> str:
    return re.sub("[\ud800-\udfff\0]", "\ufffd", text)


def _attached_within_limits(cells: list[Cell], notes: Notes) -> list[Cell]:
    if sum(len(text) for cell in cells for data in cell.attachments.values() for text in data.values()) > MOST_ATTACHED:
        notes.say(f"pictures of more than {MOST_ATTACHED // MB} MB in all were left out")
        for cell in cells:
            cell.attachments = {}
    return cells
