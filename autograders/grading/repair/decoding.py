"""From a file's bytes to a notebook's JSON; or what the file is instead, and what to do."""

import json
import re

from autograders.grading.repair.notes import Notes
from environments.errors import LabsError

MB = 2**20
MAX_FILE_BYTES = 50 * MB  # a larger file is not read
MOST_NODES = 2_000_000  # brackets in the file: what a parsed notebook costs in memory
DOWNLOAD = "in JupyterLab, File > Download gives the notebook; hand that in"
CLEAR = "in JupyterLab, Edit > Clear Outputs of All Cells, save, hand in again"
SIGNATURES = {b"PK\x03\x04": "a zip archive", b"PK\x05\x06": "a zip archive", b"\x1f\x8b": "a gzip archive",
              b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a RAR archive", b"%PDF": "a PDF", b"\x89PNG": "a picture",
              b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\xd0\xcf\x11\xe0": "an Office document",
              b"{\\rtf": "a text document (RTF)", b"SQLite format 3": "a database", b"\x7fELF": "a program"}


class Unreadable(LabsError):
    """The file is no notebook. Says what it is and what to do."""


def too_large(size: int) -> Unreadable:
    return Unreadable(f"the file has {size / MB:,.0f} MB, more than {MAX_FILE_BYTES // MB}: {CLEAR}")


def decoded(content: bytes, notes: Notes) -> str:
    if len(content) > MAX_FILE_BYTES:
        raise too_large(len(content))
    if kind := next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), ""):
        remedy = "unpack it and hand in the notebook (.ipynb) inside" if "archive" in kind else DOWNLOAD
        raise Unreadable(f"this is {kind}, not a notebook: {remedy}")
    encoding = json.detect_encoding(content)
    if encoding != "utf-8":
        name = f"{encoding[:-4]} with a byte order mark" if encoding.endswith("-sig") else encoding
        notes.say(f"the file was encoded as {name.replace('utf', 'UTF')}, a notebook is plain UTF-8; read all the same")
    text = _as_utf_8(content, notes) if encoding.startswith("utf-8") else content.decode(encoding, "replace")
    text = text.removeprefix("\ufeff")
    if not text.strip("\0 \t\r\n"):
        raise Unreadable("the file is empty: save the notebook in JupyterLab (Ctrl+S), look into it, hand in again")
    return text


def _as_utf_8(content: bytes, notes: Notes) -> str:
    """As UTF-8 where most of it is, with what is broken replaced; else as Windows' and the web's older encoding."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken <= sum(1 for c in text if c > "\x7f") - broken:
        notes.say("some characters of the file were broken and have been replaced")
        return text
    notes.say(
        "the file was encoded as Latin-1, a notebook is UTF-8; read all the same, special characters may be wrong"
    )
    return content.decode("cp1252", "replace")


def parsed(text: str, notes: Notes) -> object:
    if text.count("{") + text.count("[") > MOST_NODES:
        raise Unreadable(f"the notebook holds too much output to be read: {CLEAR}")
    text = text.strip("\0 \t\r\n")
    try:
        value, end = _loaded(text, notes)
    except RecursionError:
        raise Unreadable(f"the notebook is nested too deeply to be read: {CLEAR}") from None
    except ValueError as e:
        raise _no_json(text, e) from None
    if text[end:].strip("\0 \t\r\n"):
        notes.say("something followed the end of the notebook in its file; it was left out")
    return value


def _loaded(text: str, notes: Notes) -> tuple[object, int]:
    """The first JSON value and where it ends; line ends and tabs that JSON forbids within a text are let through."""
    try:
        return json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as e:
        if "control character" not in e.msg:
            raise
    value = json.JSONDecoder(strict=False).raw_decode(text)
    notes.say("the file had control characters that a notebook may not have; read all the same")
    return value


def _no_json(text: str, error: ValueError) -> Unreadable:
    """What the file seems to be, and what to do."""
    if re.search(r"(?m)^(<{7} |>{7} )", text):
        return Unreadable("the file has git's conflict markers (<<<<<<<): resolve the conflict, "
                          "open the notebook in JupyterLab, save, hand in again")
    if not text.startswith(("{", "[")):
        return Unreadable(f"this is {_kind_of(text)}, not a notebook: {DOWNLOAD}")
    at, message = getattr(error, "pos", 0), getattr(error, "msg", str(error))
    if at >= len(text) or message.startswith("Unterminated string"):
        return Unreadable(f"the file breaks off in the middle, after {len(text):,} characters: "
                          "open the notebook in JupyterLab, save, hand in again")
    return Unreadable(
        f"the file is damaged at line {text.count(chr(10), 0, at) + 1} ({message.lower()}): open the notebook in "
        "JupyterLab, or its last checkpoint (File > Revert Notebook to Checkpoint), save, hand in again"
    )


def _kind_of(text: str) -> str:
    head = text[:2000].lower()
    if head.startswith(("<!doctype html", "<html")) or "<html" in head:
        return "an HTML page"
    if head.startswith("<"):
        return "an XML file"
    if "\\documentclass" in head:
        return "a LaTeX file"
    if re.search(
        r"(?m)^(#!.*python|# -\*- coding|# %%|# in\[|#\s+coding|import \w|from [\w.]+ import |def \w+\()", head
    ):
        return "a Python script"
    if sum(1 for c in head if c == "\ufffd" or c < " " and c not in "\t\r\n") > len(head) / 20:
        return "a binary file"
    return "another kind of text"


def unwrapped(value: object) -> dict:
    """The notebook, also out of the envelope that Jupyter's server puts around one."""
    if isinstance(value, dict) and isinstance(value.get("content"), dict) and "cells" not in value:
        value = value["content"]
    if not isinstance(value, dict) or not ("cells" in value or "worksheets" in value):
        raise Unreadable(f"this is JSON, but not a notebook: {DOWNLOAD}")
    return value
