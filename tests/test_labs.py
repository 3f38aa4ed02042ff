"""The labs have one list and a home each: what else the course says of them all is made from that list."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from autograders.homes import CLAUSES, LISTED, is_proof
from environments.course import labs
from environments.place import COURSE

WRITTEN = [lab for lab in labs() if lab.solution.exists()]
PRODUCT = ("autograders/", "datasets/", "environments/", "slides/", "binder/", "nbgrader_config.py")
# What is made from the list, and compared with what it would be by tests of their own; what types the pages' commands.
MADE = ("environments/labs.toml", "labs/", labs()[0].solution.relative_to(COURSE).as_posix(), "tests/test_readme.py")
TABLE = re.compile(r"(?s)<!-- labs: .*?<!-- /labs -->")
FEW = 2  # labs that a file may name as examples

every_lab = pytest.mark.parametrize("lab", WRITTEN, ids=lambda lab: lab.name)


def texts(*places: str) -> dict[str, str]:
    """The text files that git knows of, by path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *places],
        cwd=COURSE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    endings = (".py", ".md", ".toml", ".yml", ".yaml", ".json", ".ipynb", ".cfg", "Makefile", "run")
    return {name: (COURSE / name).read_text(encoding="utf-8") for name in filter(None, listed.split("\0"))
            if name.endswith(endings) and (COURSE / name).is_file()}


def named(text: str) -> set[str]:
    """The numbers of the labs that a text names: in whole, as a home, or in quotes on a line with others."""
    numbers = "|".join(lab.number for lab in labs())
    whole = "|".join(lab.name for lab in labs())
    found = {name[:2] for name in re.findall(rf"\b({whole})\b", text)} | set(re.findall(rf"\blab_({numbers})\b", text))
    return max([found, *(set(re.findall(rf"""["']({numbers})["']""", line)) for line in text.splitlines())], key=len)


def test_no_file_lists_the_labs_by_hand():
    lists = {name: sorted(there) for name, text in texts().items() if not name.startswith(MADE)
             and len(there := named(TABLE.sub("", text))) > FEW}
    assert lists == {}


def asks_for_tests(source: str) -> bool:
    """Whether code imports something of tests/, or has its name in a text that is no docstring."""
    nodes = list(ast.walk(ast.parse(source)))
    docs = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    words = [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and type(node.value) is str and id(node) not in docs
    ]
    modules = [
        name
        for node in nodes
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]
    # A dbt project has a folder of that name, too, with queries in it.
    return any(re.search(r"(^|/)tests(/(?!\w+\.sql$)|$)", word) for word in words) or any(
        name.split(".")[0] == "tests" for name in modules
    )


def test_the_product_asks_for_no_file_of_the_tests():
    apart = ("autograders/publish.py",)  # what it takes out of the README names them
    code = {name: text for name, text in texts(*PRODUCT).items() if name.endswith(".py") and name not in apart}
    assert len(code) > 100 and [name for name, text in code.items() if asks_for_tests(text)] == []


@pytest.mark.parametrize(
    "source", ["import tests.practice", "from tests import x", "COURSE / 'tests'", "open('tests/x')"]
)
def test_such_code_would_be_noticed(source):
    assert asks_for_tests(source)


def test_students_get_no_file_that_proves_checks():
    base = "autograders/checks/lab_02"
    hidden = [Path(base, name) for name in ("answers/right/a.py", "attacks/b.py", LISTED, CLAUSES)]
    assert [is_proof(file) for file in (*hidden, Path(base, "cases.py"), Path(base, "__init__.py"))] == [True] * 4 + [
        False
    ] * 2


@every_lab
def test_a_lab_has_a_deck_or_is_the_start_page(lab):
    assert lab == labs()[0] or (COURSE / "slides" / f"{lab.name}.md").exists()
