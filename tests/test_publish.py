"""`labs publish`: students get a copy of the course that works, and holds no answer."""

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from autograders import publish as room
from autograders.answers import answers, attacks, reference
from autograders.cli import main
from autograders.grading.assignments import assignment
from autograders.homes import is_proof
from autograders.publish import publish
from autograders.release import Released
from environments.course import labs
from environments.errors import LabsError
from environments.place import COURSE

pytestmark = pytest.mark.slow  # each needs the labs to be compared with what solutions/ makes


@pytest.fixture(scope="module")
def copy(reachable_tmp):
    folder = reachable_tmp / "for students"
    said = CliRunner().invoke(main, ["publish", str(folder)], catch_exceptions=False).output
    assert f"files in {folder}" in said
    return folder


@pytest.fixture
def labs_are_current(monkeypatch):
    monkeypatch.setattr(room, "_checked_labs", dict)


def typed(copy: Path, tmp: Path, *words: str) -> tuple[int, str]:
    """A command in the copy, which takes the copy's own packages."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LABS_", "PYTEST_"))}
    env |= {"PYTHONPATH": str(copy), "LABS_HOME": str(tmp / "home"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), env["PATH"]])}
    done = subprocess.run(
        [shutil.which(words[0], path=env["PATH"]), *words[1:]],
        cwd=copy,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=250,
    )
    return done.returncode, done.stdout + done.stderr


def texts(copy: Path) -> dict[str, str]:
    return {
        str(file.relative_to(copy)): file.read_text(encoding="utf-8", errors="replace")
        for file in copy.rglob("*")
        if file.is_file()
    }


# What is in it

def test_what_answers_the_labs_is_not_in_it(copy):
    there = {path.name for path in copy.iterdir()}
    assert (
        there & {"solutions", "tests", "docs", "CONTRIBUTING.md", ".git", ".ci"} == set()
        and {"labs", "Makefile"} <= there
    )


def test_no_known_answer_and_no_mark_scheme_is_in_any_file(copy):
    own = texts(copy)
    secret: list[str] = []
    for graded in (assignment(lab.number) for lab in labs() if lab.solution.exists()):
        secret += reference(nbformat.read(graded.source, as_version=4)).values()
        secret += [text for kind in (answers(graded, "right"), answers(graded, "wrong"), attacks(graded))
                   for answer in kind for text in answer.cells.values()]
    long = [text.replace("\n", "\\n").replace('"', '\\"') for text in secret if len(text) > 80]
    assert len(long) > 50
    assert [text for text in long if any(text in file for name, file in own.items() if name.endswith(".ipynb"))] == []
    assert [name for name in own if is_proof(Path(name)) or "skeleton" in name] == [] and any(
        map(is_proof, map(Path, room._tracked()))
    )
    assert [
        name
        for name, file in own.items()
        if name.endswith(".ipynb") and re.search("BEGIN SOLUTION|MARK SCHEME|HIDDEN TESTS", file)
    ] == []


def test_its_readme_speaks_of_what_it_has(copy):
    page = (copy / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page)
    assert [to for to in targets if not to.startswith("https://") and not (copy / to).exists()] == []
    assert re.findall(r"solutions/|nbgrader|make test|labs (?:release|prove|grade|publish)|CONTRIBUTING", page) == []
    assert page.count("```") % 2 == 0 and "labs check 02" in page


def test_its_makefile_has_the_targets_that_work_there(copy):
    assert re.findall(r"(?m)^(\w+):", (copy / "Makefile").read_text(encoding="utf-8")) == ["setup", "start"]


def test_its_workflow_types_commands_that_there_are(copy):
    run = re.findall(r"labs (\w+)", (copy / ".github/workflows/setup.yml").read_text(encoding="utf-8"))
    assert run and set(run) <= set(main.commands)


# It works

def test_a_lab_can_be_checked_in_it(copy, tmp_path):
    status, said = typed(copy, tmp_path, "labs", "check", "00")
    assert (status, "lab 00  0 of 1 checks pass" in said) == (1, True), said


def test_a_lab_can_be_validated_in_it(copy, tmp_path):
    said = typed(copy, tmp_path, "nbgrader", "validate", "labs/00_start_here/00_start_here.ipynb")[1]
    assert "VALIDATION FAILED ON 1 CELL" in said, said


def test_labs_are_listed_and_their_services_run_in_it(copy, tmp_path):
    told = [typed(copy, tmp_path, "labs", *words)[0] for words in (["list"], ["up", "03"], ["status"], ["down"])]
    assert told == [0] * 4


@pytest.mark.parametrize("words", ["new 11 x", "release", "prove 00", "grade 00", "publish elsewhere"])
def test_what_needs_the_answers_is_refused_in_one_line(copy, tmp_path, words):
    status, said = typed(copy, tmp_path, "labs", *words.split())
    due = ("labs: this is a student copy of the course: releasing, proving and grading need the instructor's, "
           "which has solutions/.")
    assert (status, said.strip().splitlines()) == (1, [due])


# Publishing

def test_publishing_again_brings_a_copy_up_to_date_and_leaves_its_repository(labs_are_current, tmp_path):
    publish(tmp_path / "copy")
    (tmp_path / "copy" / ".git").mkdir()
    (tmp_path / "copy" / "Makefile").write_text("old")
    (tmp_path / "copy" / "gone.py").write_text("")
    (tmp_path / "copy" / "syllabus.md").write_text("ours")
    with (tmp_path / "copy" / room.MANIFEST).open("a") as manifest:
        manifest.write(f"{sha256(b'').hexdigest()}  gone.py\n{sha256(b'').hexdigest()}  ../kept.py\n")
    (tmp_path / "kept.py").write_text("")
    before = (tmp_path / "copy" / "README.md").stat().st_mtime_ns
    publish(tmp_path / "copy")
    there = {path.name for path in (tmp_path / "copy").iterdir()}
    assert {".git", "syllabus.md"} <= there and "gone.py" not in there and (tmp_path / "kept.py").exists()
    assert "setup:" in (tmp_path / "copy" / "Makefile").read_text()
    assert (tmp_path / "copy" / "README.md").stat().st_mtime_ns == before


def test_what_was_changed_in_a_copy_is_kept_aside_and_said(labs_are_current, tmp_path):
    copy = tmp_path / "copy"
    publish(copy)
    (copy / "README.md").write_text("welcome to my class")
    (copy / "gone.py").write_text("mine")
    with (copy / room.MANIFEST).open("a") as manifest:
        manifest.write(f"{sha256(b'as published').hexdigest()}  gone.py\n")
    kept = publish(copy).kept
    assert (sorted(file.read_text() for file in kept), (copy / "gone.py").exists()) == (
        ["mine", "welcome to my class"],
        False,
    )


@pytest.mark.parametrize("place", ["thesis", "thesis/thesis.txt"])
def test_a_folder_with_something_else_in_it_is_left_alone(labs_are_current, tmp_path, place):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.txt").write_text("mine")
    with pytest.raises(LabsError, match="holds something else"):
        publish(tmp_path / place)
    assert [path.name for path in tmp_path.rglob("*")] == ["thesis", "thesis.txt"]


def test_nothing_is_published_into_the_course_itself(labs_are_current):
    with pytest.raises(LabsError, match="is inside this course, which has the answers"):
        publish(COURSE / "for-students")
    assert not (COURSE / "for-students").exists()


def test_labs_that_are_not_what_solutions_make_are_not_published(monkeypatch, tmp_path):
    monkeypatch.setattr("autograders.release.release", lambda check: Released(changed=["03_read_replica"]))
    with pytest.raises(LabsError, match="labs/ differs from what solutions/ makes: 03_read_replica. Run: make release"):
        publish(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_lab_that_was_run_is_published_as_it_was_released(monkeypatch, tmp_path):
    notebook = "labs/00_start_here/00_start_here.ipynb"
    monkeypatch.setattr(room, "_checked_labs", lambda: {COURSE / notebook: b"as released"})
    publish(tmp_path / "copy")
    assert (tmp_path / "copy" / notebook).read_bytes() == b"as released"


def test_copies_that_were_kept_of_somebodys_work_are_not_published(labs_are_current, monkeypatch, tmp_path):
    kept = Path("labs/00_start_here/00_start_here_kept_2026-11-30.ipynb")
    monkeypatch.setattr(room, "_tracked", lambda: [Path("README.md"), kept])
    monkeypatch.setattr(Path, "is_file", lambda file: True)
    assert list(room._chosen()) == [Path("README.md")]


def test_a_solution_that_stands_in_a_lab_is_noticed(labs_are_current, monkeypatch, tmp_path):
    monkeypatch.setattr(room, "ROOMS", ("labs", "solutions"))
    with pytest.raises(LabsError, match="has a solution or a hidden test in it; nothing was published"):
        publish(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
