"""What the name of a file, a folder or a student says."""

import re

NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)
OTHER_LAB = re.compile(r"(?:^|_)(\d\d_[a-z]\w*)$")
VERSION = re.compile(r"(?P<stem>.+?)(?: ?\((?P<copy>\d{1,3})\)|-(?P<number>\d{1,3}))?", re.DOTALL)


def is_id(text: str) -> bool:
    """Whether a student's id can be a folder's name, as nbgrader makes it one."""
    return 0 < len(text) <= 100 and text[0] != "." and text == text.strip() and text.isprintable() and not set(text) & set("/\\")


def student_before(part: str, assignment: str) -> str:
    """The student in STUDENT_ASSIGNMENT, with or without an ending and the mark of a second download."""
    stem = stem_and_version(part)[0]
    return stem.removesuffix(f"_{assignment}") if stem.endswith(f"_{assignment}") else ""


def stem_and_version(name: str) -> tuple[str, int]:
    """A notebook's name without ending and version, and the version: lab-1.ipynb, lab (1).ipynb; 0 where there is none."""
    match = VERSION.fullmatch(NOTEBOOK.sub("", name))
    return (match["stem"], int(match["copy"] or match["number"] or 0)) if match else (name, 0)


def other_lab(stem: str, assignment: str) -> str:
    """The lab that a name names at its end, where that has another number than ours."""
    match = OTHER_LAB.search(stem)
    return match[1] if match and match[1][:2] != assignment[:2] and assignment[:2].isdigit() else ""
