"""Grading loses nothing: whatever is killed, and however full the disk, in the end every mark is the undisturbed run's.

What happens at random happens by a seed, `LABS_KILLS_SEED`, which a failure names.
"""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook

from autograders.answers import answers, fill, reference
from autograders.configuration import course_config
from autograders.grading.assignments import assignment
from autograders.grading.gradebook import CourseGradebook
from autograders.grading.model import Assignment
from autograders.grading.releases import release_of
from environments.waiting import wait_until
from tests.killing import Driver
from tests.test_gradebook import Course
from tests.waits import HANG

pytestmark = [pytest.mark.slow, pytest.mark.exhaustive, pytest.mark.timeout(1800),
              pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")]

SEED = int(os.environ.get("LABS_KILLS_SEED", "2026"))
# Kills, or full disks; LABS_PROOFS=1 takes several times as many, and minutes more.
STORING, GRADING, ENGINE, WORKERS, DISKS, STOCK = (
    (200, 10, 200, 5, 30, 5) if os.environ.get("LABS_PROOFS") else (100, 4, 80, 2, 10, 2)
)
ATTEMPTS = 40  # a command that is killed so often must have come to its end
NAME = "90_python"
UNREADABLE = "unreadable"
COPIES = 8  # of the class, where its engine is killed all the time
EVERY = 0.08  # seconds between two kills, on average
KINDS = {"zygote": 1, "warden": 4, "sandbox": 4, "examiner": 4, "candidate": 6}  # how often each is killed
ZYGOTE = "autograders.grading.zygote"
BY_HAND = "retry_choice"


# The class, and what an undisturbed run makes of it


@pytest.fixture(scope="module")
def place():
    """In memory, where there is room: what is killed is not the machine, and hundreds of classes wait for no disk."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 200 * 2**20
    folder = Path(tempfile.mkdtemp(prefix="labs-test-", dir=memory if roomy else None))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def submitted(place):
    """The reference, a blank one, wrong ones, a late one with a file, one to be repaired, one that cannot be read."""
    lab = assignment("90")
    solution, visible = nbformat.read(lab.source, as_version=4), _release(lab).visible
    right = reference(solution)
    texts = {"blank": None, "reference": right, "late": right, "repaired": right}
    texts |= {answer.name: right | answer.cells for answer in answers(lab, "wrong")[:8]}
    for student, written in texts.items():
        notebook = nbformat.reads(visible, as_version=4)
        if written is not None:
            fill(notebook, solution, written)
        if student == "repaired":
            notebook.cells = [
                c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") != "check_price_tag"
            ]
        file = place / "submitted" / student / NAME / f"{NAME}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text(nbformat.writes(notebook))
    beside = place / "submitted" / "late" / NAME
    (beside / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    (beside / "notes.txt").write_text("my own\n" * 1000)
    broken = place / "submitted" / UNREADABLE / NAME / f"{NAME}.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_text('{"cells": [')
    return place / "submitted"


@pytest.fixture(scope="module")
def driver(place):
    with Driver(place) as driver:
        yield driver


@pytest.fixture(autouse=True)
def nothing_left(driver, truth):
    """After each test: no process, no temporary folder."""
    yield
    left = driver.left(within=HANG)
    for process in left:
        process.kill()
    assert not left, left
    assert not [name for name in os.listdir(driver.temp) if name.startswith("labs-")]


@dataclass(frozen=True)
class Stored:
    """All that grading leaves: marks, the gradebook's rows without their ids, the autograded files."""

    marks: list
    rows: list
    files: dict

    @classmethod
    def of(cls, root: Path, lab=None) -> "Stored":
        course = Course(root)
        lab = lab or assignment("90")
        with CourseGradebook(course.config, lab, _release(lab)) as book:
            marks = book.marks()
        folder = root / "autograded"
        files = {
            str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
        }
        return cls(marks, course.grades(), files)


@cache
def _release(lab: Assignment):
    return release_of(lab, course_config())


@dataclass(frozen=True)
class Truth:
    stored: Stored
    results: Path  # what the engine gave
    seconds: float

    @property
    def students(self) -> set[str]:
        return {row["student"] for row in self.stored.marks}


@pytest.fixture(scope="module")
def truth(driver, place, submitted):
    root, results = place / "undisturbed", place / "results"
    ended = driver.run(root=root, submitted=submitted, keep=results)
    assert ended.status == 0, ended.said
    summary = ended.summary
    assert (
        set(summary["failed"]) == {UNREADABLE} and set(summary["repaired"]) == {"repaired"} and not summary["troubled"]
    ), summary
    stored = Stored.of(root)
    totals = {row["student"]: row["total"] for row in stored.marks}
    assert (
        totals["reference"]
        == totals["late"]
        == totals["repaired"]
        > max(total for name, total in totals.items() if name not in ("reference", "late", "repaired"))
        and totals["blank"] == 0
    )
    return Truth(stored, results, ended.seconds)


def assert_same(root: Path, truth: Truth, what: str = "") -> None:
    """Every score is the undisturbed run's, nothing twice, nothing missing."""
    stored = Stored.of(root)
    assert stored.marks == truth.stored.marks, (SEED, what)
    assert stored.rows == truth.stored.rows, (SEED, what)
    assert stored.files.keys() == truth.stored.files.keys(), (SEED, what)
    assert [name for name, content in stored.files.items() if content != truth.stored.files[name]] == [], (SEED, what)
    with closing(sqlite3.connect(_journal(root))) as journal:
        assert journal.execute("select count(*) from graded").fetchone()[0] == len(truth.students)


def assert_nothing_half(root: Path, truth: Truth) -> None:
    """Right after a kill: a student has all of their marks or none, and a notebook that is there is whole."""
    if (root / "gradebook.db").exists():
        copy = root.with_name(f"{root.name}.copy")
        copy.mkdir()
        for file in root.glob("gradebook.db*"):  # with SQLite's own journal: a reader undoes what was half written
            shutil.copy(file, copy)
        try:
            theirs = [set(map(tuple, rows)) for rows in Course(copy).grades()]
        except sqlite3.OperationalError as e:
            assert "no such table" in str(e)  # killed before it was made
        else:
            graded = {row[0] for row in theirs[0]}
            for found, true in zip(theirs, truth.stored.rows, strict=True):
                assert found == {row for row in map(tuple, true) if row[0] in graded}, SEED
        shutil.rmtree(copy)
    for file in (root / "autograded").rglob(f"{NAME}.ipynb"):
        assert file.read_bytes() == truth.stored.files[str(file.relative_to(root / "autograded"))], SEED


def _journal(root: Path) -> Path:
    return root / ".labs" / "graded" / f"{NAME}.journal"


class Moments(Counter):
    """When kills came: before the first student was heard of, among them, or after the last."""

    def add(self, ended, students: int) -> None:
        self["before" if not ended.heard else "among" if ended.heard < students else "after"] += 1


# The coordinator


def test_run_again_changes_nothing(driver, truth, submitted, place):
    before = (place / "undisturbed" / "gradebook.db").read_bytes()
    ended = driver.run(root=place / "undisturbed", submitted=submitted)
    assert ended.summary["from_journal"] == len(truth.students)
    assert (place / "undisturbed" / "gradebook.db").read_bytes() == before
    assert_same(place / "undisturbed", truth)


def test_the_coordinator_killed_while_it_stores(driver, truth, submitted, place):
    whole = min(
        driver.run(root=place / f"whole{n}", submitted=submitted, known=truth.results).seconds for n in range(3)
    )
    moments = _kill_and_run_again(
        driver, truth, STORING, whole, place / "storing", submitted=submitted, known=truth.results
    )
    print("storing", dict(moments), f"a whole run takes {whole:.2f} s")
    assert moments.total() == STORING and min(moments["before"], moments["among"]) > STORING / 8


def test_the_coordinator_killed_while_it_grades(driver, truth, submitted, place):
    moments = _kill_and_run_again(driver, truth, GRADING, truth.seconds, place / "grading", submitted=submitted)
    print("grading", dict(moments), f"a whole run takes {truth.seconds:.2f} s")
    assert moments.total() == GRADING and moments["among"] > GRADING / 8  # what earlier runs kept is heard of at once


def _kill_and_run_again(driver: Driver, truth: Truth, kills: int, whole: float, root: Path, **request) -> Moments:
    """Kill a command, and what is run after it, a few times; then let it end, and compare. Half of the kills come at
    any moment of a whole run, half soon after any student was heard of, which is when most is written."""
    moments, draw, students = Moments(), random.Random(SEED), len(truth.students) + 1
    while moments.total() < kills:
        for _ in range(min(draw.randint(4, 12), kills - moments.total())):
            heard = draw.choice([0, draw.randint(1, students)])
            ended = driver.run(draw.uniform(0, whole / students if heard else whole), heard, root=root, **request)
            if ended.killed:
                moments.add(ended, students)
            if draw.random() < 0.3:
                assert_nothing_half(root, truth)
        ended = driver.run(root=root, **request)
        assert ended.status == 0, (SEED, ended.said)
        assert_same(root, truth, f"after {dict(moments)}")
        shutil.rmtree(root)
    return moments


def test_two_coordinators_at_once_are_one_too_many(driver, truth, submitted, place):
    root = place / "two"
    line = ["grade", "90", "--submitted", str(submitted)]
    first = driver.start(root=root, line=line)
    wait_until(_journal(root).exists, HANG, "the first to hold the journal")
    with _stopped(first):
        refused = driver.run(root=root, line=line)
    graded = driver.wait(first)
    assert refused.status == 1 and graded.said.endswith(
        f"{len(truth.students)} scored, 1 repaired, 1 not graded, 0 unmatched, in " + graded.said.rpartition(" in ")[2]
    )
    said = [line for line in refused.said.splitlines() if line != "lab 90"]  # the bar's
    assert len(said) == 1 and "is being graded by another command" in said[0]
    assert_same(root, truth)


@contextmanager
def _stopped(pid: int):
    """Does nothing in the meantime, so that it has not ended before the other has come."""
    process = psutil.Process(pid)
    process.suspend()
    try:
        yield
    finally:
        process.resume()


# The engine


def test_processes_of_the_engine_killed(driver, truth, submitted, place):
    kills, runs, draw = Counter(), 0, random.Random(SEED)
    many = _copies(submitted, place / "many", COPIES)
    while kills.total() < ENGINE:
        root = place / f"engine{runs}"
        for _ in range(ATTEMPTS):
            child = driver.start(root=root, submitted=many)
            kills += _killed_at_random(child, driver, draw, ENGINE - kills.total())
            ended = driver.wait(child)
            runs += 1
            assert ended.status == 0, ended.said
            if all(UNREADABLE in student for student in ended.summary["failed"]):
                break
        assert_copies_same(root, truth, f"run {runs}, {dict(kills)}")
    print("engine", dict(kills), f"in {runs} runs")
    assert kills.total() == ENGINE and kills.keys() == KINDS.keys()


def _copies(submitted: Path, many: Path, number: int) -> Path:
    """The class several times over, under other names."""
    for student in submitted.iterdir():
        for n in range(number):
            shutil.copytree(student, many / f"{student.name}-{n}")
    return many


def assert_copies_same(root: Path, truth: Truth, what: str) -> None:
    stored = Stored.of(root)
    expected = {f"{row['student']}-{n}": row for row in truth.stored.marks for n in range(COPIES)}
    found = {row["student"]: row | {"student": row["student"].rpartition("-")[0]} for row in stored.marks}
    different = {student: {name: (found.get(student, {}).get(name), value) for name, value in row.items()
                           if found.get(student, {}).get(name) != value} for student, row in expected.items()}
    assert found == expected, (SEED, what, {student: how for student, how in different.items() if how})
    files = {
        file.replace("/", f"-{n}/", 1): content for file, content in truth.stored.files.items() for n in range(COPIES)
    }
    assert stored.files.keys() == files.keys(), (SEED, what)
    assert [file for file, content in stored.files.items() if content != files[file]] == [], (SEED, what)


def _killed_at_random(coordinator: int, driver: Driver, draw: random.Random, most: int) -> Counter:
    """Kill processes of the engine, one every now and then, until the coordinator ends."""
    kills, whole, deck = Counter(), psutil.Process(coordinator), []
    while kills.total() < most and _within(whole, draw.uniform(0, 2 * EVERY)):
        deck = deck or draw.sample(list(KINDS), sum(KINDS.values()), counts=list(KINDS.values()))  # each kind its share
        kind = deck.pop()
        while _within(whole, 0):
            there = [process for process in driver.running() if _kind(process, whole) == kind]
            if there:
                with suppress(psutil.NoSuchProcess):
                    draw.choice(there).kill()
                    kills[kind] += 1
                break
    return kills


def _within(process: psutil.Process, seconds: float) -> bool:
    """Wait; whether the process still runs then."""
    gone, _ = psutil.wait_procs([process], timeout=seconds)
    return not gone and process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _kind(process: psutil.Process, coordinator: psutil.Process) -> str:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return ""
        if process.name() in ("bwrap", "sleep", "sh", "cat"):
            return "sandbox"
        if ZYGOTE not in process.cmdline():
            return ""
        parent = process.parent()
        if parent == coordinator:
            return "zygote"
        if ZYGOTE not in parent.cmdline() or parent.parent() == coordinator:
            return "warden"
        first = min((child for child in parent.children() if child.name() != "bwrap"), key=lambda child: child.pid)
        return "examiner" if process == first else "candidate"
    except (psutil.Error, AttributeError, ValueError):
        return ""  # it ended in the meantime


# Workers on other machines


def test_workers_killed(driver, truth, submitted, place):
    draw, kills, runs = random.Random(SEED), 0, 0
    with _dask(driver, place) as (address, new_worker, workers):
        while kills < WORKERS:
            root = place / f"workers{runs}"
            for _ in range(ATTEMPTS):
                child = driver.start(root=root, submitted=submitted, scheduler=address)
                runs += 1
                while kills < WORKERS and _within(psutil.Process(child), draw.uniform(0, 3)):
                    workers.pop(draw.randrange(len(workers))).kill()
                    workers.append(new_worker())
                    kills += 1
                ended = driver.wait(child)
                if ended.status == 0 and set(ended.summary["failed"]) == {UNREADABLE}:
                    break
            assert_same(root, truth, f"{kills} kills")
    print("workers", kills, f"in {runs} runs")


@contextmanager
def _dask(driver: Driver, place: Path):
    """A scheduler with two workers, each a process of its own."""
    file = place / "scheduler.json"
    started: list[psutil.Process] = []

    def begin(*words: str) -> psutil.Process:
        child = driver.start(root=place, program=["-m", "distributed.cli.dask_" + words[0], *words[1:]])
        started.append(psutil.Process(child))
        return started[-1]

    def new_worker() -> psutil.Process:
        return begin("worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard")

    begin("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file), "--host", "127.0.0.1")
    workers = [new_worker(), new_worker()]
    address = _when(lambda: file.exists() and json.loads(file.read_text())["address"])
    try:
        yield address, new_worker, workers
    finally:
        for process in started:
            if process.is_running():
                process.kill()
            driver.wait(process.pid)


def _when(look, within: float = HANG):
    """What it gives, once it gives something."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if found := look():
                return found
        except ValueError:
            pass
        threading.Event().wait(0.05)
    raise TimeoutError


# The disk


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_disk_without_room(driver, truth, submitted, place):
    draw, full = random.Random(SEED), Counter()
    with _small_disk(place / "disk", 8) as disk:
        root = disk / "course"
        needed = _needed(driver, truth, submitted, disk)
        for round_ in range(DISKS):
            filler = _filled(disk, draw.randrange(needed))
            ended = driver.run(
                root=root, submitted=submitted, known=truth.results, line=["grade", "90", "--submitted", str(submitted)]
            )
            full[ended.status] += 1
            lines = [line for line in ended.said.splitlines() if line.strip() and not line.startswith("lab 90")]
            assert ended.status == 1 and "Traceback" not in ended.said and (
                "Make room" in ended.said and len(lines) <= 2 or UNREADABLE in ended.said), (SEED, round_, ended.said)
            filler.unlink()
            assert_nothing_half(root, truth)
            ended = driver.run(root=root, submitted=submitted, known=truth.results)
            assert ended.status == 0, ended.said
            assert_same(root, truth, f"round {round_}")
            shutil.rmtree(root)
    print("disks", dict(full), "bytes needed", needed)


@contextmanager
def _small_disk(folder: Path, megabytes: int):
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "labs-test", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
    assert str(folder) not in Path("/proc/self/mounts").read_text()


def _needed(driver: Driver, truth: Truth, submitted: Path, disk: Path) -> int:
    """Bytes of this disk that a class takes."""
    driver.run(root=disk / "course", submitted=submitted, known=truth.results)
    needed = sum(file.stat().st_blocks * 512 for file in disk.rglob("*"))
    shutil.rmtree(disk / "course")
    return needed


def _filled(disk: Path, left: int) -> Path:
    filler = disk / "filler"
    usage = shutil.disk_usage(disk)
    with open(filler, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, usage.free - left))
    return filler


def test_files_that_may_not_grow(driver, truth, submitted, place):
    draw = random.Random(SEED)
    largest = (place / "undisturbed" / "gradebook.db").stat().st_size
    for round_ in range(DISKS // 5):
        root = place / f"grow{round_}"
        most = draw.randrange(4096, largest)
        ended = driver.run(
            root=root,
            submitted=submitted,
            known=truth.results,
            most=most,
            line=["grade", "90", "--submitted", str(submitted)],
        )
        assert ended.status == 1 and "Make room" in ended.said and "Traceback" not in ended.said, (
            SEED,
            most,
            ended.said,
        )
        assert_nothing_half(root, truth)
        assert driver.run(root=root, submitted=submitted, known=truth.results).status == 0
        assert_same(root, truth, f"{most} bytes")


# What people wrote, and what nbgrader left


def test_marks_by_hand_outlive_kills_and_a_changed_check(driver, truth, submitted, place):
    draw, root, kills = random.Random(SEED), place / "by_hand", 0
    driver.run(root=root, submitted=submitted, known=truth.results)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "small") as book:
        for student in truth.students:
            grade = book.find_grade(BY_HAND, NAME, NAME, student)
            grade.manual_score, grade.needs_manual_grade = 2.5, False
            book.find_comment(BY_HAND, NAME, NAME, student).manual_comment = f"Well argued, {student}."
        book.find_grade("check_price_tag", NAME, NAME, "blank").manual_score = 1
        book.db.commit()
    source = _changed(place / "changed" / NAME)
    for _ in range(ATTEMPTS):
        heard = draw.randrange(len(truth.students))
        ended = driver.run(0 if kills < 2 else None, heard, root=root, submitted=submitted, source=source)
        if not ended.killed:
            break
        kills += 1
    assert kills == 2 and ended.status == 0, ended.said
    before = {row["student"]: row for row in truth.stored.marks}
    for row in Stored.of(root, Assignment(NAME, source)).marks:
        own = before[row["student"]] | {BY_HAND: 2.5, "check_bill_cents": 0}
        own |= {"check_price_tag": 1} if row["student"] == "blank" else {}
        checks = [name for name in own if name.startswith("check_") or name == BY_HAND]
        assert {name: row[name] for name in checks} == {name: own[name] for name in checks}, row["student"]
    comments = {(row[0], row[4]) for row in Course(root).grades()[3] if row[4]}
    assert comments == {(student, f"Well argued, {student}.") for student in truth.students}


def _changed(folder: Path) -> Path:
    """The assignment with a check that nobody passes."""
    notebook = nbformat.read(assignment("90").source, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "check_bill_cents":
            cell.source = 'assert bill_cents("solo", 10) == 991'
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    return folder / f"{NAME}.ipynb"


def test_what_a_killed_nbgrader_left_is_overwritten(driver, truth, submitted, place):
    draw, generated = random.Random(SEED), place / "generated"
    generated.mkdir()
    assert driver.run(root=generated, submitted=place / "nobody", stock="generate").status == 0
    for round_ in range(STOCK):
        root = place / f"stock{round_}"
        shutil.copytree(generated, root)
        ended = driver.run(draw.uniform(0, 0.3), draw.randrange(4), root=root, submitted=submitted, stock="autograde")
        assert ended.killed, ended.said
        left = [path for path in (root / "autograded").rglob("*") if path.is_file()]
        ended = driver.run(root=root, submitted=submitted, known=truth.results)
        assert ended.status == 0, ended.said
        shutil.rmtree(root / "autograded" / UNREADABLE, ignore_errors=True)
        assert_same(root, truth, f"round {round_}, {len(left)} files were there")
