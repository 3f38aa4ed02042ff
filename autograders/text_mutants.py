"""Mutants of texts that a tool reads: SQL with Jinja in it, as dbt has it, and YAML."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from autograders.sql_mutants import MORE_CHANGES, SQL_BEGINS, changed, read

DIALECT = "duckdb"
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
LOOP = re.compile(r"\{%-?\s*for\b.*?(,?)\s*\{%-?\s*endfor\s*-?%\}", re.S)  # a loop over columns may end with a comma
VALUE = re.compile(r"\{\{-?(.*?)-?\}\}", re.S)
HEAD = re.compile(rf"(?:\s|{TAG.pattern})*", re.S)
TAIL = re.compile(r"(?:\s|\{%(?:(?!%\}).)*%\})*\Z", re.S)
MACRO = re.compile(r"\{%-?\s*macro\b")
MASK = re.compile(r"/\* (jinja_\d+) \*/|\b(columns_\d+),?|\b(jinja_\d+)\b")
AROUND = 2  # words that are shown beside what has changed
Expressions = Callable[[str], Iterator[str]]


@dataclass(frozen=True)
class Change:
    """A text with a mistake, and the words of it that differ."""

    was: str
    is_now: str
    text: str


def _change(before: str, after: str) -> Change:
    old, new = before.split(), after.split()
    first = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    most = min(len(old), len(new)) - first
    last = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    begin = max(first - AROUND, 0)
    was, is_now = (" ".join(words[begin:len(words) - max(last - AROUND, 0)]) for words in (old, new))
    return Change(was, is_now, after)


# SQL with Jinja

def jinja_mutants(text: str, expressions: Expressions) -> Iterator[Change]:
    """A dbt text with one mistake, in its SQL or in what `expressions` makes of a value in braces; nothing where
    there is no Jinja in it, and none of the SQL where sqlglot would leave a statement of Jinja at another place."""
    if not TAG.search(text):
        return
    for value in VALUE.finditer(text):
        for new in expressions(value[1].strip()):
            yield _change(text, f"{text[:value.start()]}{{{{ {new} }}}}{text[value.end():]}")
    yield from _sql_of(text)


def _sql_of(text: str) -> Iterator[Change]:
    start = HEAD.match(text).end()  # type: ignore[union-attr]
    end = TAIL.search(text, start).start()  # type: ignore[union-attr]
    if not MACRO.search(text[:start]) and next(iter(text[start:end].lower().split(None, 1)), "") not in SQL_BEGINS:
        return
    masked, tags = _masked(text[start:end])
    query = read(masked, DIALECT)
    if not query or not _in_place(masked, whole := query.sql(DIALECT)):
        return
    before = text[:start] + _unmasked(whole, tags) + text[end:]
    for sql in changed(query, DIALECT, MORE_CHANGES):
        yield _change(before, text[:start] + _unmasked(sql, tags) + text[end:])


def _masked(sql: str) -> tuple[str, dict[str, str]]:
    """SQL with a name for each value of Jinja and each whole loop, and a comment for each other statement."""
    tags: dict[str, str] = {}

    def mask(tag: re.Match) -> str:
        loop = LOOP.fullmatch(tag[0])
        name = f"columns_{len(tags)}," if loop and loop[1] else f"jinja_{len(tags)}"
        tags[name.rstrip(",")] = tag[0]
        return name if tag[0].startswith("{{") or loop else f"/* {name} */"

    return re.sub(f"{LOOP.pattern}|{TAG.pattern}", mask, sql, flags=re.S), tags


def _unmasked(sql: str, tags: dict[str, str]) -> str:
    """The same with its Jinja. Statements that went with what is left out stand at the end: they come in pairs."""
    gone = [name for name, tag in tags.items() if not tag.startswith("{{") and name not in sql]
    return MASK.sub(lambda mask: tags[mask[1] or mask[2] or mask[3]], " ".join([sql, *gone]))


def _in_place(before: str, after: str) -> bool:
    """Whether each statement of Jinja stands between the same words in both."""
    return _neighbours(before) == _neighbours(after)


def _neighbours(sql: str) -> list[tuple[str, ...]]:
    words = re.findall(r"/\* jinja_\d+ \*/|\w+|[^\w\s]", sql.lower())
    return [tuple(words[max(n - 1, 0):n + 2]) for n, word in enumerate(words) if word.startswith("/* ")]


# YAML

def yaml_mutants(text: str) -> Iterator[Change]:
    """YAML with a key or an item left out, a number one off, or the opposite of a truth; nothing where the text is no
    mapping of more than words."""
    try:
        whole = yaml.safe_load(text)
    except yaml.YAMLError:
        return
    if not isinstance(whole, dict) or not any(isinstance(value, (dict, list)) for value in whole.values()):
        return
    before = _dumped(whole, text)
    for new in _with_one_mistake(whole):
        if new and (after := _dumped(new, text)) != before:
            yield _change(before, after)


def _dumped(value, like: str) -> str:
    """As YAML in lines, or in one line as `like` has it, with its braces or without."""
    if "\n" in like.strip():
        return yaml.safe_dump(value, sort_keys=False)
    line = yaml.safe_dump(value, sort_keys=False, default_flow_style=True, width=10_000).strip()
    return line if like.lstrip().startswith("{") else line[1:-1]


def _with_one_mistake(value) -> Iterator:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield {name: other for name, other in value.items() if name != key}
            yield from (value | {key: new} for new in _with_one_mistake(item))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            if len(value) > 1:
                yield value[:place] + value[place + 1:]
            yield from ([*value[:place], new, *value[place + 1:]] for new in _with_one_mistake(item))
