"""What can be a student's id.

One rule for every way an id comes in: names of files and folders, a list of students, a pattern, nbgrader's own
folders. An id becomes the name of a folder, an argument of commands, and a cell of a table.
"""

import re
import unicodedata

MAX_CHARACTERS = 100  # characters
MOST_BYTES = 200  # of a folder's name, whose limit is 255
FORMULA = "=+-@"  # what makes a spreadsheet calculate a cell, and "-" an option of a command
FORBIDDEN = set("/\\+*?[]<>|:\"")  # paths, nbgrader's separator, what nbgrader globs with, what Windows refuses
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # Windows' devices


def why_no_id(text: str) -> str:
    """Why a text cannot be a student's id; empty where it can."""
    if not text.strip():
        return "it is empty"
    if text != text.strip():
        return "it has blanks at an end"
    if not text.isprintable():
        return "it has characters that cannot be seen"
    if text[0] in FORMULA or text[0] == ".":
        return f"it begins with {text[0]}"
    if text[-1] == "." or ".." in text:
        return "its dots would make it another folder's name"
    if bad := sorted(set(text) & FORBIDDEN):
        return f"it has {' '.join(bad)} in it"
    if len(text) > MAX_CHARACTERS or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        return f"it is longer than {MAX_CHARACTERS} characters"
    if RESERVED.fullmatch(text):
        return "Windows keeps this name for a device"
    return ""


def as_id(text: str) -> str:
    """A text in the one form in which ids are compared: accents as single characters."""
    return unicodedata.normalize("NFC", text)


def as_cell(value):
    """A value for a table that a spreadsheet opens: a text that would be calculated there is kept a text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in (*FORMULA, "\t", "\r") else value
