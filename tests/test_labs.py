"""The labs have one list and a home each: what else the course says of them all is made from that list."""

import ast
import re
import subprocess
from types import SimpleNamespace

import nbformat
import pytest

from autograders import answers as known
from autograders.grading.assignments import assignment
from autograders.grading.course_names import CourseNames
from environments.course import labs
from environments.place import COURSE
from tests.graders import Grader

WRITTEN = [one for one in labs() if one.solution.exists()]
PRODUCT = ("autograders/", "datasets/", "environments/", "slides/", "binder/", "nbgrader_config.py")
# What is made from the list, and compared with what it would be by tests of their own.
MADE = ("environments/labs.toml", "labs/", labs()[0].solution.relative_to(COURSE).as_posix())
TABLE = re.compile(r"(?s)<!-- labs: .*?<!-- /labs -->")
FEW = 2  # labs that a file may name as examples

every_lab = pytest.mark.parametrize("one", WRITTEN, ids=lambda one: one.name)


def texts(*places: str) -> dict[str, str]:
    """The text files that git knows of, by path."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *places], cwd=COURSE,
                            check=True, capture_output=True, text=True).stdout
    endings = (".py", ".md", ".toml", ".yml", ".yaml", ".json", ".ipynb", ".cfg", "Makefile", "run")
    return {name: (COURSE / name).read_text(encoding="utf-8") for name in filter(None, listed.split("\0"))
            if name.endswith(endings) and (COURSE / name).is_file()}


def named(text: str) -> set[str]:
    """The numbers of the labs that a text names: in whole, as a home, or in quotes on a line with others."""
    numbers = "|".join(one.number for one in labs())
    whole = "|".join(one.name for one in labs())
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
    words = [node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) is str and id(node) not in docs]
    modules = [name for node in nodes for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else
                                                   [node.module or ""] if isinstance(node, ast.ImportFrom) else [])]
    return any(re.search(r"(^|/)tests(/|$)", word) for word in words) or any(name.split(".")[0] == "tests" for name in modules)


def test_the_product_asks_for_no_file_of_the_tests():
    apart = ("autograders/publish.py",)  # what it takes out of the README names them
    code = {name: text for name, text in texts(*PRODUCT).items() if name.endswith(".py") and name not in apart}
    assert len(code) > 100 and [name for name, text in code.items() if asks_for_tests(text)] == []


@pytest.mark.parametrize("source", ["import tests.practice", "from tests import x", "COURSE / 'tests'", "open('tests/x')"])
def test_such_code_would_be_noticed(source):
    assert asks_for_tests(source)


@every_lab
def test_a_lab_has_a_deck_or_is_the_start_page(one):
    assert one == labs()[0] or (COURSE / "slides" / f"{one.name}.md").exists()


@every_lab
def test_each_check_of_a_lab_is_lost_by_a_wrong_answer_and_passed_by_a_right_one(one):
    right, wrong = (known.answers(assignment(one.number), kind) for kind in ("right", "wrong"))
    cells = nbformat.read(one.solution, as_version=4).cells
    checks = {cell.metadata.nbgrader.grade_id for cell in cells if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")}
    assert (checks - set().union(*(a.loses for a in wrong)), set().union(*(a.loses for a in wrong)) - checks, len(right) > 0) == \
        (set(), set(), True)


# The answers of labs whose checks need no servers, and so no tests of their own

def _alone() -> list[str]:
    return [one.number for one in WRITTEN if not (COURSE / "tests" / f"test_checks_lab_{one.number}.py").exists()]


def _kernel(number: str):
    """What the course's own cells of a lab bind."""
    def names() -> dict:
        shell = SimpleNamespace(user_ns={})
        CourseNames(assignment(number).source.read_text(encoding="utf-8")).bring_in(shell)
        return shell.user_ns

    return names


ALONE = [(grader, answer) for grader in (Grader(number, _kernel(number)) for number in _alone())
         for answer in (grader.reference, *grader.right, *grader.wrong)]


@pytest.mark.filterwarnings("ignore::UserWarning")  # answers warn
@pytest.mark.parametrize(("grader", "answer"), ALONE, ids=lambda value: getattr(value, "name", ""))
def test_a_known_answer_loses_its_own_points_and_no_others(grader, answer):
    assert {name for name in grader.checks_of(answer) if grader.message(answer, name)} == answer.loses
