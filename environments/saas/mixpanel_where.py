"""Mixpanel's `where`: an expression over properties, as real clients send it.

    properties["$time"] >= datetime(1719792000) and (properties["platform"] == "web" or not defined(properties["plan"]))

Knows: properties["..."], texts, numbers, true, false, comparisons, `in`, `not in`, and, or, not, parentheses, and the
functions datetime, defined, number, string, boolean. A comparison of what cannot be compared is false.
"""

import operator
import re
from collections.abc import Callable

Value = Callable[[dict], object]
TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]\w*)"""
    r"""|(?P<sign>>=|<=|==|!=|>|<|=|\(|\)|\[|\]))"""
)
COMPARE = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    "in": lambda part, whole: part in whole,
    "not in": lambda part, whole: part not in whole,
}
TIME = ("$time", "time")
MAX_DEPTH = 50  # parentheses and nots inside each other: nobody writes more


class BadWhere(ValueError):
    """An expression that Mixpanel would not take; the message says where it fails."""


def where(text: str) -> Callable[[dict], bool]:
    """A test of an event's or a profile's properties. BadWhere where the text is no such expression."""
    parser = _Parser(_tokens(text))
    test = parser.either()
    if parser.here() is not None:
        raise BadWhere(f"unexpected {parser.here()}")
    return lambda properties: bool(test(properties))


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            raise BadWhere(f"unexpected {text[at:].strip()[:20]}")
        tokens.append(match.group().strip())
        at = match.end()
    return tokens


class _Parser:
    """Recursive descent, a method for each level: or, and, not, comparison, operand."""

    def __init__(self, tokens: list[str]):
        self.tokens, self.at, self.depth = tokens, 0, 0

    def here(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self) -> str:
        token = self.here()
        if token is None:
            raise BadWhere("the expression ends too early")
        self.at += 1
        return token

    def took(self, *tokens: str) -> bool:
        """Whether these come next; then they are behind us."""
        found = tuple(self.tokens[self.at:self.at + len(tokens)]) == tokens
        self.at += len(tokens) * found
        return found

    def expect(self, token: str) -> None:
        if not self.took(token):
            raise BadWhere(f"expected {token} before {self.here() or 'the end'}")

    def either(self) -> Value:
        first = self.both()
        while self.took("or"):
            first = _or(first, self.both())
        return first

    def both(self) -> Value:
        first = self.no()
        while self.took("and"):
            first = _and(first, self.no())
        return first

    def no(self) -> Value:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadWhere("too many parentheses")
        if self.took("not"):
            inner = self.no()
            found: Value = lambda p: not inner(p)
        else:
            found = self.comparison()
        self.depth -= 1
        return found

    def comparison(self) -> Value:
        left = self.operand()
        sign = "not in" if self.took("not", "in") else self.here()
        if sign not in COMPARE:
            return left
        if sign != "not in":
            self.next()
        return _compared(COMPARE[sign], left, self.operand())

    def operand(self) -> Value:
        token = self.next()
        if token == "(":
            inner = self.either()
            self.expect(")")
            return inner
        if token[0] in "\"'":
            return _constant(_unquoted(token))
        if token[0].isdigit() or token[0] == "-":
            return _constant(float(token) if "." in token else int(token[:19]))
        return self.named(token)

    def named(self, word: str) -> Value:
        if word in ("true", "false"):
            return _constant(word == "true")
        if word in ("properties", "user", "event"):
            self.expect("[")
            name = _unquoted(self.next())
            self.expect("]")
            return _property(name)
        if word in FUNCTIONS:
            self.expect("(")
            inner = self.either()
            self.expect(")")
            return FUNCTIONS[word](inner)
        raise BadWhere(f"unknown word {word}")


def _unquoted(token: str) -> str:
    if token[0] not in "\"'":
        raise BadWhere(f"expected a text, not {token}")
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _constant(value) -> Value:
    return lambda properties: value


def _property(name: str) -> Value:
    if name in TIME:
        return lambda properties: properties.get("time")
    return lambda properties: properties.get(name)


def _or(left: Value, right: Value) -> Value:
    return lambda p: left(p) or right(p)


def _and(left: Value, right: Value) -> Value:
    return lambda p: left(p) and right(p)


def _compared(compare, left: Value, right: Value) -> Value:
    def test(properties: dict) -> bool:
        try:
            return compare(left(properties), right(properties))
        except TypeError:
            return False

    return test


def _cast(make) -> Callable[[Value], Value]:
    def cast(inner: Value) -> Value:
        def value(properties: dict):
            try:
                return make(inner(properties))
            except (TypeError, ValueError):
                return None

        return value

    return cast


FUNCTIONS = {"datetime": lambda inner: inner, "number": _cast(float), "string": _cast(str), "boolean": _cast(bool),
             "defined": lambda inner: lambda p: inner(p) is not None}
