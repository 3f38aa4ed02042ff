"""A copy of the course for the students of a class, without what would answer it: `labs publish FOLDER`.

What goes into it is named here, and nothing else does. The README and the Makefile lose what speaks of the rest.
"""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from autograders.homes import is_proof
from autograders.work import KEPT, keep
from environments.errors import LabsError
from environments.place import COURSE

ROOMS = (".devcontainer", "autograders", "binder", "datasets", "environments", "labs", "slides/images")
FILES = (
    ".gitattributes", ".gitignore", "LICENSE", "LICENSE-TEXT", "Makefile", "README.md", "nbgrader_config.py",
    "pyproject.toml", "requirements.lock",
)
FOR_AUTHORS = "autograders/skeleton/"
LEFT_BY_TOOLS = ("__pycache__", "*.pyc", ".ipynb_checkpoints", "*.egg-info", KEPT)
ANSWERS = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
MANIFEST = ".student-copy"  # in the copy: what was published into it, in the form of sha256sum
SETUP = """\
# That the course can be set up, and its services start.
name: setup
on: [push]
permissions:
  contents: read
jobs:
  setup:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
      - run: make setup
      - run: .venv/bin/labs doctor
      - run: .venv/bin/labs up && .venv/bin/labs down
"""
# What a page says to those who have the whole course. A table's row goes if it begins so.
ABOUT_THE_REST = re.compile(
    r"solutions/|tests/|docs/|slides/README|slides\.build|CONTRIBUTING"
    r"|make (test|release|grade|bench|architecture|lock)|actions/workflows"
)
ROWS = re.compile(r"\| (`labs (new|release|prove|grade|publish)\b|\[(solutions|slides|docs|tests)/)")
SECTIONS = ("For instructors",)
TARGETS = ("test-all", "test", "release", "grade", "bench", "architecture", "lock")
WORDS = (("Both need ", "This needs "), (", `prove` and `grade` take", " take"))
HAND_IN = (
    "*This is a copy of the course for the students of a class: its answers and the grading of what you hand in are "
    "with your instructor.*"
)


def is_student_copy() -> bool:
    return not (COURSE / "solutions").is_dir()


def require_whole_course() -> None:
    """Raises LabsError in a student copy."""
    if is_student_copy():
        raise LabsError(
            "this is a student copy of the course: releasing, proving and grading need the instructor's, which has "
            "solutions/."
        )


@dataclass(frozen=True)
class Published:
    """How many files the copy has, and the copies that were made of files that somebody had changed in it."""

    files: int
    kept: list[Path]


def publish(folder: Path) -> Published:
    """Write the copy, or bring one that is there up to date. What a person changed in it is kept aside.

    Raises LabsError where the folder holds something else, or labs/ is not what solutions/ makes.
    """
    require_whole_course()
    _check_place(folder)
    made = _checked_labs()
    contents = {str(file): made.get(COURSE / file) or (COURSE / file).read_bytes() for file in _chosen()}
    contents["README.md"] = _for_students((COURSE / "README.md").read_text(encoding="utf-8")).encode()
    contents["Makefile"] = _makefile((COURSE / "Makefile").read_text(encoding="utf-8")).encode()
    contents[".github/workflows/setup.yml"] = SETUP.encode()
    contents[MANIFEST] = "".join(f"{_digest(contents[name])}  {name}\n" for name in sorted(contents)).encode()
    _check_labs_hold_no_answers(contents)
    try:
        kept = _write(folder, contents)
    except OSError as e:
        raise LabsError(
            f"{folder} cannot be written ({e.strerror}). Make it yours to write, or name another folder."
        ) from None
    return Published(len(contents), kept)


def _check_place(folder: Path) -> None:
    if COURSE in (folder.resolve(), *folder.resolve().parents):
        raise LabsError(f"{folder} is inside this course, which has the answers. "
                        "Name a folder beside it: labs publish ../for-students")
    there = list(folder.iterdir()) if folder.is_dir() else []
    ours = (folder / MANIFEST).exists() or [path.name for path in there] in ([], [".git"])
    if folder.exists() and not (folder.is_dir() and ours):
        raise LabsError(
            f"{folder} holds something else. Name a folder that is new or empty, or that was published into before."
        )


def _checked_labs() -> dict[Path, bytes]:
    """What solutions/ makes: labs/ may have been run since, and then has outputs."""
    from autograders.release import release

    found = release(check=True)
    if differing := sorted(found.changed + found.written):
        raise LabsError(f"labs/ differs from what solutions/ makes: {', '.join(differing)}. Run: make release\n"
                        "Then run this again.")
    return found.made


def _check_labs_hold_no_answers(contents: dict[str, bytes]) -> None:
    found = [name for name, content in contents.items()
             if name.endswith(".ipynb") and ANSWERS.search(content.decode(errors="replace"))]
    if found:
        raise LabsError(f"{found[0]} has a solution or a hidden test in it; nothing was published. Run: make release\n"
                        "Then run this again.")


def _chosen() -> Iterator[Path]:
    """The files of the copy, by their path in the course: what git knows of, where git is used."""
    for file in _tracked() or _on_the_disk():
        name = file.as_posix()
        if (name in FILES or name.startswith(tuple(f"{room}/" for room in ROOMS))) and (COURSE / file).is_file() \
                and not is_proof(file) and not name.startswith(FOR_AUTHORS) \
                and not any(fnmatch(part, pattern) for part in file.parts for pattern in LEFT_BY_TOOLS):
            yield file


def _tracked() -> list[Path]:
    if not (COURSE / ".git").exists() or not shutil.which("git"):
        return []
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=COURSE, capture_output=True)
    return [Path(os.fsdecode(name)) for name in listed.stdout.split(b"\0") if name] if listed.returncode == 0 else []


def _on_the_disk() -> list[Path]:
    return [Path(name) for name in FILES] + [
        file.relative_to(COURSE) for room in ROOMS for file in (COURSE / room).rglob("*")
    ]


def _write(folder: Path, contents: dict[str, bytes]) -> list[Path]:
    """Files first, the manifest last; what an earlier copy had and this one has not goes. What was kept aside."""
    folder.mkdir(parents=True, exist_ok=True)
    before, kept = _published_before(folder), []
    for name in sorted(contents, key=lambda name: name == MANIFEST):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        there = file.read_bytes() if file.is_file() else None
        if there != contents[name]:
            if there is not None and name != MANIFEST and _digest(there) != before.get(name):
                kept.append(keep(file))
            _put(file, contents[name], COURSE / name)
    for name in before.keys() - contents.keys():
        file = folder / name
        if ".." not in Path(name).parts and not Path(name).is_absolute() and file.is_file():
            if _digest(file.read_bytes()) != before[name]:
                kept.append(keep(file))
            file.unlink()
    return kept


def _published_before(folder: Path) -> dict[str, str]:
    """What an earlier run wrote there: by path the digest."""
    file = folder / MANIFEST
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _put(file: Path, content: bytes, like: Path) -> None:
    file.write_bytes(content)
    if like.exists():
        shutil.copymode(like, file)


# README and Makefile

def _for_students(page: str) -> str:
    """A page without the paragraphs, rows and sections that speak of what the copy does not have."""
    kept, dropping = [], False
    for block in _blocks(page):
        if block.startswith("## "):
            dropping = block.strip("# \n") in SECTIONS
        if block.startswith("|"):
            block = "\n".join(line for line in block.split("\n") if not ROWS.match(line))
        elif ABOUT_THE_REST.search(block):
            continue
        if not dropping:
            kept.append(block)
    text = "\n\n".join([kept[0], HAND_IN, *kept[1:]]) + "\n"
    for words, instead in WORDS:
        text = text.replace(words, instead)
    return text


def _blocks(page: str) -> list[str]:
    """The paragraphs of a Markdown text; a fenced block is one, whatever is in it."""
    return [block.strip("\n") for block in re.findall(r"(?ms)^```.*?^```$|^(?!```)\S.*?(?=\n\s*\n|\n```|\Z)", page)]


def _makefile(text: str) -> str:
    """The Makefile without the targets that need what the copy does not have."""
    for target in TARGETS:
        text = re.sub(rf"(?m)^{target}:.*\n(?:\t.*\n)*\n?", "", text)
        text = re.sub(rf"(?m)^(\.PHONY:.*?) {target}\b", r"\1", text)
    return text.rstrip() + "\n"
