"""What a request asks for, read from its query string or form: nested names, numbers, arrays written in two ways."""

import re
from urllib.parse import parse_qsl

from environments.saas.stripe.errors import StripeError

NESTED = re.compile(r"\[([^\[\]]*)\]")
WHOLE = re.compile(r"[^\[\]]+(\[[^\[\]]*\])*")
MAX_DEPTH = 8


class Array(dict):
    """What was written as `a[]=`: by index, as `a[0]=` is, which may be a hash as well."""


def parsed(*texts: str) -> dict:
    """The names and values of query strings: `a[b][0]=c` is {"a": {"b": {"0": "c"}}}, and `a[]=c` counts from 0.

    Raises StripeError where a name is given twice, or as two kinds of thing.
    """
    found: dict = {}
    for text in texts:
        for name, value in parse_qsl(text, keep_blank_values=True, errors="replace") if text else ():
            _put(found, name, _path(name), value)
    return found


def _path(name: str) -> list[str]:
    """The parts of a name; one that is not put together as it should be is a single, unknown one."""
    if "[" not in name or not WHOLE.fullmatch(name):
        return [name]
    head = name.partition("[")[0]
    path = [head, *NESTED.findall(name[len(head):])]
    if len(path) > MAX_DEPTH:
        raise StripeError(400, f"Invalid parameter: {head[:100]} is nested too deeply", param=head[:100])
    return path


def _put(found: dict, name: str, path: list[str], value: str) -> None:
    for place, part in enumerate(path[:-1]):
        below = found.setdefault(part or _next(found, path[place + 1]), {} if path[place + 1] else Array())
        if not isinstance(below, dict) or (not path[place + 1] and not all(index.isdecimal() for index in below)):
            raise _clash(name)
        found = below
    last = path[-1] if path[-1] or len(path) == 1 else str(len(found))
    if last in found:
        raise _clash(name)
    found[last] = value


def _next(array: dict, inner: str) -> str:
    """Where `a[][b]` goes: into the last of the array, or after it where that has a `b` already."""
    last = str(len(array) - 1)
    return last if isinstance(array.get(last), dict) and inner not in array[last] else str(len(array))


def _clash(name: str) -> StripeError:
    return StripeError(400, f"Invalid request: the parameter {name[:100]} is given more than once", param=name[:100])


def listed(value) -> list:
    """An array, in the order of its indices."""
    return [value[index] for index in sorted(value, key=int)] if value else []


def whole(params: dict, name: str) -> int | None:
    """A whole number, or None where it is not given; what comes here has been checked."""
    return int(params[name]) if params.get(name) else None


def flag(params: dict, name: str) -> bool | None:
    """A boolean, or None where it is not given."""
    return params[name] == "true" if name in params else None


def between(params: dict, name: str = "created") -> tuple[int, int]:
    """The first and the last second that a range of moments admits, both included."""
    given = params.get(name, {})
    if isinstance(given, str):
        return int(given), int(given)
    first, last = -2**62, 2**62
    for word, value in given.items():
        first = max(first, {"gt": int(value) + 1, "gte": int(value)}.get(word, first))
        last = min(last, {"lt": int(value) - 1, "lte": int(value)}.get(word, last))
    return first, last
