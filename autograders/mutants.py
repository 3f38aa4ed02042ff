"""Mutants of a reference answer: its text with one small mistake, each of a kind that people make.

Comparisons, bounds, constants, arithmetic, removed and swapped statements, dropped branches and conditions, swapped
arguments, and in texts that a tool reads: sql_mutants.py and text_mutants.py. Docstrings stay.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

from autograders.sql_mutants import sql_mutants
from autograders.text_mutants import jinja_mutants, yaml_mutants

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,)}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult}
OPPOSITE = {"min": "max", "max": "min", "any": "all", "all": "any"}
DROPPED = ("abs", "sorted", "float", "int", "round", "list", "set", "str", "reversed", "bool", "sum")
HARMLESS = {"abs", "bool", "float", "int", "len", "max", "min", "range", "round", "sorted", "str", "sum"}
BLOCKS = ("body", "orelse", "finalbody")


@dataclass(frozen=True)
class Mutant:
    """A text of an answer cell, and what is wrong in it: `was` became `is_now` in this line of the reference."""

    line: int
    was: str
    is_now: str
    text: str

    @property
    def change(self) -> str:
        return f"{self.line}: {self.was} -> {self.is_now}"


def mutants(answer: str) -> Iterator[Mutant]:
    """Every mutant of an answer's text, each once. Raises SyntaxError where the answer is no Python."""
    tree = ast.parse(answer)
    seen = {ast.dump(tree)}
    whole = _whole_texts(tree)
    for number, node in enumerate(_in_order(tree)):
        for new in (*_variants(node), *(_texts(node) if id(node) in whole else ())):
            mutated = _with(tree, number, new)
            if (dump := ast.dump(mutated)) not in seen and _compiles(text := ast.unparse(mutated)):
                seen.add(dump)
                yield Mutant(*_told(node, new), text)


def _compiles(text: str) -> bool:
    try:
        compile(text, "<mutant>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError):
        return False
    return True


def _in_order(tree: ast.AST) -> list[ast.AST]:
    """The nodes that may change, in the order in which `_Put` counts them."""
    found: list[ast.AST] = []

    class Walk(ast.NodeVisitor):
        def visit(self, node: ast.AST) -> None:
            found.append(node)
            self.generic_visit(node)

    Walk().visit(tree)
    return found


class _Put(ast.NodeTransformer):
    """Puts a node in the place of the one with this number."""

    def __init__(self, number: int, new: ast.AST):
        self.left, self.new = number, new

    def visit(self, node: ast.AST) -> ast.AST:
        self.left -= 1
        return ast.copy_location(self.new, node) if self.left == -1 else self.generic_visit(node)


def _with(tree: ast.Module, number: int, new: ast.AST) -> ast.Module:
    return cast(ast.Module, ast.fix_missing_locations(_Put(number, copy.deepcopy(new)).visit(copy.deepcopy(tree))))


def _told(node: ast.AST, new: ast.AST) -> tuple[int, str, str]:
    """The line, what stood there, and what stands there now."""
    if change := getattr(new, "change", None):
        return getattr(node, "lineno", 0), f"`{_cut(change.was)}`", f"`{_cut(change.is_now)}`"
    for name in BLOCKS:
        before, after = getattr(node, name, None), getattr(new, name, None)
        if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            moved = [
                place
                for place, (old, other) in enumerate(zip(before, after, strict=True))
                if ast.dump(old) != ast.dump(other)
            ]
            if moved:
                stood, stands = (_brief(*(block[place] for place in moved)) for block in (before, after))
                return before[moved[0]].lineno, stood, stands
    return getattr(node, "lineno", 0), _brief(node), _brief(new)


def _brief(*nodes: ast.AST) -> str:
    texts = [
        "nothing" if isinstance(node, ast.Pass) else ast.unparse(ast.fix_missing_locations(copy.deepcopy(node)))
        for node in nodes
    ]
    return f"`{_cut(' '.join('; '.join(texts).split()))}`"


def _cut(text: str) -> str:
    return text if len(text) <= 100 else text[:48] + " ... " + text[-48:]


# What one node may become

def _variants(node: ast.AST) -> Iterator[ast.AST]:
    for kind, change in CHANGES:
        if isinstance(node, kind):
            yield from change(node)


def _changed(node, **fields):
    new = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        for other in COMPARED.get(type(operator), ()):
            yield _changed(node, ops=[*node.ops[:place], other(), *node.ops[place + 1:]])


def _arithmetic(node: ast.BinOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
        return  # a text that is filled in
    if type(node.op) in COMPUTED:
        yield _changed(node, op=COMPUTED[type(node.op)]())


def _conditions(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for place in range(len(node.values)):
        left = node.values[:place] + node.values[place + 1:]
        yield left[0] if len(left) == 1 else _changed(node, values=left)


def _signs(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, (ast.Not, ast.USub)):
        yield node.operand


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(value + 1), ast.Constant(value - 1))
    elif isinstance(value, float):
        yield from (ast.Constant(value * 1.1), ast.Constant(0.0))
    elif isinstance(value, str):
        yield from map(ast.Constant, sql_mutants(value))


def _choices(node: ast.IfExp) -> Iterator[ast.AST]:
    yield from (node.body, node.orelse)


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in OPPOSITE:
        yield _changed(node, func=ast.Name(OPPOSITE[name], ast.Load()))
    if name in DROPPED and node.args:
        yield node.args[0]
    if name in ("min", "max") and len(node.args) == 2:
        yield from node.args
    for place in range(len(node.args) - 1 if name not in OPPOSITE else 0):  # their order changes nothing
        first, second = node.args[place:place + 2]
        yield _changed(node, args=[*node.args[:place], second, first, *node.args[place + 2:]])
    for place in range(len(node.keywords)):
        yield _changed(node, keywords=node.keywords[:place] + node.keywords[place + 1:])


def _filters(node: ast.comprehension) -> Iterator[ast.AST]:
    if node.ifs:
        yield _changed(node, ifs=[])


def _branches(node: ast.If | ast.While) -> Iterator[ast.AST]:
    yield _changed(node, test=ast.Constant(False))
    if isinstance(node, ast.If):
        yield _changed(node, test=ast.Constant(True))


def _slices(node: ast.Slice) -> Iterator[ast.AST]:
    yield from (_changed(node, **{end: None}) for end in ("lower", "upper", "step") if getattr(node, end) is not None)


def _returns(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


def _statements(node: ast.Assign | ast.AugAssign | ast.Expr | ast.Raise | ast.Delete) -> Iterator[ast.AST]:
    if not _is_docstring(node):
        yield ast.Pass()
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([_changed(node.target, ctx=ast.Store())], node.value)


def _leaps(node: ast.Break | ast.Continue) -> Iterator[ast.AST]:
    yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()


def _orders(node: ast.AST) -> Iterator[ast.AST]:
    """Two statements that follow each other, the other way round."""
    if isinstance(node, ast.Module):
        return
    for name in BLOCKS:
        block = getattr(node, name, None)
        if not isinstance(block, list):  # a lambda's and a choice's are expressions
            continue
        for place in range(len(block) - 1):
            first, second = block[place:place + 2]
            if not _is_docstring(first) and not isinstance(second, (ast.Return, ast.Raise)) and _order_matters(
                first, second
            ):
                yield _changed(node, **{name: [*block[:place], second, first, *block[place + 2:]]})


def _order_matters(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether two statements may do something else the other way round: not where each sets variables that the other
    has no use for, and one of them calls nothing that could."""
    names = [_used_by(first), _used_by(second)]
    by_first, by_second = _set_by(first), _set_by(second)
    if by_first is None or by_second is None or by_first & names[1] or by_second & names[0]:
        return True
    return all(map(_calls_something, (first, second)))


def _used_by(node: ast.stmt) -> set[str]:
    """The names that a statement uses when it runs: a function uses its own later, when it is called."""
    return set() if isinstance(node, ast.FunctionDef) else {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _set_by(node: ast.stmt) -> set[str] | None:
    """The names that an assignment, a function or an import sets; None where a statement may do more."""
    if isinstance(node, ast.FunctionDef):
        return None if node.decorator_list or node.args.defaults else {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    flat = [each for target in targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return {each.id for each in flat if isinstance(each, ast.Name)} if _all_names(flat) else None


def _all_names(targets: list[ast.expr]) -> bool:
    return bool(targets) and all(isinstance(target, ast.Name) for target in targets)


def _calls_something(node: ast.stmt) -> bool:
    """Whether a statement calls what could change something, or tell in which order it was called."""
    if isinstance(node, ast.FunctionDef):
        return False
    calls = [n for n in ast.walk(node) if isinstance(n, (ast.Call, ast.Await, ast.Yield, ast.YieldFrom))]
    return any(not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in HARMLESS)
               for call in calls)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


CHANGES: list[tuple[tuple[type, ...], Callable]] = [
    ((ast.Compare,), _comparisons), ((ast.BinOp,), _arithmetic), ((ast.BoolOp,), _conditions), ((ast.UnaryOp,), _signs),
    ((ast.Constant,), _constants), ((ast.IfExp,), _choices), ((ast.Call,), _calls), ((ast.comprehension,), _filters),
    ((ast.If, ast.While), _branches), ((ast.Slice,), _slices), ((ast.Return,), _returns),
    ((ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Delete), _statements), ((ast.Break, ast.Continue), _leaps),
    ((ast.AST,), _orders)]


# Texts that a tool reads

def _whole_texts(tree: ast.Module) -> set[int]:
    """The texts that are no docstring and no part of a longer text."""
    parts = {id(value) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values}
    told = {id(cast(ast.Expr, node).value) for node in ast.walk(tree) if _is_docstring(node)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {id(node) for node in texts} - parts - told


def _texts(node: ast.AST) -> Iterator[ast.AST]:
    """SQL with Jinja in it, or YAML, with one mistake."""
    text = cast(str, cast(ast.Constant, node).value)
    for change in (*jinja_mutants(text, _expressions), *yaml_mutants(text)):
        new = ast.Constant(change.text)
        new.change = change  # type: ignore[attr-defined]
        yield new


def _expressions(text: str) -> Iterator[str]:
    """A Python expression with one mistake; nothing where it is none."""
    try:
        found = [mutant.text for mutant in mutants(text)]
    except SyntaxError:
        return
    yield from (new for new in found if isinstance(ast.parse(new).body[0], ast.Expr))
