"""Prose and comments are spelt right, and say things in today's plain words."""

import ast
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograders.homes import LISTED
from environments.place import COURSE

FOLDERS = (".ci", ".github", "autograders", "binder", "datasets", "docs", "environments", "slides", "tests")
PROSE = (".md", ".toml", ".yml", ".yaml", ".cff")
LABS = sorted((COURSE / "solutions").glob("*/*.ipynb"))  # those in labs/ are made from them
# What a reader would stumble over, and what to write.
PLAIN = {
    r"mend(s|ed|ing)?": "fix",
    r"anew": "again, or from scratch",
    r"who(so)?ever": "anyone who, or the thing itself",
    r"meanwhile": "while it runs, or in the meantime",
    r"dearer": "more expensive",
    r"without harm": "idempotent, or what running it again does",
    r"of which something": "with at least one",
    r"one a (processor|row|class|page|cell|line)": "one per",
    r"\d[\d,.]* (?!in\b)\w+ a (second|minute|page|row|cell|processor|class|student)": "per",
    r"(hence|hitherto|lest|nought|thereof|therein|whence|wherein)": "a word of today",
}
STUMBLED_OVER = re.compile("|".join(rf"\b{phrase}\b" for phrase in PLAIN), re.IGNORECASE)
# Where what is said is the word itself.
NOT_OURS = {"tests/test_wording.py"}


def files(*endings: str) -> list[Path]:
    """The course's files with one of these endings, without what is generated."""
    found = [path for folder in FOLDERS for path in (COURSE / folder).rglob("*") if path.suffix in endings]
    found += [path for path in COURSE.glob("*") if path.suffix in endings]
    return sorted(path for path in found if not {"__pycache__", "node_modules", "html"} & set(path.parts)
                  and str(path.relative_to(COURSE)) not in NOT_OURS)


def prose_of(code: str) -> Iterator[tuple[int, str]]:
    """The comments and docstrings of Python code, by line."""
    for token in tokenize.generate_tokens(iter(code.splitlines(keepends=True)).__next__):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if docstring := ast.get_docstring(node, clean=False):
                yield node.body[0].lineno, docstring


def stumbles(texts: list[tuple[str, str]]) -> list[str]:
    return [f"{where}: {found[0]}" for where, text in texts for found in STUMBLED_OVER.finditer(text)]


def cells_of(notebook: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(notebook, as_version=4).cells]


def spelling(*paths: Path) -> str:
    """What codespell says of these files."""
    program = Path(sys.executable).parent / "codespell"
    return subprocess.run([program, *paths], cwd=COURSE, capture_output=True, text=True, timeout=120).stdout


def test_every_word_is_spelt_right():
    """But for the lists of mutants, which cut code short in the middle of words."""
    assert spelling(*(file for file in files(".py", *PROSE) if file.name != LISTED)) == ""


def test_a_misspelt_word_is_found(tmp_path):
    (tmp_path / "page.md").write_text("The standby recieves WAL.\n")
    assert "recieves ==> receives" in spelling(tmp_path / "page.md")


def test_prose_says_it_in_plain_words():
    assert stumbles([(str(path.relative_to(COURSE)), path.read_text(encoding="utf-8")) for path in files(*PROSE)]) == []


def test_comments_and_docstrings_say_it_in_plain_words():
    suspects = {path: text for path in files(".py") if STUMBLED_OVER.search(text := path.read_text(encoding="utf-8"))}
    said = [(f"{path.relative_to(COURSE)}:{line}", text)
            for path, code in suspects.items() for line, text in prose_of(code)]
    assert stumbles(said) == []


def test_a_phrase_to_avoid_is_found_in_a_comment_and_a_docstring():
    code = '"""Whoever reads it whole."""\nanew = 1  # to be mended\n'
    assert stumbles([(str(line), text) for line, text in prose_of(code)]) == ["2: mended", "1: Whoever"]


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_a_lab_is_spelt_right(path, tmp_path):
    (tmp_path / f"{path.stem}.md").write_text("\n\n".join(cells_of(path)), encoding="utf-8")
    assert spelling(tmp_path / f"{path.stem}.md") == ""


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_a_lab_says_it_in_plain_words(path):
    assert stumbles([(f"cell {number}", source) for number, source in enumerate(cells_of(path))]) == []
