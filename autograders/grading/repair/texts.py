"""The text of a cell: its lines, and what its code defines and uses."""

import ast
import re
import warnings
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_PARSED = 50_000  # characters of a cell that is looked into
OTHER_LANGUAGE = re.compile(r"\s*%%(?!time|timeit|capture|prun)")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
MAGIC = re.compile(r"(?m)^([ \t]*)[%!?].*$")
LINE_NAMES = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)|(\w+)\s*(?::[^=\n]+)?=(?!=)")


def trimmed(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.splitlines()).rstrip()


@dataclass(frozen=True)
class Statement:
    """A statement at the top level: the line it begins on, comments and decorators included, and what it binds."""

    line: int
    names: frozenset[str]


def tree_of(source: str) -> ast.Module | None:
    """The code of a cell without its magics; nothing where it is no Python."""
    if len(source) > MOST_PARSED or OTHER_LANGUAGE.match(source):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(MAGIC.sub(r"\1pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _outline(source: str) -> list[Statement]:
    if OTHER_LANGUAGE.match(source) or len(source) > MOST_PARSED:
        return []
    lines = source.split("\n")
    tree = tree_of(source)
    found = (
        _by_lines(lines)
        if tree is None
        else [
            (min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1, _binds(node))
            for node in tree.body
        ]
    )
    return [Statement(_with_comments(lines, line), frozenset(names)) for line, names in found]


def _by_lines(lines: list[str]) -> list[tuple[int, set[str]]]:
    """An outline of what is no Python yet, by the lines that stand at the margin."""
    return [(number, {name for name in found.groups() if name} if (found := LINE_NAMES.match(line)) else set())
            for number, line in enumerate(lines) if line[:1] not in ("", " ", "\t", "#", ")", "]", "}")]


def _with_comments(lines: list[str], line: int) -> int:
    while line and lines[line - 1].startswith(("#", "@")):
        line -= 1
    return line


def _binds(statement: ast.stmt) -> set[str]:
    """The names that a statement binds at the top level, whatever branch it takes."""
    if isinstance(statement, DEFINITIONS):
        return {statement.name}
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, DEFINITIONS):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.split(".")[0] for alias in node.names)
    return names


def names_bound(source: str) -> set[str]:
    return {name for statement in _outline(source) for name in statement.names}


def names_loaded(source: str) -> set[str]:
    tree = tree_of(source)
    if tree is None:
        return set(re.findall(r"\b[A-Za-z_]\w*", source[:MOST_PARSED]))
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def divided(source: str, wanted: set[str], own: set[str]) -> tuple[str, str]:
    """A cell's text without, and only, the statements that define the wanted names and what follows each of them."""
    lines, outline = source.split("\n"), _outline(source)
    pieces, taking = {False: lines[:outline[0].line] if outline else lines, True: []}, False
    for statement, following in zip(outline, [*outline[1:], Statement(len(lines), frozenset())], strict=True):
        taking = bool(statement.names & wanted) or taking and not statement.names & own
        pieces[taking] += lines[statement.line:following.line]
    return "\n".join(pieces[False]).strip("\n"), "\n".join(pieces[True]).strip("\n")


def beyond(source: str, released: str) -> str:
    """What a text has beyond the lines of the released one."""
    lines, known = trimmed(source).split("\n"), trimmed(released).split("\n")
    if len(lines) * len(known) > 50_000:
        return source
    blocks = SequenceMatcher(None, known, lines, autojunk=False).get_matching_blocks()
    same = {number for block in blocks for number in range(block.b, block.b + block.size)}
    return "\n".join(line for number, line in enumerate(lines) if number not in same).strip("\n")


def without_block(source: str, released: str) -> str | None:
    """The text without the released one, where that stands in it line by line; else nothing."""
    lines, block = trimmed(source).split("\n"), trimmed(released).strip("\n").split("\n")
    at = position(lines, block)
    return None if at < 0 else "\n".join([*lines[:at], *lines[at + len(block):]]).strip("\n")


def position(lines: list[str], block: list[str], start: int = 0) -> int:
    return next((at for at in range(start, len(lines) - len(block) + 1) if lines[at:at + len(block)] == block), -1)


def says_something(source: str) -> bool:
    return any(line.strip() and not line.strip().startswith("#") for line in source.splitlines())
