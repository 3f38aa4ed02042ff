"""Checks of Lab 8, part 5: annotations and signatures by what they mean in Python, and calls that a plan forbids.

What a student wrote is read, never run: any notation that means the same is right.
"""

import ast
from collections.abc import Iterator
from random import Random

from autograders.checks.lab_08.plain import Case, ask
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["annotation", "signature", "wrong_calls"]

NOUNS = ("Order", "Box", "Recipe", "Meal Plan", "Gift", "Menu")
VERBS = ("Placed", "Viewed", "Saved", "Rated", "Shared", "Paused")
WORDS = ("size", "colour", "price_cents", "cuisine", "servings", "page", "channel", "stars", "step", "locale")
LONGEST = 2000  # characters of an annotation or a signature


def an_event(random: Random) -> str:
    return f"{random.choice(NOUNS)} {random.choice(VERBS)}"


# What an annotation means

class Unreadable(Exception):
    """It is no annotation of the kinds that stand for properties."""


def meaning(text: object) -> frozenset:
    """The alternatives of an annotation, in any notation of Python 3.11."""
    if type(text) is not str or len(text) > LONGEST:
        raise Unreadable
    try:
        return frozenset(_alternatives(ast.parse(text.strip(), mode="eval").body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable from None


def _alternatives(node: ast.expr) -> Iterator[tuple]:
    if isinstance(node, ast.Constant) and node.value is None:
        yield ("None",)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from meaning(node.value)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _alternatives(node.left)
        yield from _alternatives(node.right)
    elif isinstance(node, ast.Subscript):
        yield from _subscripted(_name(node.value), node.slice)
    else:
        yield (_name(node),)


def _subscripted(name: str, inner: ast.expr) -> Iterator[tuple]:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Literal":
        yield from (_literal(part) for part in parts)
    elif name in ("Union", "Optional"):
        for part in parts:
            yield from _alternatives(part)
        if name == "Optional":
            yield ("None",)
    elif name in ("list", "List") and len(parts) == 1:
        yield ("list", frozenset(_alternatives(inner)))
    else:
        raise Unreadable


def _literal(node: ast.expr) -> tuple:
    value = ast.literal_eval(node)
    return ("None",) if value is None else ("Literal", type(value).__name__, value)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("typing", "t"):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    raise Unreadable


def due_meaning(prop: dict, nullable: bool = False) -> frozenset:
    kinds = {"integer": "int", "number": "float", "boolean": "bool"}
    if "values" in prop:
        found = {("Literal", type(value).__name__, value) for value in prop["values"]}
    elif prop["type"] == "array":
        found = {("list", due_meaning(prop["items"]))}
    else:
        found = {(kinds.get(prop["type"], "str"),)}
    return frozenset(found | ({("None",)} if nullable or prop.get("nullable") else set()))


def _means(text: object, prop: dict, nullable: bool = False) -> bool:
    try:
        return meaning(text) == due_meaning(prop, nullable)
    except Unreadable:
        return False


@repeatable
def annotation(function) -> None:
    """Each type, values of each kind and with quotes in them, lists of lists, null at each place."""
    asked = CheckedFunction(function,
                            look="what Python's type checkers know: str, int, float, bool, Literal, list, None")
    most = draw.randrange(3, 50)
    cases = {
        **{f"of type {kind}": {"type": kind, "required": True}
           for kind in ("string", "decimal", "date", "date-time", "integer", "number", "boolean")},
        "of type enum without values": {"type": "enum"},
        "that may be null": {"type": draw.choice(("integer", "boolean")), "nullable": True},
        "that must not be null": {"type": "integer", "nullable": False, "minimum": most},
        "with values of text": {"type": "enum", "values": draw.sample(WORDS, 3)},
        "with quotes in its values": {"type": "enum", "values": ["it's", '12" pan', "a\\b"]},
        "with values that are numbers": {"type": "integer", "values": [1, most]},
        "with true alone": {"type": "boolean", "values": [True]},
        "with values, or null": {"type": "string", "values": ["a", "null"], "nullable": True},
        "that is a list of numbers": {"type": "array", "items": {"type": "number"}},
        "that is a list of values": {"type": "array", "items": {"type": "enum", "values": ["x", "y"]}},
        "that is a list in which null may be": {"type": "array", "items": {"type": "string", "nullable": True}},
        "that is a list, or null": {"type": "array", "items": {"type": "integer"}, "nullable": True},
        "that is a list of lists": {"type": "array", "items": {"type": "array", "items": {"type": "date"}}},
    }
    for what, prop in cases.items():
        got = asked(prop, when=f"of a property {what}")
        asked.expect(_means(got, prop), "an annotation that allows what the property allows, and no other type")


# What a signature means

@repeatable
def signature(function) -> None:
    """Required and optional properties, one that is required and may be null, none at all."""
    asked = CheckedFunction(function, look="send, then * and each property with its annotation; which have a default?")
    one, two, three, four = draw.sample(WORDS, 4)
    mixed = {one: {"type": "integer"}, two: {"type": "string", "required": True},
             three: {"type": "string", "required": True, "nullable": True}, four: {"type": "integer", "nullable": True}}
    cases = {
        "whose properties are required": {two: {"type": "string", "required": True},
                                          one: {"type": "integer", "required": True}},
        "one of whose properties is optional": {one: {"type": "string"}, two: {"type": "integer", "required": True}},
        "whose one property says required: false": {four: {"type": "integer", "required": False}},
        "in which a required property may be null": mixed,
    }
    for what, props in cases.items():
        _ask_signature(asked, an_event(draw), {"properties": props}, what)
    _ask_signature(asked, "Meal Plan Shared", {"properties": {one: {"type": "string"}}}, "of three words")
    small, plain = draw.choice(["Meal shared", "box viewed"]), {"properties": {two: {"type": "string"}}}
    _ask_signature(asked, small, plain, "with a word in small letters")
    _ask_signature(asked, "FAQ Viewed", plain, "with a word in capitals")
    _ask_signature(asked, an_event(draw), {}, "without properties")


def _ask_signature(asked: CheckedFunction, name: str, event: dict, what: str) -> None:
    got = asked(name, event, when=f"of an event {what}")
    made = _function(got)
    asked.expect(made is not None, "one line of Python: def name(...) -> None:")
    assert made is not None
    asked.expect(made.name == name.lower().replace(" ", "_"), "the event's words in snake_case as the function's name")
    plain = [*made.args.posonlyargs, *made.args.args]
    asked.expect([each.arg for each in plain] == ["send"] and not made.args.defaults,
                 "send alone before the *: properties are given by keyword")
    props = event.get("properties", {})
    given = dict(zip((each.arg for each in made.args.kwonlyargs),
                     zip(made.args.kwonlyargs, made.args.kw_defaults, strict=True), strict=True))
    extra = made.args.vararg or made.args.kwarg
    asked.expect(given.keys() == props.keys() and not extra, "an argument for each property, and no others")
    for key, prop in props.items():
        argument, default = given[key]
        optional = not prop.get("required")
        asked.expect((default is not None) == optional, "a default for what is not required, and no other")
        is_none = isinstance(default, ast.Constant) and default.value is None
        asked.expect(default is None or is_none, "None as the default")
        text = ast.unparse(argument.annotation) if argument.annotation else None
        asked.expect(_means(text, prop, optional), "annotations, with None for what may be left out")


def _function(text: object) -> ast.FunctionDef | None:
    """The function that a first line begins, without a body of its own."""
    if type(text) is not str or len(text) > LONGEST or "\n" in text.strip() or not text.strip().endswith(":"):
        return None
    try:
        (made,) = ast.parse(f"{text.strip()} pass").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(made, ast.FunctionDef) or not _is_none(made.returns):
        return None
    return made


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


# Calls that a plan forbids

ROOT = {"type": "integer", "required": True}


@repeatable
def wrong_calls(function) -> None:
    """Calls at every place, right and wrong ones, and what only looks like a call."""
    asked = CheckedFunction(function,
                            look="ast.walk finds every call; compare the keys of its dict with the plan's properties")
    one, two, three, four = draw.sample(WORDS, 4)
    name, bare = an_event(draw), "App Opened"
    plan = {"version": "1-0-0", "events": {name: {"properties": {
        one: ROOT, two: ROOT | {"type": "string"}, three: {"type": "string"},
        four: {"type": "integer", "required": False}}}, bare: {}}}
    right = f'track("{name}", {{"{two}": "a", "{one}": 1}})'
    cases = [
        ("with right calls alone",
         f'{right}\ntrack("{bare}", {{}})\ntrack("{name}", {{"{one}": 1, "{two}": x, "{three}": f(2)}})',
         [], "nothing"),
        ("with an event that is not planned", f'{right}\ntrack("Button Clicked", {{"{one}": 1}})',
         [(2, "unplanned event")], "that line, and one problem"),
        ("with an event in another spelling", f'track("{name.lower()}", {{}})', [(1, "unplanned event")], "that line"),
        ("with properties missing", f'track("{name}", {{"{three}": 1}})',
         sorted([(1, f"missing {one}"), (1, f"missing {two}")]), "each of them, sorted"),
        ("with a property that is not planned", f'{right}\ntrack("{bare}", {{"email": 1}})',
         [(2, "unplanned email")], "that line, with the property's name"),
        ("with one property for another", f'track("{name}", {{"{one}": 1, "{two.upper()}": 2}})',
         [(1, f"missing {two}"), (1, f"unplanned {two.upper()}")], "both problems"),
        ("where a method is called", f'self.analytics.track("{name}", {{"{one}": 1}})', [(1, f"missing {two}")],
         "that line"),
        ("in which calls are nested",
         f'def f():\n    if x:\n        return [\n            g(track("Nope", {{}})) for y in z]\nclass A:\n'
         f'    b = lambda: track("{bare}", {{"a": 1}})', [(4, "unplanned event"), (6, "unplanned a")], "both lines"),
        ("where a call goes over lines", f'x = 1\ntrack(\n    "{name}",\n    {{"{one}": 1}},\n)',
         [(2, f"missing {two}")],
         "the line on which it begins"),
        ("where a method's call goes over lines", f'x = (analytics\n     .track("{name}", {{"{one}": 1}}))',
         [(1, f"missing {two}")], "the line on which it begins"),
        ("where a call stands within another", f'track("{bare}", {{"a": track("Nope", {{}})}})\n{right}',
         [(1, "unplanned a"), (1, "unplanned event")], "the problems of both"),
        ("where the event is a variable", f'track(name, {{"{one}": 1}})\n{right}', [(1, "not written out")],
         "that line"),
        ("where the event is made of parts",
         'track(f"{what} Viewed", {})\ntrack(2, {})\ntrack(order.event, {})\ntrack(b"Box", {})',
         [(n, "not written out") for n in (1, 2, 3, 4)], "those lines"),
        ("where the properties are a variable", f'track("{name}", properties)', [(1, "not written out")], "that line"),
        ("where a property's name is a variable", f'track("{bare}", {{"{one}": 1, key: 2}})', [(1, "not written out")],
         "that line alone"),
        ("where a property's name is a number", f'track("{bare}", {{2: 1}})\ntrack("{bare}", {{b"{one}": 1}})',
         [(1, "not written out"), (2, "not written out")], "those lines: a key is text"),
        ("where properties are unpacked", f'track("{name}", {{**shared, "{one}": 1}})', [(1, "not written out")],
         "that line"),
        ("where a call stands in a comment and in a text",
         f'# track("Nope", {{}})\ns = \'track("Nope", {{}})\'\n{right}',
         [], "nothing: it is no call"),
        ("where other functions are called",
         'send("Nope", {})\ntracked("Nope", {})\nplay(track)\ntrack.stop("Nope", {})\n'
         'backtrack("Nope", {})\ndisc.next_track("Nope", {})\nTrack("Nope", {})\ntrack.send("Nope", {})',
         [], "nothing: they are not track"),
        ("that must not be run", f'raise SystemExit\n{right}\ntrack("Nope", {{}})', [(3, "unplanned event")],
         "that line: the source is read, not run"),
        ("without a line", "", [], "nothing"),
        ("with problems in many lines", "\n".join(f'track("{bare}", {{"{key}": 1}})' for key in "zyxwvutsrqp"),
         [(n, f"unplanned {key}") for n, key in enumerate("zyxwvutsrqp", 1)], "all of them by line"),
    ]
    ask(asked, [Case(f"of a source {when}", (source, plan), due, words) for when, source, due, words in cases])
