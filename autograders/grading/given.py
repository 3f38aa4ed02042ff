"""The functions that a lab's checks give away: by module and name, with the arguments that are theirs already."""

import importlib
import re
import sys
from functools import partial
from types import FunctionType

MODULES = re.compile(r"autograders\.checks\.lab_\d\d\.callables")  # a lab keeps them there, in its home


def is_given(value) -> bool:
    if type(value) is partial and not value.keywords:
        value = value.func
    return type(value) is FunctionType and MODULES.fullmatch(str(value.__module__)) is not None \
        and getattr(sys.modules.get(value.__module__), value.__name__, None) is value


def write_given(value, out) -> list:
    function, arguments = (value.func, value.args) if type(value) is partial else (value, ())
    return ["given", function.__module__, function.__name__, *map(out, arguments)]


def read_given(read, module, name, *arguments):
    if type(module) is not str or type(name) is not str or not MODULES.fullmatch(module):
        raise ValueError("no such module")
    value = getattr(importlib.import_module(module), name, None)
    if value is None or not is_given(value):
        raise ValueError("no such function")
    return partial(value, *map(read, arguments)) if arguments else value
