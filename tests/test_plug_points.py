"""The engine knows no lab, service or library by name: services say what grading needs of them, libraries register."""

import re
import tomllib
import venv
from pathlib import Path

import msgpack
import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograders.grading import engine as engines
from autograders.grading import sandbox
from autograders.grading.codec import Codec
from autograders.grading.engine import Engine
from autograders.grading.model import Release, Submission
from autograders.grading.sandbox import Limits
from environments import services
from environments.course import Lab, labs
from environments.grading_needs import GradingNeeds, all_of
from environments.place import COURSE
from environments.services import SERVICES
from environments.workspace import GRADED
from tests.test_engine import STUB, answer, check, messages

ENGINE = ("engine.py", "codec.py", "zygote.py", "sandbox.py")
BUILT_ON = {"msgpack", "nbgrader", "psutil"}  # what grading itself is made of
VENDORS = {
    "postgresql", "stripe", "mixpanel", "amplitude", "airbyte", "teaspoon", "matplotlib_inline", "openblas", "mpl",
}


def names_of_others() -> list[str]:
    """What may not be named: the libraries that the course depends on, its services and labs, and whose they are."""
    project = tomllib.loads((COURSE / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(requirement for group in project["optional-dependencies"].values() for requirement in group),
    ]
    libraries = {re.match(r"[\w-]+", requirement)[0].lower() for requirement in wanted} - BUILT_ON
    return sorted(
        libraries
        | {name.replace("-", "_") for name in libraries}
        | VENDORS
        | set(SERVICES)
        | {lab.name for lab in labs()}
    )


@pytest.mark.parametrize("file", ENGINE)
def test_no_lab_service_or_library_is_named_in(file):
    text = (COURSE / "autograders/grading" / file).read_text().lower()
    named = [name for name in names_of_others() if re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", text)]
    assert named + re.findall(r"\blab_?\s?\d+|\b\d\d_\w+", text) == []


def test_each_service_says_what_grading_needs():
    assert [name for name in SERVICES if not isinstance(services.grading_needs([name]), GradingNeeds)] == []


def test_the_needs_of_several_services_are_those_of_each():
    first = GradingNeeds(lambda: [Path("a")], imports=("x",), handles=("m:A",), shares={"rows": 0.1}, jobs_per_cpu=2)
    two = GradingNeeds(mounts=lambda: [Path("b")], imports=("y",), shares={"seconds": 0.5}, depends_on=(Path("lock"),))
    both = all_of([first, two])
    assert (
        (*both.templates(), *both.mounts()),
        both.imports,
        both.handles,
        both.shares,
        both.depends_on,
        both.jobs_per_cpu,
    ) == ((Path("a"), Path("b")), ("x", "y"), ("m:A",), {"rows": 0.1, "seconds": 0.5}, (Path("lock"),), 1)


def test_what_is_smaller_while_graded_is_whole_in_a_students_notebook(monkeypatch):
    needs = GradingNeeds(shares={"rows": 0.1})
    monkeypatch.delenv(GRADED, raising=False)
    whole = needs.share("rows")
    monkeypatch.setenv(GRADED, "1")
    assert (whole, needs.share("rows")) == (1.0, 0.1)


def test_a_class_that_no_service_declared_is_no_handle():
    candidate = Codec(lambda value: {}, lambda about: "borrowed", takes_ours=True)
    with pytest.raises(ValueError, match="no such handle"):
        candidate.decode(msgpack.packb(["handle", "pathlib:Path", "/"]))


# A tool with an environment of its own

TOOL = """#!{env}/bin/python
import sys
import of_the_tool
print(of_the_tool.SAYS, sys.argv[1])
"""
TEST = """
import pathlib, subprocess
said = subprocess.run([{tool!r}, answer()], capture_output=True, text=True).stdout.strip()
assert said == "the tool says hello", said
assert tried({tool!r}) == "refused"
"""
ANSWER = """
def answer():
    return "hello"

def tried(path):
    try:
        open(path, "a")
        return "written"
    except OSError:
        return "refused"
"""


@pytest.fixture
def tool(folder):
    """A program in a virtual environment of its own, with a library that the course's has not."""
    env = folder / "tool_env"
    venv.create(env, symlinks=True)
    (next(env.glob("lib/python*/site-packages")) / "of_the_tool.py").write_text("SAYS = 'the tool says'")
    file = env / "bin" / "tool"
    file.write_text(TOOL.format(env=env))
    file.chmod(0o777)
    return file


@pytest.fixture
def served_by(monkeypatch):
    """Makes the practice lab of these tests one that needs a service with these needs."""
    def served(needs: GradingNeeds) -> None:
        monkeypatch.setitem(SERVICES, "tool", f"{__name__}:Tool")
        monkeypatch.setattr(Tool, "grading", needs)
        monkeypatch.setattr(engines, "lab_of", lambda name: Lab(name, "", "", "", "", 1, ["tool"]))

    return served


class Tool:
    """A service; tests say what grading needs of it."""

    grading = GradingNeeds()


def graded_with(tool: Path) -> dict[str, str]:
    cells = [answer(STUB), check(TEST.format(tool=str(tool)), "check_tool")]
    full = nbformat.writes(new_notebook(cells=cells))
    notebook = nbformat.reads(full, as_version=4)
    notebook.cells[0].source = ANSWER
    with Engine(Release("90_tool", full, full), limits=Limits(cell=30, submission=120, memory=1024, disk=64)) as engine:
        return messages(engine.grade(Submission("ada", nbformat.writes(notebook).encode())))


@pytest.mark.slow
@pytest.mark.skipif(bool(sandbox.refusal()), reason=sandbox.refusal() or "-")
def test_a_folder_that_a_service_mounts_is_there_and_cannot_be_written(tool, served_by):
    served_by(GradingNeeds(mounts=lambda: [tool.parents[1]]))
    assert graded_with(tool) == {"check_tool": ""}


@pytest.mark.slow
@pytest.mark.skipif(bool(sandbox.refusal()), reason=sandbox.refusal() or "-")
def test_a_folder_that_no_service_mounts_is_not_there(tool, served_by):
    served_by(GradingNeeds())
    assert "FileNotFoundError" in graded_with(tool)["check_tool"]
