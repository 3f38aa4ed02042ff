"""Whether a student's function stands alone: a lab may write its text to a file, where the notebook's names are not."""

import builtins
import inspect
import symtable
import textwrap
from collections.abc import Callable, Iterator

OF_EVERY_FILE = {*dir(builtins), "__name__", "__file__", "__doc__"}


def names_from_outside(function: Callable) -> list[str]:
    """The names that a function's text uses and does not make, in order; no names where there is no text."""
    remote = getattr(type(function), "names_from_outside", None)
    if remote is not None:
        return remote(function)
    try:
        text = textwrap.dedent(inspect.getsource(function))
        scopes = list(_scopes(symtable.symtable(text, "answer", "exec")))
    except (OSError, TypeError, SyntaxError):
        return []
    shared = [(scope, symbol) for scope in scopes for symbol in scope.get_symbols()
              if symbol.is_global() or scope is scopes[0]]
    made = {symbol.get_name() for _, symbol in shared if symbol.is_assigned() or symbol.is_imported()}
    used = {symbol.get_name() for _, symbol in shared if symbol.is_referenced()}
    return sorted(used - made - OF_EVERY_FILE)


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for inner in table.get_children():
        yield from _scopes(inner)
