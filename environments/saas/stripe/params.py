"""What a request asks for, read from its query string or form: nested names, numbers, arrays written in two ways."""

import re
from urllib.parse import parse_qsl

from environments.saas.stripe.errors import StripeError

NESTED = re.compile(r"\[([^\[\]]*)\]")
DEEPEST = 8


def parsed(text: str) -> dict:
    """The names and values of a query string: `a[b][0]=c` is {"a": {"b": {"0": "c"}}}, and `a[]=c` counts from 0."""
    found: dict = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
        head = name.partition("[")[0]
        path = [head, *NESTED.findall(name[len(head):])]
        if len(path) > DEEPEST:
            raise StripeError(400, f"Invalid parameter: {head} is nested too deeply", param=head)
        _put(found, path, value)
    return found


def _put(found: dict, path: list[str], value: str) -> None:
    for name in path[:-1]:
        inner = found.setdefault(name, {})
        if not isinstance(inner, dict):
            inner = found[name] = {}
        found = inner
    found[path[-1] or str(len(found))] = value


def listed(value) -> list:
    """An array, however it was written; a single value is an array of one."""
    return list(value.values()) if isinstance(value, dict) else [] if value is None else [value]


def whole(params: dict, name: str, value=None) -> int | None:
    """A whole number, or None where it is not given. Raises StripeError where it is something else."""
    text = params.get(name) if value is None else value
    if text is None:
        return None
    if not isinstance(text, str) or not re.fullmatch(r"-?\d{1,18}", text):
        raise StripeError(400, f"Invalid integer: {_shown(text)}", "parameter_invalid_integer", name)
    return int(text)


def flag(params: dict, name: str) -> bool | None:
    """A boolean, or None where it is not given. Raises StripeError where it is something else."""
    text = params.get(name)
    if text is None:
        return None
    if text not in ("true", "false"):
        raise StripeError(400, f"Invalid boolean: {_shown(text)}", "parameter_unknown", name)
    return text == "true"


def text(params: dict, name: str) -> str | None:
    """A string, or None where it is not given. Raises StripeError where it is a hash."""
    value = params.get(name)
    if isinstance(value, dict):
        raise StripeError(400, f"Invalid string: {_shown(value)}", "parameter_invalid_string_empty", name)
    return value


def between(params: dict, name: str = "created") -> tuple[int, int]:
    """The first and the last second that a range of moments admits, both included."""
    given = params.get(name)
    if given is None:
        return -2**62, 2**62
    if isinstance(given, str):
        moment = whole(params, name)
        return moment, moment
    first, last = -2**62, 2**62
    for word, value in given.items():
        moment = whole(given, f"{name}[{word}]", value)
        first = max(first, {"gt": moment + 1, "gte": moment}.get(word, first))
        last = min(last, {"lt": moment - 1, "lte": moment}.get(word, last))
    return first, last


def _shown(value) -> str:
    return str(value)[:100]
