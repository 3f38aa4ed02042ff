"""Every notebook under solutions/ runs from top to bottom, and each output is the one that is kept in it."""

import os
import subprocess
import sys
from functools import cache

import nbformat
import pytest

from autograders.cases import KEPT_IN, kept_in
from autograders.clauses import covered
from autograders.grading.assignments import assignment
from environments import services
from environments.course import labs
from environments.place import COURSE
from environments.workspace import Workspace

NOTEBOOKS = [lab.solution for lab in labs() if lab.solution.exists()]
LAB_03 = COURSE / "solutions/03_read_replica/03_read_replica.ipynb"
SEED = "2026"  # the world that the kept outputs come from

OWN_TOOL = "bi"  # the tag of cells that need a tool with an environment of its own, of hundreds of MB

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.usefixtures("shared_templates")]


@pytest.fixture(scope="module")
def workspace(reachable_tmp):
    """One workspace for all notebooks of this file, as the environment of what they start."""
    root = reachable_tmp / "nbval"
    yield os.environ | {"LABS_HOME": str(root), "LABS_SEED": SEED}
    services.reset(Workspace(root))


@pytest.fixture(scope="module")
def compared(workspace, reachable_tmp):
    """Run a notebook with nbval, once for all tests: how that ended, and what its checks asked."""
    @cache
    def compared(notebook):
        cases = reachable_tmp / f"cases_{notebook.stem}"
        return compare(without_tools(notebook, reachable_tmp), workspace | {KEPT_IN: str(cases)}), kept_in(cases)

    return compared


def without_tools(notebook, folder):
    """The notebook, or a copy of it in which nbval leaves out the cells that need such a tool."""
    told = nbformat.read(notebook, as_version=4)
    if not (left_out := needing_tools(told)):
        return notebook
    for cell in left_out:
        cell.metadata["tags"] = [*cell.metadata["tags"], "nbval-skip"]
    nbformat.write(told, copy := folder / notebook.name)
    return copy


def needing_tools(told) -> list:
    return [cell for cell in told.cells if OWN_TOOL in cell.metadata.get("tags", [])]


def compare(notebook, environment, how: str = "--nbval") -> subprocess.CompletedProcess:
    """Run a notebook in a new kernel; it fails where an output differs from the one it keeps, or with
    `--nbval-lax` only where a cell raises."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", how, "--nbval-sanitize-with", "tests/nbval.cfg",
         "--nbval-cell-timeout=120", "-p", "no:cacheprovider", "-q", "--no-header", "--tb=short", str(notebook)],
        cwd=COURSE, env=environment, capture_output=True, text=True, timeout=800)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)
def test_every_output_is_the_one_kept_in_the_notebook(notebook, compared):
    run, _ = compared(notebook)
    assert run.returncode == 0, run.stdout[-6000:]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.stem)
def test_every_clause_of_a_graded_docstring_has_its_cases(notebook, compared):
    """As `labs prove --clauses` shows them: of the list in the lab's home, and no word of a docstring without one."""
    _, cases = compared(notebook)
    contracts = covered(assignment(notebook.stem[:2]), cases).contracts
    assert [line for contract in contracts if not contract.holds for line in contract.lines()] == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("notebook", [n for n in NOTEBOOKS if needing_tools(nbformat.read(n, as_version=4))],
                         ids=lambda n: n.stem)
def test_every_output_of_cells_that_need_a_tool_is_the_one_kept(notebook, workspace):
    """With the tool, which is installed where it is missing."""
    run = compare(notebook, workspace)
    assert run.returncode == 0, run.stdout[-6000:]


@pytest.mark.exhaustive
@pytest.mark.parametrize("notebook", [n for n in NOTEBOOKS if not n.stem.startswith("00")], ids=lambda n: n.stem)
def test_a_lab_runs_again_on_what_its_first_run_left(notebook, workspace):
    """Run All twice and Restart & Run All: a new kernel, the same services, and every check passes again. Some cells
    then show what the first run made. It follows the test above on purpose."""
    run = compare(notebook, workspace, "--nbval-lax")
    assert run.returncode == 0, run.stdout[-6000:]
