"""Every notebook under solutions/ keeps to the house's form."""

import ast
import importlib
import inspect
import re
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from environments.course import labs
from environments.place import COURSE

NOTEBOOKS = sorted(n for n in (COURSE / "solutions").rglob("*.ipynb") if ".ipynb_checkpoints" not in n.parts)
LINES = 20  # of code in a cell; an answer counts without its markers and its docstring, which is the contract
SIZE = 300_000  # bytes of a notebook's outputs
INSTALLS = re.compile(r"(?m)^\s*[!%]|\b(pip|conda|apt|apt-get|brew|npm)3? install\b|\buv (add|sync|pip)\b")
MACHINE = re.compile(r"(?<![\w.:/])/(home|root|Users|tmp|var|work|opt|private|mnt)/\w|[A-Z]:\\\\?\w|file://")
PORT = re.compile(r"(127\.0\.0\.1|localhost)[:\s\"']+\d{4,5}|\bport[\"'\s:=]+\d{4,5}")
SECRET = re.compile(r"(?i)(password|secret|token)[\"']?\s*[:=]\s*[\"']?[\w-]{8,}|postgres(ql)?://\S*:\S+@"
                    r"|(?<=['\"])(?=[\w-]*\d)(?=[\w-]*(?-i:[A-Z]))(?=[\w-]*(?-i:[a-z]))[\w-]{24}(?=['\"])")
FACT = re.compile(r"https?://[^\s)\"'<>]+")
READ = re.compile(r"read (on )?20\d\d-[01]\d-[0-3]\d")

pytestmark = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def cells(path: Path, kind: str) -> list:
    return [cell for cell in read(path).cells if cell.cell_type == kind]


def nbgrader(cell) -> dict:
    return cell.metadata.get("nbgrader", {})


def checks(path: Path) -> list:
    """The code cells that give points."""
    return [cell for cell in cells(path, "code") if nbgrader(cell).get("grade")]


def answers(path: Path) -> list:
    """The code cells that students fill in."""
    return [cell for cell in cells(path, "code") if nbgrader(cell).get("solution")]


def check_module(path: Path):
    return importlib.import_module(f"autograders.checks.lab_{path.stem[:2]}")


def public_checks(path: Path) -> set[str]:
    """The checks of a lab: those of its module, and those that the modules of its parts list in `__all__`."""
    module = check_module(path)
    return {name for name, value in vars(module).items()
            if inspect.isfunction(value) and not name.startswith("_") and _is_own(value, module)}


def _is_own(check, module) -> bool:
    if check.__module__ == module.__name__:
        return True
    part = sys.modules[check.__module__]
    return part.__name__.startswith(f"{module.__name__}.part_") and check.__name__ in part.__all__


def lines_of_code(source: str) -> int:
    contracts = [ast.get_docstring(node, clean=False) for node in ast.parse(source).body
                 if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
    shown = [line for line in source.splitlines() if line.strip() and "### " not in line]
    return len(shown) - sum(len(text.splitlines()) for text in contracts if text)


def calls(cell) -> list[str]:
    """The functions of the module of checks, imported as `check`, that a cell calls."""
    return [node.func.attr for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name) and node.func.value.id == "check"]


def outputs(path: Path) -> str:
    """All that a notebook's cells show as text; pictures are left out."""
    shown = (output for cell in cells(path, "code") for output in cell.outputs)
    return "\n".join(output.get("text", "") + str({kind: data for kind, data in output.get("data", {}).items()
                                                   if not kind.startswith("image/")}) for output in shown)


# The file

def test_it_is_a_valid_notebook(notebook):
    nbformat.validate(read(notebook))
    MetadataValidator().validate_nb(read(notebook))


def test_it_is_one_lab_of_the_one_list(notebook):
    assert notebook in [lab.solution for lab in labs()]


def test_it_is_alone_in_its_folder(notebook):
    assert [file.name for file in notebook.parent.iterdir() if file.name != ".ipynb_checkpoints"] == [notebook.name]


def test_its_kernel_is_python3(notebook):
    assert read(notebook).metadata.kernelspec.name == "python3"


def test_its_parsed_cells_are_python(notebook):
    for cell in cells(notebook, "code"):
        ast.parse(cell.source)


# What is graded

def test_names_of_graded_cells_and_answers_are_unique(notebook):
    names = Counter(nbgrader(cell)["grade_id"] for cell in read(notebook).cells if nbgrader(cell))
    assert [name for name, times in names.items() if times > 1] == []


def test_every_check_is_locked_and_gives_points(notebook):
    assert [
        nbgrader(c)["grade_id"] for c in checks(notebook) if not nbgrader(c)["locked"] or nbgrader(c)["points"] <= 0
    ] == []


def test_every_check_cell_calls_one_check_that_exists(notebook):
    there = public_checks(notebook)
    assert [
        calls(cell) for cell in checks(notebook) if len(calls(cell)) != 1 or not there.issuperset(calls(cell))
    ] == []


def test_every_check_is_called_by_one_cell(notebook):
    called = Counter(name for cell in checks(notebook) for name in calls(cell))
    assert called == Counter(public_checks(notebook))


def test_a_check_cell_is_named_after_its_check(notebook):
    assert [calls(cell) for cell in checks(notebook) if nbgrader(cell)["grade_id"] != f"check_{calls(cell)[0]}"] == []


def test_every_answer_has_a_contract(notebook):
    functions = [
        node for cell in answers(notebook) for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)
    ]
    assert [f.name for f in functions if not ast.get_docstring(f)] == [] and len(functions) >= len(answers(notebook))


def test_an_answer_stands_in_markers_and_its_contract_outside(notebook):
    whole = [nbgrader(c)["grade_id"] for c in answers(notebook)
             if "### BEGIN SOLUTION" not in c.source or '"""' not in c.source.split("### BEGIN SOLUTION")[0]]
    assert whole == []


def test_what_a_person_grades_comes_with_a_rubric(notebook):
    all_cells = read(notebook).cells
    by_hand = [
        number
        for number, cell in enumerate(all_cells)
        if nbgrader(cell).get("grade") and nbgrader(cell).get("solution")
    ]
    asked = [all_cells[number - 1] for number in by_hand]
    assert [
        cell.source for cell in asked if "BEGIN MARK SCHEME" not in cell.source or not nbgrader(cell).get("locked")
    ] == []


# What is read

def test_no_code_cell_is_long(notebook):
    assert [cell.source for cell in cells(notebook, "code") if lines_of_code(cell.source) > LINES] == []


def test_nothing_is_installed(notebook):
    assert [cell.source for cell in cells(notebook, "code") if INSTALLS.search(cell.source)] == []


def test_diagrams_say_what_they_are(notebook):
    fences = [
        fence for cell in cells(notebook, "markdown") for fence in re.findall(r"(?s)```mermaid\n(.*?)```", cell.source)
    ]
    opened = sum(cell.source.count("```mermaid") for cell in cells(notebook, "markdown"))
    kinds = ("flowchart", "graph", "sequenceDiagram", "stateDiagram", "erDiagram", "gantt", "timeline", "mindmap")
    assert (
        len(fences) == opened
        and [f for f in fences if not f.strip().startswith(kinds) or len(f.strip().splitlines()) < 2] == []
    )


def test_every_fence_is_closed(notebook):
    assert [c.source for c in cells(notebook, "markdown") if len(re.findall(r"(?m)^```", c.source)) % 2] == []


def test_every_link_to_a_fact_has_the_day_it_was_read(notebook):
    undated = [link for cell in cells(notebook, "markdown") for found in FACT.finditer(cell.source)
               if not READ.search(cell.source[found.end():found.end() + 120]) for link in [found[0]]]
    assert undated == []


# What is shown

def test_no_cell_ended_with_an_error(notebook):
    assert [o.ename for cell in cells(notebook, "code") for o in cell.outputs if o.output_type == "error"] == []


def test_nothing_is_shown_on_stderr(notebook):
    assert [o.text for cell in cells(notebook, "code") for o in cell.outputs if o.get("name") == "stderr"] == []


def test_every_code_cell_was_run_in_order(notebook):
    counts = [cell.execution_count for cell in cells(notebook, "code")]
    assert counts == list(range(1, len(counts) + 1))


def test_outputs_are_small(notebook):
    size = sum(len(str(output)) for cell in cells(notebook, "code") for output in cell.outputs)
    assert size < SIZE


def test_no_output_names_a_place_on_a_machine(notebook):
    assert MACHINE.findall(outputs(notebook)) == []


def test_no_source_names_a_place_on_a_machine(notebook):
    assert [cell.source for cell in read(notebook).cells if MACHINE.search(cell.source)] == []


def test_no_output_shows_a_port(notebook):
    assert PORT.findall(outputs(notebook)) == []


def test_no_output_shows_a_password(notebook):
    assert [found[0] for found in SECRET.finditer(outputs(notebook))] == []
