"""YAML as plain data with the line of each value, within limits, from a file that nobody vouches for.

Plain words mean what YAML 1.2's core schema says (https://yaml.org/spec/1.2.2/#103-core-schema, read 2026-11-30):
`no` and `2026-07-01` are text. Aliases, anchors, tags and keys that come twice are refused: a plan needs none, and
each of them can hide what the file says.
"""

import re
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import yaml

from environments.tracking.diagnostics import pointer

MAX_BYTES, MAX_VALUES, MAX_DEPTH = 2**20, 50_000, 24
MAX_DIGITS = 32
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None, "true": True, "True": True, "TRUE": True,
         "false": False, "False": False, "FALSE": False}


class BadYaml(Exception):
    """`line` counts from 1."""

    def __init__(self, line: int, where: str, message: str, next: str):
        super().__init__(message)
        self.line, self.where, self.message, self.next = line, where, message, next


@dataclass
class Document:
    """Data, and the line on which the value at each JSON pointer begins (of a key's value: the key's line)."""

    data: Any = None
    lines: dict[str, int] = field(default_factory=dict)

    def line(self, at: str) -> int:
        """The line of a pointer, or of the nearest thing around it that is there."""
        while at and at not in self.lines:
            at = at.rpartition("/")[0]
        return self.lines.get(at, 1)


def documents(content: bytes, most: int = 1) -> list[Document]:
    """The documents of a file. Raises BadYaml."""
    if len(content) > MAX_BYTES:
        raise BadYaml(1, "", f"the file has {len(content):,} bytes, more than {MAX_BYTES:,}.", "Split the plan in two.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = content[:e.start].count(b"\n") + 1
        raise BadYaml(line, "", "a byte here is not UTF-8.", "Save the file as UTF-8.") from None
    try:
        return _Builder(text, most).documents()
    except yaml.YAMLError as e:
        raise _not_yaml(e) from None


def _not_yaml(error: yaml.YAMLError) -> BadYaml:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or "a character that YAML does not allow"
    return BadYaml(mark.line + 1 if mark else 1, "", f"this is not YAML: {said}.",
                   "Look at the indentation, quotes and colons on this line and the one before.")


class _Builder:
    """Builds data from the parser's events, and counts as it goes."""

    def __init__(self, text: str, most: int):
        self.events = iter(yaml.parse(text, Loader=LOADER))
        self.most, self.values = most, 0

    def documents(self) -> list[Document]:
        found: list[Document] = []
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if len(found) == self.most:
                    raise BadYaml(event.start_mark.line + 1, "", f"a document too many: {self.most} at most.",
                                  "Put each plan into a file of its own.")
                self.document = Document()
                self.document.data = self._value(next(self.events), ())
                found.append(self.document)
        return found

    def _value(self, event, at: tuple, line: int | None = None) -> Any:
        """The value that begins with this event. `line`: that of its key."""
        begun = event.start_mark.line + 1
        where = pointer(*at)
        self._refuse_tricks(event, begun, where, len(at))
        self.document.lines[where] = line or begun
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(at)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(at)
        return scalar(event.value) if event.implicit[0] else event.value

    def _refuse_tricks(self, event, line: int, where: str, depth: int) -> None:
        self.values += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise BadYaml(line, where, "an alias or anchor (*, &).", "Write the value out where it is needed.")
        if event.tag and event.tag != "!":
            next = "Leave it out: plain text, numbers, true and false do."
            raise BadYaml(line, where, f"a tag ({event.tag[:60]}).", next)
        if depth > MAX_DEPTH or self.values > MAX_VALUES:
            much = f"more than {MAX_DEPTH} levels or {MAX_VALUES:,} values."
            raise BadYaml(line, where[:200], much, "Split the plan in two.")

    def _mapping(self, at: tuple) -> dict:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise BadYaml(line, pointer(*at), "a key that is not text.", "Write the key as one word, or in quotes.")
            key = event.value
            self._refuse_tricks(event, line, pointer(*at), len(at))
            if key in found:
                first = self.document.lines[pointer(*at, key)]
                raise BadYaml(line, pointer(*at, key), f"this key is on line {first} already.",
                              "Keep one of the two: YAML would silently take the last.")
            found[key] = self._value(next(self.events), (*at, key), line)
        return found

    def _sequence(self, at: tuple) -> list:
        found: list = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*at, len(found))))
        return found


def scalar(text: str) -> Any:
    """What a plain word means."""
    if text in WORDS:
        return WORDS[text]
    if not NUMBER.fullmatch(text) or len(text) > MAX_DIGITS:
        return text
    try:
        return int(text)
    except ValueError:
        value = float(text)
        return value if isfinite(value) else text


def to_yaml(data: Any) -> str:
    """Data as YAML that reads as the same data here, without aliases."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """In quotes where a plain word would be a number or nothing."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if scalar(text) == text else "'")


_Dumper.add_representer(str, _text)
