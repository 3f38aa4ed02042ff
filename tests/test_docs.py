"""docs/instructors.md tells the truth:
its commands are run in order by an instructor with a small class, and say what it shows."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import zipfile

import nbformat
import pytest

from autograders.answers import fill, reference
from autograders.cli import main
from environments.place import COURSE
from environments.waiting import wait_until
from tests.course_copy import CourseCopy
from tests.test_readme import blocks
from tests.waits import HANG

PAGE = COURSE / "docs" / "instructors.md"
START = "00_start_here"
# What varies from machine to machine: times, and the workers' port.
VARIES = ((r"in \d+ s$", "in N s"), (r":8786", ":PORT"))
UNSCORED = re.compile(r'(?m)^  \S.*not graded:|cannot match to a student|"failed": \{\n')


def commands() -> list[tuple[str, list[str]]]:
    """Each command of the page with the lines of output that it shows."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(blocks(PAGE, "console")).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def same(line: str) -> str:
    for pattern, stands_for in VARIES:
        line = re.sub(pattern, stands_for, line.rstrip())
    return line


class Course(CourseCopy):
    """A copy of the course, its class, and how it all went."""

    def __init__(self, folder):
        super().__init__(folder)
        self.said: dict[str, tuple[int, str]] = {}
        self.rows: dict[str, list] = {}
        self.background: list[subprocess.Popen] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def run(self, command: str) -> None:
        """Type a command as it stands on the page; one that goes on until it is ended goes on behind the others."""
        line = command.replace(":8786", f":{self.port}").replace("--port 8786", f"--port {self.port}")
        if line.startswith("labs start"):
            self.said[command] = self._started(f"{line} --no-browser")
        elif line.startswith("dask"):
            self.said[command] = 0, self._behind(line)
        else:
            if "--scheduler" in line:  # else nothing would be left to grade
                shutil.rmtree(self.root / ".labs" / "graded")
            done = subprocess.run(
                ["bash", "-c", line],
                cwd=self.root,
                env=self.env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=200,
            )
            self.said[command] = done.returncode, done.stdout + done.stderr
        self.rows[command] = self.marks()

    def marks(self) -> list:
        """Who has how much for which test."""
        with sqlite3.connect(self.root / "gradebook.db") as book:
            return sorted(
                book.execute(
                    "select a.student_id, c.name, g.auto_score from grade g join base_cell c on c.id = g.cell_id "
                    "join submitted_notebook n on n.id = g.notebook_id "
                    "join submitted_assignment a on a.id = n.assignment_id"
                )
            )

    def leave(self) -> None:
        for process in self.background:
            process.terminate()
            process.wait(HANG)
        super().leave()

    def _started(self, line: str) -> tuple[int, str]:
        log = self.temp / "start.log"
        server = self.start(line, log)
        try:
            wait_until(lambda: "token=" in log.read_text(), HANG, "JupyterLab's address", log.read_text)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(HANG)
        return 0, log.read_text()

    def _behind(self, line: str) -> str:
        log = self.temp / f"dask-{len(self.background)}.log"
        self.background.append(self.start(line, log))
        ready = "Registered to" if " worker " in line else "Scheduler at"
        wait_until(lambda: ready in log.read_text(), HANG, f"{line} to be ready", log.read_text)
        return log.read_text()


@pytest.fixture(scope="module")
def course(reachable_tmp, sandbox):
    course = Course(reachable_tmp / "docs")
    try:
        hand_in(course)
        for command, _ in commands():
            course.run(command)
        yield course
    finally:
        course.leave()


def hand_in(course: Course) -> None:
    """The class, where the page says that it is."""
    solution = nbformat.read(course.root / "solutions" / START / f"{START}.ipynb", as_version=4)
    notebook = nbformat.read(course.root / "labs" / START / f"{START}.ipynb", as_version=4)
    fill(notebook, solution, reference(solution))
    right = nbformat.writes(notebook)
    archive = course.root / "downloaded" / START / "archive"
    archive.mkdir(parents=True)
    (archive / f"ada_{START}.ipynb").write_text(right)
    with zipfile.ZipFile(archive / "bob.zip", "w") as packed:
        packed.writestr(f"{START}.ipynb", right.replace("check.dollars(dollars)", "pass"))
    (archive / f"cleo_{START}.ipynb").write_text("<!DOCTYPE html><html><body>my notebook</body></html>")
    with zipfile.ZipFile(course.root / "moodle.zip", "w") as packed:
        for number, name in enumerate(("Dora Lange", "Ed Okafor", "Someone Else"), start=101):
            packed.writestr(f"{name}_{number}_assignsubmission_file_/{START}.ipynb", right)
    (course.root / "class.csv").write_text(blocks(PAGE, "csv")[0])
    (course.root / "inbox").mkdir()
    (course.root / "inbox" / "hal-lab0.ipynb").write_text(right)


# The commands

@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("command, shown", commands(), ids=[command for command, _ in commands()])
def test_a_command_says_what_the_page_shows(course, command, shown):
    status, said = course.said[command]
    told = [same(line) for line in said.splitlines()]
    assert [line for line in map(same, shown) if line not in told] == [], said[-2000:]
    assert status == (1 if UNSCORED.search(said) else 0), said[-2000:]


@pytest.mark.slow
def test_feedback_is_where_the_page_says(course):
    assert {page.parents[1].name for page in course.root.glob(f"feedback/*/{START}/{START}.html")} >= {"ada", "bob"}


@pytest.mark.slow
def test_the_whole_class_is_in_the_gradebook_with_its_score(course):
    assert course.marks() == [(who, "check_dollars", 1.0) for who in ("ada", "bob", "dora", "ed", "hal")]


@pytest.mark.slow
def test_other_machines_change_no_score(course):
    before, after = [
        course.rows[command]
        for command, _ in commands()
        if command.startswith(("dask worker", "labs grade 00 --scheduler"))
    ]
    assert (
        before == after
        and course.said["labs grade 00 --scheduler tcp://127.0.0.1:8786"][1].count("from earlier runs") == 0
    )


@pytest.mark.slow
def test_json_has_a_sum_for_each_lab(course):
    said = course.said["labs grade 00 --json"][1]
    told = json.loads(said[said.index("{"):said.rindex("}") + 1])
    assert [(lab["lab"], lab["scored"]) for lab in told["labs"]] == [("00", 2)]


# The page

def test_the_files_of_the_class_are_those_on_the_page():
    shown = {line.rsplit("/", 1)[1] for line in blocks(PAGE, "text")[0].splitlines()}
    assert shown == {f"ada_{START}.ipynb", "bob.zip", f"cleo_{START}.ipynb"}


def test_every_option_of_labs_on_the_page_exists():
    options = {option for verb in main.commands.values() for p in verb.params for option in p.opts}
    typed = [re.findall(r"--[a-z-]+", command) for command, _ in commands() if command.startswith("labs ")]
    named = re.findall(r"`(--[a-z-]+)`", PAGE.read_text(encoding="utf-8"))
    assert {*named, *(option for line in typed for option in line)} <= options


def test_the_refusal_names_this_page():
    assert "docs/instructors.md" in (COURSE / "autograders/grading/engine.py").read_text(encoding="utf-8")


def test_the_limits_on_the_page_are_the_sandboxes():
    from autograders.grading.candidate import PRINTED
    from autograders.grading.sandbox import Limits

    most = Limits()
    said = (
        f"**Limits:** {most.cell:g} s per cell, {most.submission / 60:g} minutes, {most.processes} processes and "
        f"threads, {most.file} MB per file, {PRINTED:,} characters of a cell's output, and {most.memory // 1024} GB of "
        "memory for all processes together"
    )
    assert said in PAGE.read_text(encoding="utf-8")


def test_the_rooms_on_the_page_are_those_a_submission_sees():
    from autograders.grading.sandbox import ROOMS

    *others, last = (f"`{room}/`" for room in ("autograders", "environments", "datasets"))
    assert set(ROOMS) == {
        "autograders",
        "environments",
        "datasets",
    } and f"{', '.join(others)} and {last}" in PAGE.read_text(encoding="utf-8")


def test_the_image_is_made_of_files_there_are():
    copied = re.findall(r"(?m)^COPY (.+) \S+$", (COURSE / "docs/Containerfile").read_text(encoding="utf-8"))
    assert [name for line in copied for name in line.split() if not (COURSE / name).exists()] == []


def test_the_container_on_the_page_is_given_what_ci_gives_its_own():
    ci = (COURSE / ".github/workflows/test.yml").read_text(encoding="utf-8")
    rights = re.findall(r"--(?:cap-add|security-opt) \S+", ci)
    assert rights and [right for right in rights if right not in PAGE.read_text(encoding="utf-8")] == []


def test_the_example_for_slurm_is_python():
    compile(blocks(PAGE, "python")[0], os.fspath(PAGE), "exec")
