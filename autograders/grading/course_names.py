"""Which names a test cell takes from the course, and which from the student."""

import ast
import builtins
import contextlib
import dis
import re
import types

import nbformat

from autograders.grading.cells import is_solution

MAGICIAN = "get_ipython"  # it runs the magics of a test: never the student's
TAKES_A_NAME = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}


class CourseNames:
    """The names that the course's own cells bind by an import, a literal or a definition: a test takes them from the
    course, whatever the student has made of them. All other names are the student's."""

    def __init__(self, visible: str):
        self.visible = visible
        cells = [c for c in nbformat.reads(visible, as_version=4).cells if c.cell_type == "code"]
        theirs = set().union(*(_bound(_tree(c.source)) for c in cells if is_solution(c)))
        self.statements = [s for c in cells if not is_solution(c) for s in _tree(c.source).body
                           if _is_course_own(s) and not _bound(ast.Module([s], [])) & theirs]
        self.names = _bound(ast.Module(self.statements, []))
        self.code = [compile(ast.Module([s], []), "<course>", "exec") for s in self.statements]
        self.uses = {s.name: _used(code) for s, code in zip(self.statements, self.code, strict=True)
                     if isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))}

    def bring_in(self, shell) -> None:
        for statement in self.code:
            with contextlib.suppress(Exception):  # then the test that needs it says so
                exec(statement, shell.user_ns)

    def needed(self, source: str) -> set[str]:
        """The student's names that a test cell uses, itself or through the course's functions."""
        try:
            tree = ast.parse(source)
            used, bound = _used(compile(tree, "<test>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)), _bound(tree)
        except SyntaxError:  # it has magics, whose lines are text until they run
            used, bound = set(re.findall(r"[^\W\d]\w*", source)), _bound(_tree(source))
        seen: set[str] = set()
        while more := (used & self.uses.keys()) - seen:
            seen |= more
            used |= set().union(*(self.uses[name] for name in more))
        return {name for name in used - self.names - bound - {MAGICIAN} if not hasattr(builtins, name)}


def _tree(source: str) -> ast.Module:
    with contextlib.suppress(SyntaxError):
        return ast.parse(source)
    from IPython.core.inputtransformer2 import TransformerManager

    with contextlib.suppress(SyntaxError):
        return ast.parse(TransformerManager().transform_cell(source))
    return ast.Module([], [])


def _is_course_own(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    if not isinstance(statement, ast.Assign) or not all(isinstance(t, ast.Name) for t in statement.targets):
        return False
    with contextlib.suppress(ValueError, TypeError, SyntaxError):
        ast.literal_eval(statement.value)
        return True
    return False


def _bound(tree: ast.Module) -> set[str]:
    """Names bound at the top of a module."""
    names = set()
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            names |= {(a.asname or a.name).partition(".")[0] for a in statement.names}
        else:
            names |= {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            names |= {n.name for n in ast.walk(statement) if isinstance(n, ast.ExceptHandler) and n.name}
    return names


def _used(code: types.CodeType) -> set[str]:
    """Names that code takes from around it, in its functions and classes, too: what a function binds is its own."""
    names = {i.argval for i in dis.get_instructions(code) if i.opname in TAKES_A_NAME}
    return names.union(*(_used(part) for part in code.co_consts if isinstance(part, types.CodeType)))
