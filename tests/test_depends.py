"""What a class is graded again for: what its lab can reach, and nothing else."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograders.grading import depends
from autograders.grading.model import Release, Submission
from environments import services
from environments.course import Lab, labs
from environments.grading_needs import GradingNeeds
from environments.services import SERVICES

ROOMS = {
    "autograders/__init__.py": "",
    "autograders/grading/__init__.py": "",
    "autograders/checks/__init__.py": "",
    "autograders/grading/worker.py": "from autograders.grading import sandbox",
    "autograders/grading/sandbox.py": '"""The sandbox."""',
    "autograders/grading/gradebook.py": "from autograders.grading import worker",
    "autograders/checks/mine.py": "def check():\n    from datasets import used\n    return used",
    "autograders/checks/others.py": "import datasets.other",
    "datasets/__init__.py": "",
    "datasets/used.py": "from .deep import *",
    "datasets/deep/__init__.py": "",
    "datasets/deep/below.py": "",
    "datasets/other.py": "",
    "datasets/prices.yaml": "a: 1",
    "datasets/deep/table.csv": "a,b",
    "environments/__init__.py": "",
    "environments/tool.py": "PROGRAM = 'environments.program:main'",
    "environments/program.py": "",
    "environments/loader.py": "import importlib\nimportlib.import_module(input())",
    "environments/labs.toml": "",
    "requirements.lock": "pandas==2.3.3",
}


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A small course, in which files may be changed."""
    for name, text in ROOMS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(depends, "COURSE", tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for kept in (depends.ours, depends._data, depends._imports, depends._edition):
        kept.cache_clear()


def edition(*cells: str, submitted: bytes = b"{}") -> str:
    forget()
    text = nbformat.writes(
        new_notebook(
            cells=[new_code_cell(source, id="a") for source in cells or ["from autograders.checks import mine"]]
        )
    )
    return depends.edition_of(Release("90_lab", text, text), Submission("ada", submitted))


@pytest.mark.parametrize(
    "file",
    [
        "autograders/checks/mine.py", "autograders/checks/__init__.py", "datasets/used.py",
        "datasets/deep/__init__.py", "datasets/deep/below.py", "datasets/prices.yaml", "datasets/deep/table.csv",
        "autograders/grading/worker.py", "autograders/grading/sandbox.py", "requirements.lock",
    ],
)
def test_what_a_lab_reaches_has_it_graded_again(course, file):
    before = edition()
    with open(course / file, "a") as changed:
        changed.write("\n# a comment\n")
    assert edition() != before


@pytest.mark.parametrize(
    "file",
    [
        "datasets/other.py", "autograders/checks/others.py", "autograders/grading/gradebook.py",
        "environments/tool.py", "environments/program.py", "environments/labs.toml",
    ],
)
def test_what_a_lab_does_not_reach_does_not(course, file):
    before = edition()
    with open(course / file, "a") as changed:
        changed.write("\n# a comment\n")
    assert edition() == before


def test_a_module_that_only_a_text_names_counts(course):
    before = edition("import environments.tool")
    (course / "environments/program.py").write_text("# changed")
    assert edition("import environments.tool") != before


def test_where_nobody_knows_what_is_loaded_all_modules_count(course):
    before = edition("import environments.loader")
    (course / "datasets/other.py").write_text("# changed")
    assert edition("import environments.loader") != before


@pytest.mark.parametrize(
    "source",
    [
        "import datasets.other", "from datasets import other", "from datasets import used,  other as o",
        "from datasets import (", "from datasets import *", "from datasets import \\\n    other",
        "__import__('data' + 'sets.other')", "importlib.reload(x)",
    ],
)
def test_what_only_a_student_imports_has_them_graded_again(course, source):
    submitted = nbformat.writes(new_notebook(cells=[new_code_cell(f"1\n{source}\n2", id="a")])).encode()
    before, others = edition(submitted=submitted), edition()
    (course / "datasets/other.py").write_text("# changed")
    assert (edition(submitted=submitted) != before, edition() != others) == (True, False)


def test_a_cell_in_one_text_is_searched_as_well(course):
    submitted = rb'{"cells": [{"source": "x = 1\nfrom datasets import other\nx"}]}'
    before = edition(submitted=submitted)
    (course / "datasets/other.py").write_text("# changed")
    assert edition(submitted=submitted) != before


@pytest.mark.parametrize(
    "disguised", [rb'{"source": "from datasets import \u006fther"}', "import datasets.other".encode("utf-16")]
)
def test_a_notebook_that_nobody_can_search_depends_on_all(course, disguised):
    before = edition(submitted=disguised)
    (course / "datasets/other.py").write_text("# changed")
    assert edition(submitted=disguised) != before


def test_known_answers_never_count(course):
    proof = course / "autograders/checks/lab_90/answers/right/other.py"
    proof.parent.mkdir(parents=True)
    before = edition(submitted=b"importlib")
    proof.write_text("# an answer")
    assert edition(submitted=b"importlib") == before


def test_what_only_a_file_beside_the_notebook_imports_counts(course):
    text = nbformat.writes(new_notebook())
    release, submission = Release("90_lab", text, text), Submission("ada", b"{}", {"mine.py": b"import datasets.other"})
    before = depends.edition_of(release, submission)
    (course / "datasets/other.py").write_text("# changed")
    forget()
    assert depends.edition_of(release, submission) != before


def test_a_services_own_lock_counts(course, monkeypatch):
    class Tool:
        grading = GradingNeeds(depends_on=(course / "tool.lock",))

    monkeypatch.setitem(SERVICES, "tool", "environments.tool:Tool")
    monkeypatch.setattr(services, "_class", lambda name: Tool)
    monkeypatch.setattr(depends, "lab_of", lambda name: Lab(name, "", "", "", "", 1, ["tool"]))
    editions = [edition()]
    for file in ("tool.lock", "environments/tool.py"):
        (course / file).write_text("# changed")
        editions.append(edition())
    assert len(set(editions)) == 3


@pytest.mark.parametrize(
    "lab", [written for written in labs() if written.solution.exists()], ids=lambda written: written.name
)
def test_no_lab_depends_on_the_checks_of_another(lab):
    text = lab.solution.read_text()
    modules = depends.reached(
        {*depends.ENGINE, *depends.imports_of(text), *(SERVICES[service].partition(":")[0] for service in lab.services)}
    )
    assert {module for module in modules if module.startswith("autograders.checks.")} == {
        module
        for module in depends.reached(depends.imports_of(text))
        if module.startswith(f"autograders.checks.lab_{lab.number}")
    }


def test_the_engine_reaches_its_own_parts():
    parts = {"codec", "peer", "candidate", "examiner", "sandbox", "repair", "libraries.pandas", "given"}
    assert {f"autograders.grading.{part}" for part in parts} <= depends.reached(depends.ENGINE)
