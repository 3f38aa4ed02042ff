"""What a notebook says of an answer that is not written yet: one line, wherever somebody runs into it."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert.filters import strip_ansi
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.slow

STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()\n"
BEGUN = STUB.replace("HERE", "HERE\n    # first the mean\n    mean = 1")
CELLS = {
    # as Lab 4's first cells do
    "import": "from autograders.expect import CheckedFunction\nfrom environments import saas\nsaas._name_a_dead_one()",
    "answer": f"def p95(milliseconds):\n    '''The contract.'''\n{STUB}\np95([1])",
    "check": "CheckedFunction(p95, look='the manual')([1])",
    "demo": "def plot(runs):\n    return p95(runs)\nplot([1])",
    "check of a caller": "CheckedFunction(plot, look='the manual')([1])",
    "method": f"class Shop:\n    def total(self):\n    {STUB.replace('    raise', '        raise')}\nShop().total()",
    "begun": f"def begun(runs):\n{BEGUN}\nbegun([1])",
    "whole cell": STUB.replace("    ", ""),
    "on purpose": "def refuse():\n    raise NotImplementedError('no leap years')\nrefuse()",
    "empty on purpose": "def refuse():\n    raise NotImplementedError\nrefuse()",
    "asked on purpose": "def caller():\n    refuse()\nCheckedFunction(caller, look='the manual')()",
    "comment deleted": "CheckedFunction(refuse, look='the manual')()",
}


@pytest.fixture(scope="module")
def shown() -> dict:
    """By cell, the error it ended with."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS.values()])
    NotebookClient(notebook, allow_errors=True, kernel_name="python3", timeout=120).execute()
    return {name: next((o for o in cell.outputs if o.output_type == "error"), nbformat.NotebookNode())
            for name, cell in zip(CELLS, notebook.cells, strict=True)}


@pytest.mark.parametrize("cell, line", [
    ("answer", "`p95` is not written yet: write it in this cell, then run it"),
    ("check", "`p95` is not written yet: write it in the cell above, then run it"),
    ("demo", "`p95` is not written yet: write it in its cell above, then run it"),
    ("check of a caller", "`p95` is not written yet: write it in its cell above, then run it"),
    ("method", "`Shop.total` is not written yet: write it in this cell, then run it"),
    ("begun", "`begun` is not written yet: write it in this cell, then run it"),
    ("whole cell", "This answer is not written yet: write it in this cell, then run it"),
    ("comment deleted", "`refuse` is not written yet: write it in its cell above, then run it"),
])
def test_what_is_missing_is_one_line_that_says_where_to_write_it(shown, cell, line):
    assert (shown[cell].traceback, shown[cell].evalue) == ([line], line)


@pytest.mark.parametrize("cell", ["on purpose", "empty on purpose", "asked on purpose"])
def test_an_error_that_a_student_raises_on_purpose_is_shown_as_it_is(shown, cell):
    text = strip_ansi("\n".join(shown[cell].traceback))
    assert "raise NotImplementedError" in text and "is not written yet" not in text
