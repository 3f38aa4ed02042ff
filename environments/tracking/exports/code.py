"""Typed functions from a plan, so that a type checker refuses a wrong call before it ships.

    order_placed(send, {"order_id": 4711, "total_cents": 5490, ...})     # Python: pyrefly, mypy, pyright
    orderPlaced(send, {order_id: 4711, total_cents: 5490, ...})          // TypeScript: tsc

`send` is what a tool's library offers, such as `mixpanel.track` with its person filled in. Types know less than the
plan: bounds and patterns are for the door to check.
"""

import json
import keyword
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from environments.tracking.plan import Event, Plan, Property
from environments.tracking.words import slug, words, written

MADE = "Made from the tracking plan {name} {version}. Do not edit: change the plan."
PYTHON = {"integer": "int", "number": "float", "boolean": "bool"}
TYPESCRIPT = {"integer": "number", "number": "number", "boolean": "boolean"}
IMPORTED = {"Callable", "Literal", "Mapping", "NotRequired", "Send", "TypedDict"}
RESERVED = frozenset(
    "await break case catch class const continue debugger default delete do else enum export extends false finally for "
    "function if implements import in instanceof interface let new null package private protected public return static "
    "super switch this throw true try typeof var void while with yield send".split())


def python(plan: Plan) -> dict[str, str]:
    """A module with a TypedDict and a function for each event."""
    lines = [_quoted(MADE.format(name=plan.name, version=plan.version)), "",
             "from collections.abc import Callable, Mapping", "from typing import Literal, NotRequired, TypedDict", "",
             "Send = Callable[[str, Mapping[str, object]], object]"]
    for event in plan.events:
        kind = _type_name(event.name)
        lines += ["", *_PYTHON.record(kind, plan.properties_of(event)), "", "",
                  f"def {_function(slug(event.name), keyword.iskeyword)}(send: Send, properties: {kind}) -> None:",
                  f"    {_quoted(_about(event))}", f"    send({_quoted(event.name)}, properties)", ""]
    return {"tracking.py": "\n".join(lines)}


def typescript(plan: Plan) -> dict[str, str]:
    """A module with an interface and a function for each event."""
    lines = [f"// {_line(MADE.format(name=plan.name, version=plan.version))}", "",
             "export type Send = (event: string, properties: object) => unknown;"]
    for event in plan.events:
        kind = _type_name(event.name)
        function = _function(written(event.name, "camelCase") or "unnamed", RESERVED.__contains__)
        lines += ["", *_TYPESCRIPT.record(kind, plan.properties_of(event)), "", f"// {_line(_about(event))}",
                  f"export function {function}(send: Send, properties: {kind}): void {{",
                  f"  send({_quoted(event.name)}, properties);", "}"]
    return {"tracking.ts": "\n".join(lines) + "\n"}


@dataclass(frozen=True)
class _Language:
    """How one language writes a record, and in it each kind of value."""

    kinds: dict[str, str]
    text: str
    anything: str
    nothing: str
    list_of: str
    one_of: Callable[[list[str]], str]
    constants: dict[str, str]
    open: str
    field: str
    optional: str
    close: str

    def record(self, name: str, properties: tuple[Property, ...]) -> Iterator[str]:
        """Lines; records within it come first."""
        fields = []
        for prop in properties:
            kind = self.kind(prop, name)
            yield from self._inner(prop, name)
            fields.append((self.field if prop.required else self.optional).format(name=_quoted(prop.name), kind=kind))
        yield self.open.format(name=name)
        yield from fields
        yield self.close

    def _inner(self, prop: Property, within: str) -> Iterator[str]:
        if prop.items:
            yield from self._inner(prop.items, within)
        elif prop.type == "object":
            yield from [*self.record(f"{within}_{_type_name(prop.name)}", prop.properties), ""]

    def kind(self, prop: Property, within: str) -> str:
        if prop.values:
            kind = self.one_of([self._constant(value) for value in prop.values])
        elif prop.type == "array":
            kind = self.list_of.format(self.kind(prop.items, within) if prop.items else self.anything)
        elif prop.type == "object":
            kind = f"{within}_{_type_name(prop.name)}"
        else:
            kind = self.kinds.get(prop.type, self.text) if prop.type else self.anything
        return f"{kind} | {self.nothing}" if prop.nullable else kind

    def _constant(self, value: object) -> str:
        text = json.dumps(value, ensure_ascii=False)
        return self.constants.get(text, text)


_PYTHON = _Language(
    PYTHON, "str", "object", "None", "list[{}]", lambda values: f"Literal[{', '.join(values)}]",
    {"true": "True", "false": "False"}, '{name} = TypedDict("{name}", {{', "    {name}: {kind},",
    "    {name}: NotRequired[{kind}],", "})")
_TYPESCRIPT = _Language(
    TYPESCRIPT, "string", "unknown", "null", "({})[]", " | ".join, {}, "export interface {name} {{",
    "  {name}: {kind};", "  {name}?: {kind};", "}")


def _type_name(name: str) -> str:
    made = written(name, "PascalCase")
    if not made.isascii():
        return f"Event{_hexed(name)}"
    return made if made[:1].isalpha() and made not in IMPORTED else f"Event{made}"


def _function(name: str, taken: Callable[[str], bool]) -> str:
    name = name if name.isascii() else f"event_{_hexed(name)}"
    name = name if name[:1].isalpha() else f"event_{name}"
    return f"{name}_" if taken(name) else name


def _hexed(name: str) -> str:
    """Of a name in another script: an identifier that every tool takes."""
    return "".join(words(name)).encode().hex()


def _about(event: Event) -> str:
    trigger = event.trigger
    if trigger and trigger.when and trigger.once_per:
        return f"{event.description} When: {trigger.when}, once per {trigger.once_per}.".strip()
    return event.description or event.name


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _line(text: str) -> str:
    """In one line: what ends a line ends a comment."""
    return " ".join(text.split())
