"""What the name of a file, a folder or a student says."""

import re

NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)
OTHER_LAB = re.compile(r"(?:^|_)(\d\d_[a-z]\w*)$")
VERSION = re.compile(r"(?P<stem>.+?)(?: ?\((?P<copy>\d{1,3})\)|-(?P<number>\d{1,3}))?", re.DOTALL)
# Names of people and files as platforms that are not known here put them: never an id by themselves.
PLATFORM_LIKE = re.compile(r"[,;()\[\]{}#&]| - |\d{4}-\d\d-\d\d|_attempt_|assignsubmission|"
                           r"_\d+_\d+$|(^|_)LATE(_|$)|^anon_", re.IGNORECASE)
EVERYDAY = re.compile(
    r"(version|attempt|rev(ision)?|submi(ssions?|tted)|uploads?|draft|group|final|labs?|assignments?|files?|work|"
    r"notebooks?|downloads?|new folder|late|on ?time|export)[ _-]?\d*",
    re.IGNORECASE,
)


def why_not_by_itself(text: str) -> str:
    """Why a name that a file or folder gives cannot be taken for a student's id where no list says whose it is."""
    if PLATFORM_LIKE.search(text):
        return "looks like a platform's name for a person, not like an id"
    if EVERYDAY.fullmatch(text):
        return "is an everyday name, not a student's id"
    return ""


def student_before(part: str, assignment: str) -> str:
    """The student in STUDENT_ASSIGNMENT, with or without an ending and the mark of a second download."""
    stem = stem_and_version(part)[0]
    ending = f"_{assignment}".casefold()
    return stem[:-len(ending)] if stem.casefold().endswith(ending) else ""


def stem_and_version(name: str) -> tuple[str, int]:
    """A notebook's name without ending and version, and the version:
    lab-1.ipynb, lab (1).ipynb; 0 where there is none."""
    match = VERSION.fullmatch(NOTEBOOK.sub("", name))
    return (match["stem"], int(match["copy"] or match["number"] or 0)) if match else (name, 0)


def is_named(name: str, assignment: str) -> bool:
    """Whether a notebook has the assignment's name, in whatever case and version."""
    return stem_and_version(name)[0].casefold() == assignment.casefold()


def other_lab(stem: str, assignment: str) -> str:
    """The lab that a name names at its end, where that has another number than ours."""
    match = OTHER_LAB.search(stem)
    return match[1] if match and match[1][:2] != assignment[:2] and assignment[:2].isdigit() else ""
