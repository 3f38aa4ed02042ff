"""Attacks on the grading: none gains a point, reads or changes what is outside, leaves anything, or harms a neighbour.

The attacks stand in the homes of labs, in the form of `autograders.answers`; those that need another notebook than
answers make are below. All of an assignment are graded together, with neighbours between them, within short limits.
"""

import contextlib
import hashlib
import json
import os
import pwd
import re
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import nbformat
import psutil
import pytest

import tests.practice  # noqa: F401 (makes its assignments known)
from autograders.answers import KnownAnswer, add, attacks, fill, reference
from autograders.configuration import course_config
from autograders.grading import sandbox
from autograders.grading.assignments import assignment
from autograders.grading.model import Assignment, Graded, Release, Submission
from autograders.grading.pool import GradingOptions, workers
from autograders.grading.releases import release_of
from autograders.grading.sandbox import Limits
from environments import forks
from environments.course import labs
from environments.place import COURSE
from tests.course_copy import copy_course

PORT, ADDRESS = 47811, "\0labs-attacks-canary"  # the attacks know them
FEW = Limits(cell=10, submission=60, memory=700, disk=64, file=64, processes=100)
SHORT = replace(FEW, cell=4, submission=20)
SERVERS = replace(FEW, cell=120, submission=600, memory=1500, disk=512, file=256, processes=300)
# Attacks that end by a limit.
LONG = (
    "endless_", "hog_", "stop_", "thread_", "daemon_watches", "channel_laughs", "channel_hash", "channel_memory",
    "channel_never", "channel_nesting", "channel_questions", "channel_endless", "channel_huge_n", "callback_recursion",
    "die_", "yes_object", "yes_changes", "files_",
)
POLITE = 10  # the priority at which attacks run beside other tests, as of nice(1)
EVERY = 12  # attacks between two pairs of neighbours
MEMORY = 6 * 2**30  # bytes that two workers may take; others use this machine as well
# What attacks leave is called so.
MARKS = ("labs-attack", "sleep 301", "sleep 302", "time.sleep(303)", "sleep 304", "sleep 305")
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS(.*?)### END HIDDEN TESTS", re.DOTALL)
AS_A_USER = (
    "ask_eval_of_a_table", "child_takes_over", "daemon_watches_for_newcomers", "hog_memory_files", "hog_memory_mounts",
    "hog_memory_nameless", "hog_processes", "kill_everybody", "mount_and_chroot", "network_tcp", "network_unix",
    "ptrace_the_examiner", "read_files_of_the_host", "read_memory_of_others", "stop_the_examiner",
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.usefixtures("shared_templates"),
              pytest.mark.skipif(bool(sandbox.refusal()), reason=f"no sandbox here: {sandbox.refusal()}")]


# What is graded

SERVED = {lab.number for lab in labs() if lab.services}


@dataclass
class Handed:
    """A notebook to grade: an attack, or a neighbour, which has none."""

    name: str
    loses: frozenset[str]
    submission: Submission


def handed(lab: Assignment, release: Release, chosen: list[KnownAnswer]) -> Iterator[Handed]:
    """The attacks, with neighbours between them: the course's answers, and none."""
    solution = nbformat.read(lab.source, as_version=4)
    texts = reference(solution)
    # Where a lab's answers need servers, only the attack is there: what is not there is tested at once.
    right = dict.fromkeys(texts, "pass") if lab.number in SERVED else texts
    for number, attack in enumerate(chosen):
        if number % EVERY == 0:
            yield _handed(release, solution, KnownAnswer(f"reference_{number}", "", frozenset(), texts))
            yield _handed(release, solution, KnownAnswer(f"untouched_{number}", "", frozenset(), {}))
        yield _handed(release, solution, replace(attack, cells=right | attack.cells))


def _handed(release: Release, solution, answer: KnownAnswer) -> Handed:
    notebook = nbformat.reads(release.visible, as_version=4)
    fill(notebook, solution, answer.cells)
    add(notebook, answer)
    return Handed(answer.name, answer.loses, Submission(answer.name, nbformat.writes(notebook).encode(), answer.files))


def graded(release: Release, everything: Iterable[Handed], limits: Limits, jobs: int = 2) -> dict[str, Graded]:
    """What each scored; one that could not be graded is missing."""
    with workers(release, GradingOptions(jobs, limits=limits)) as pool:
        return {submission.student: result for submission, result in pool.results(h.submission for h in everything)
                if isinstance(result, Graded)}


def small(release: Release, setup: str) -> Release:
    """A lab of which only answers and tests are left, below what they use: its demonstrations take long."""
    def cut(text: str) -> str:
        notebook = nbformat.reads(text, as_version=4)
        notebook.cells = [nbformat.v4.new_code_cell(setup, id="setup"),
                          *(c for c in notebook.cells if "nbgrader" in c.metadata and c.cell_type == "code")]
        for cell in notebook.cells:
            cell.source = (
                _without_a_trial(cell.source) if cell.metadata.get("nbgrader", {}).get("solution") else cell.source
            )
        return nbformat.writes(notebook)

    return replace(release, full=cut(release.full), visible=cut(release.visible), files={})


def small_03() -> Release:
    release = _release("03")
    query = next(
        c.source for c in nbformat.reads(release.visible, as_version=4).cells if c.source.startswith("MONTH_END")
    )
    start = "import time\nimport psycopg\nfrom autograders.checks import lab_03 as check\n"
    return small(release, start + query.split("orders, revenue")[0])


def small_with_imports(number: str, *more: str) -> Release:
    """Below the imports that the lab itself begins with."""
    release = _release(number)
    imports = next(c.source for c in nbformat.reads(release.visible, as_version=4).cells if "import duckdb" in c.source)
    return small(release, "\n".join([imports, f"from autograders.checks import lab_{number} as check", *more]))


def small_04() -> Release:
    return small_with_imports("04", "from environments import connector")


def small_05() -> Release:
    return small_with_imports("05")


def _without_a_trial(source: str) -> str:
    """An answer cell without the lines below that try it out."""
    lines = source.splitlines()
    last = max((n for n, line in enumerate(lines) if line.startswith((" ", "def", "class"))), default=len(lines))
    return "\n".join(lines[:last + 1])


# Notebooks that no answers make

def tampered(release: Release, solution) -> Iterator[Handed]:
    """The course's answers but for a wrong bill_cents, and the notebook itself changed to hide that."""
    for change in (
        _outputs_forged,
        _points_raised,
        _renamed,
        _duplicated_solution,
        _duplicated_test,
        _test_rewritten,
        _test_emptied,
        _test_made_text,
        _solution_in_the_test,
        _test_moved_up,
        _all_unlocked,
        _schema_forged,
        _hidden_marks,
        _own_grade_cell,
    ):
        answer = KnownAnswer(change.__name__, "", frozenset({"check_bill_cents"}),
                        reference(solution) | {"bill_cents": "def bill_cents(plan, dishes):\n    return 0"})
        made = _handed(release, solution, answer)
        notebook = nbformat.reads(made.submission.notebook.decode(), as_version=4)
        change(notebook, next(c for c in notebook.cells if _name(c) == "check_bill_cents"))
        yield replace(made, submission=replace(made.submission, notebook=json.dumps(notebook).encode()))


def _name(cell) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _outputs_forged(notebook, test):
    test.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1.0"}, execution_count=1),
                    {"output_type": "grade", "score": 1}]
    test.execution_count = 1


def _points_raised(notebook, test):
    test.metadata.nbgrader.points = 1000
    next(c for c in notebook.cells if _name(c) == "check_price_tag").metadata.nbgrader.points = 10**300


def _renamed(notebook, test):
    other = next(c for c in notebook.cells if _name(c) == "check_price_tag")
    test.metadata.nbgrader.grade_id, other.metadata.nbgrader.grade_id = "check_price_tag", "check_bill_cents"


def _duplicated_solution(notebook, test):
    at = next(n for n, c in enumerate(notebook.cells) if _name(c) == "bill_cents")
    notebook.cells[at + 1:at + 1] = [nbformat.from_dict(json.loads(json.dumps(notebook.cells[at]))) for _ in range(3)]


def _duplicated_test(notebook, test):
    easy = nbformat.from_dict(json.loads(json.dumps(test)))
    easy.source = "assert True"
    notebook.cells.insert(1, easy)
    notebook.cells.append(nbformat.from_dict(json.loads(json.dumps(easy))))


def _test_rewritten(notebook, test):
    test.source = test.source.replace("==", "!=")


def _test_emptied(notebook, test):
    test.source = ""


def _test_made_text(notebook, test):
    test.cell_type = "markdown"
    del test["outputs"], test["execution_count"]


def _solution_in_the_test(notebook, test):
    test.metadata.nbgrader.update(solution=True, locked=False)
    test.source = "pass"


def _test_moved_up(notebook, test):
    notebook.cells.remove(test)
    notebook.cells.insert(0, test)


def _all_unlocked(notebook, test):
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
    test.source = "pass"


def _schema_forged(notebook, test):
    test.metadata.nbgrader.update(
        schema_version=99, grade="yes", points="1", task=True, checksum="0" * 32, cell_type="raw"
    )


def _hidden_marks(notebook, test):
    test.source = f"### BEGIN HIDDEN TESTS\n{test.source}\n### END HIDDEN TESTS\n"


def _own_grade_cell(notebook, test):
    extra = nbformat.v4.new_code_cell(
        "assert True",
        metadata={
            "nbgrader": {
                "grade": True,
                "grade_id": "extra_points",
                "locked": True,
                "points": 100,
                "schema_version": 3,
                "solution": False,
                "task": False,
            }
        },
    )
    notebook.cells.append(extra)


# What is watched while it runs

@dataclass
class Watched:
    """What happened outside while attacks ran: `secret` stood in files, an environment and a command line there."""

    secret: str
    results: dict[str, Graded] = field(default_factory=dict)
    everything: list[Handed] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    taken: int = 0

    @property
    def attacks(self) -> list[Handed]:
        return [h for h in self.everything if h.loses]


@contextlib.contextmanager
def watch(home: Path) -> Iterator[Watched]:
    """`home` is in the environment of whatever grading starts, by which it is known."""
    watched = Watched(f"canary-{secrets.token_hex(12)}")
    with contextlib.ExitStack() as stack:
        bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)", watched.secret])
        stack.callback(bystander.wait)
        stack.callback(bystander.kill)
        changes = stack.enter_context(pytest.MonkeyPatch.context())
        changes.setenv("HOME", str(home))
        changes.setenv("LABS_HOME", str(home / "labs"))
        changes.setenv("LABS_ATTACKS_CANARY", watched.secret)
        canary = Path(tempfile.mkdtemp(prefix="labs-canary-"))
        stack.callback(shutil.rmtree, canary)
        changes.setattr(tempfile, "tempdir", str(home / "temp"))
        canary.chmod(0o755)
        (canary / "secret.txt").write_text(watched.secret)
        with contextlib.closing(sqlite3.connect(canary / "gradebook.db")) as book:
            book.execute("create table grade (auto_score, manual_score, secret)")
            book.execute("insert into grade values (0, 0, ?)", [watched.secret])
            book.commit()
        stack.enter_context(_listening(watched.reached))
        before, files = _fingerprints(canary), _files()
        with _memory_measured(watched):
            yield watched
        watched.changed = [str(path) for path, value in _fingerprints(canary).items() if before.get(path) != value]
        forks.stop()  # this process has one of its own, which made the templates
        watched.left = [*_processes(home), *sorted(_files() - files),
                        *(f"temp/{name}" for name in os.listdir(home / "temp"))]
        if bystander.poll() is not None:
            watched.changed.append("a process beside")


@contextlib.contextmanager
def _listening(reached: list[str]) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        ears = [
            stack.enter_context(socket.socket(*kind))
            for kind in (
                (socket.AF_INET, socket.SOCK_STREAM),
                (socket.AF_INET, socket.SOCK_DGRAM),
                (socket.AF_UNIX, socket.SOCK_STREAM),
            )
        ]
        for ear, address in zip(ears, (("127.0.0.1", PORT), ("127.0.0.1", PORT), ADDRESS), strict=True):
            if ear.family == socket.AF_INET:
                ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            ear.bind(address)
            ear.settimeout(0.2)
            if ear.type == socket.SOCK_STREAM:
                ear.listen()
        done = threading.Event()

        def listen(ear: socket.socket) -> None:
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    come = ear.accept() if ear.type == socket.SOCK_STREAM else ear.recvfrom(99)
                    reached.append(f"{ear.family.name} {come[1]}")

        threads = [threading.Thread(target=listen, args=(ear,)) for ear in ears]
        for thread in threads:
            thread.start()
        yield
        done.set()
        for thread in threads:
            thread.join()


@contextlib.contextmanager
def _memory_measured(watched: Watched) -> Iterator[None]:
    before, done = psutil.virtual_memory().available, threading.Event()

    def look() -> None:
        while not done.wait(0.1):
            watched.taken = max(watched.taken, before - psutil.virtual_memory().available)

    thread = threading.Thread(target=look)
    thread.start()
    yield
    done.set()
    thread.join()


def _fingerprints(canary: Path) -> dict[Path, str]:
    places = [canary, COURSE / "solutions", COURSE / "tests" / "practice", COURSE / "datasets"]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for place in places for path in place.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts}


def _files() -> set[str]:
    """What attacks write is called labs-attack..., wherever they may write."""
    places = [
        "/",
        "/tmp",
        "/var/tmp",
        "/dev/shm",
        "/root",
        "/etc",
        "/home",
        "/run",
        COURSE,
        COURSE.parent,
        COURSE / "tests",
        COURSE / "autograders",
    ]
    found = set()
    for place in map(Path, places):
        with contextlib.suppress(OSError):
            found |= {
                str(path) for path in place.iterdir() if path.name.startswith(("labs-attack", "climb", "labs-graded-"))
            }
    return found


def _processes(home: Path, within: float = 60) -> list[str]:
    """What lives of all that grading started, after a moment for what was killed to be gone."""
    deadline = time.monotonic() + within
    while (left := list(_of(home))) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


def _of(home: Path) -> Iterator[str]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                words = " ".join(process.cmdline())
                if process.environ().get("HOME") == str(home) or any(mark in words for mark in MARKS):
                    yield f"process {process.pid} {words}"


# The proof, for each assignment

class Attacks:
    """What must hold of the attacks on the assignment `number`:
    those that each of `rounds` chooses, within its limits, `jobs` at once, and what `more` adds."""

    number: str
    rounds: list[tuple[Callable[[str], bool], Limits]]
    jobs = 2
    more: Callable[..., Iterator[Handed]] = staticmethod(lambda *_: iter(()))

    @classmethod
    def made(cls) -> Release:
        return _release(cls.number)

    @pytest.fixture(scope="class")
    @classmethod
    def release(cls):
        return cls.made()

    @pytest.fixture(scope="class")
    @classmethod
    def watched(cls, release, reachable_tmp):
        return _attacked(cls, release, _home(reachable_tmp, f"attacks-{cls.__name__}"))

    def test_no_point_is_gained(self, watched):
        gained = {h.name: got for h in watched.attacks if h.name in watched.results
                  and (got := [v.name for v in watched.results[h.name].verdicts if v.name in h.loses and v.points])}
        assert gained == {}

    def test_every_attack_is_graded_and_told(self, watched):
        missing = [h.name for h in watched.everything if h.name not in watched.results]
        silent = [(name, v.name) for name, g in watched.results.items() for v in g.verdicts
                  if v.points is not None and v.points < v.most and not v.message.strip()]
        assert (missing, silent) == ([], [])

    def test_neighbours_keep_their_scores(self, watched):
        scores = {
            h.name: sum(v.points or 0 for v in watched.results[h.name].verdicts)
            for h in watched.everything
            if not h.loses
        }
        most = sum(v.most for v in next(iter(watched.results.values())).verdicts if v.points is not None)
        read = [(name, v.name, v.message) for name in scores if name.startswith("reference")
                for v in watched.results[name].verdicts if v.points is not None and v.points < v.most]
        assert (scores, read) == ({name: most if name.startswith("reference") else 0 for name in scores}, [])

    def test_nothing_outside_is_reached_or_changed(self, watched):
        assert (watched.reached, watched.changed) == ([], [])

    def test_nothing_is_left(self, watched):
        assert watched.left == []

    def test_nothing_secret_is_told(self, watched, release):
        """Neither what stands outside nor a hidden test: not in a message, nor in what the student's cells put out."""
        solution = "".join(c.source for c in nbformat.reads(release.full, as_version=4).cells)
        hidden = {
            line.strip() for text in HIDDEN.findall(solution) for line in text.splitlines() if len(line.strip()) > 20
        }
        hidden = {line for line in hidden if line not in release.visible}
        told = {name: told_by(g) for name, g in watched.results.items()}
        found = [
            (name, text)
            for name, words in told.items()
            for text in (watched.secret, "MEMORY READ", "root:$", *hidden)
            if text in words
        ]
        assert found == []

    def test_what_the_student_sees_is_bounded(self, watched):
        sizes = {name: len(g.notebook) for name, g in watched.results.items()}
        assert {name: size for name, size in sizes.items() if size > 8_000_000} == {}
        assert all(len(v.message) < 10_000 for g in watched.results.values() for v in g.verdicts)

    def test_the_notebook_made_is_one(self, watched):
        for g in watched.results.values():
            nbformat.validate(nbformat.reads(g.notebook, as_version=4))

    def test_this_machine_keeps_its_memory(self, watched):
        assert watched.taken < MEMORY


def told_by(g: Graded) -> str:
    cells = nbformat.reads(g.notebook, as_version=4).cells
    return "\n".join([*(v.message for v in g.verdicts), *g.repairs, g.trouble,
                      *(json.dumps(c.outputs, ensure_ascii=False) for c in cells if c.cell_type == "code")])


def _release(number: str) -> Release:
    return release_of(assignment(number), course_config())


def _home(reachable_tmp: Path, name: str) -> Path:
    home = reachable_tmp / name
    (home / "temp").mkdir(parents=True)
    return home


def _attacked(kind: type[Attacks], release: Release, home: Path) -> Watched:
    lab = assignment(kind.number)
    with watch(home) as watched, _politely():
        for fits, limit in kind.rounds:
            everything = [*handed(lab, release, [a for a in attacks(lab) if fits(a.name)])]
            if limit is FEW:
                everything += kind.more(release, nbformat.read(lab.source, as_version=4))
            watched.everything += everything
            for name, g in graded(release, everything, limit, kind.jobs).items():
                watched.results[name] = g
    return watched


@contextlib.contextmanager
def _politely() -> Iterator[None]:
    """Attacks that take all processors leave the other tests their share; only root may take the priority back."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    if os.geteuid() == 0:
        os.setpriority(os.PRIO_PROCESS, 0, before + POLITE)
    try:
        yield
    finally:
        if os.geteuid() == 0:
            os.setpriority(os.PRIO_PROCESS, 0, before)


def _is_long(name: str) -> bool:
    return name.startswith(LONG)


BOTH = [(lambda name: not _is_long(name), FEW), (_is_long, SHORT)]


@cache
def _one_of_each_kind() -> set[str]:
    kinds = {a.name.partition("_")[0]: a.name for a in reversed(attacks(assignment("90"))) if not _is_long(a.name)}
    return set(kinds.values())


class TestOneOfEachKind(Attacks):
    """Those that end by no limit, by the first word of their names; all others take minutes."""

    number, rounds, more = "90", [(lambda name: name in _one_of_each_kind(), FEW)], staticmethod(tampered)


@pytest.mark.exhaustive
class TestPurePython(Attacks):
    number, rounds, more = "90", BOTH, staticmethod(tampered)

    def test_there_are_enough(self):
        assert len(attacks(assignment("90"))) >= 100


@pytest.mark.exhaustive
class TestTables(Attacks):
    number, rounds = "91", BOTH


@pytest.mark.exhaustive
class TestServers(Attacks):
    """The services of Lab 3, in the submission's own sandbox."""

    number, rounds, jobs, made = "03", [(lambda name: True, SERVERS)], 6, staticmethod(small_03)


@pytest.mark.exhaustive
class TestApis(Attacks):
    """The simulated APIs, the warehouse and the connector of Lab 4."""

    number, rounds, jobs, made = "04", [(lambda name: True, SERVERS)], 3, staticmethod(small_04)


@pytest.mark.exhaustive
class TestDbt(Attacks):
    """The texts of Lab 5 that dbt runs, and the warehouses that they leave."""

    number, rounds, jobs, made = "05", [(lambda name: True, SERVERS)], 3, staticmethod(small_05)


# As an ordinary user

@pytest.mark.exhaustive
def test_attacks_fail_as_an_ordinary_user_too(reachable_tmp):
    """Without root the sandbox is another one: a user namespace, in which all runs under one account."""
    if os.geteuid() != 0:
        pytest.skip("all other tests of this file run as an ordinary user already")
    folder = Path(tempfile.mkdtemp(dir=reachable_tmp))
    folder.chmod(0o755)
    copy_course(folder / "course")
    python, user = _python_for(folder, "nobody")
    home = folder / "home"
    home.mkdir()
    shutil.chown(home, "nobody")
    code = (
        "import json, sys\nfrom tests.test_attacks import *\n"
        "lab = assignment('90')\nrelease = release_of(lab, course_config())\n"
        "everything = [*handed(lab, release, [a for a in attacks(lab) if a.name in AS_A_USER])]\n"
        "done = graded(release, everything, replace(SHORT, cell=4, submission=30))\n"
        "print(json.dumps({h.name: [sorted(h.loses), {v.name: v.points for v in done[h.name].verdicts}, "
        "told_by(done[h.name])] for h in everything if h.name in done}))\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LABS_HOME": str(home / "labs"),
        "PYTHONPATH": str(folder / "course"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [python, "-c", code],
        cwd=folder / "course",
        env=environment,
        capture_output=True,
        text=True,
        timeout=400,
        user=user,
        group=pwd.getpwnam("nobody").pw_gid,
        extra_groups=[],
    )
    assert done.returncode == 0, done.stderr[-3000:]
    results = json.loads(done.stdout.splitlines()[-1])
    assert set(results) >= set(AS_A_USER)
    assert {
        name: [c for c in loses if points[c]]
        for name, (loses, points, _) in results.items()
        if any(points[c] for c in loses)
    } == {}
    assert {
        name: sum(p or 0 for p in points.values())
        for name, (_, points, _) in results.items()
        if name.startswith("reference")
    } == dict.fromkeys([name for name in results if name.startswith("reference")], 20)
    assert not any("MEMORY READ" in told or "root:$" in told for _, _, told in results.values())
    assert _processes(home) == []


def _python_for(folder: Path, user: str) -> tuple[str, int]:
    """A Python that this account may run with what the course needs:
    ours, or another of our version with our packages."""
    number = pwd.getpwnam(user).pw_uid
    ours = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for path in (sys.executable, f"/usr/bin/python{ours}", "/usr/bin/python3", "/usr/local/bin/python3"):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            said = subprocess.run(
                [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                user=number,
                capture_output=True,
                text=True,
                check=True,
                cwd="/",
            ).stdout.strip()
            if said == ours:
                return (path if path == sys.executable else _with_our_packages(path, folder / "venv", ours)), number
    pytest.skip(f"root here, and {user} can run no Python {ours}")


def _with_our_packages(python: str, venv: Path, version: str) -> str:
    for place in ("bin", "lib"):
        (venv / place).mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(python)
    (venv / "pyvenv.cfg").write_text(
        f"home = {Path(python).parent}\ninclude-system-site-packages = false\nversion = {version}\n"
    )
    packages = Path(nbformat.__file__).parents[1]
    target = venv / "lib" / f"python{version}" / "site-packages"
    target.parent.mkdir()
    if subprocess.run(["cp", "-al", str(packages), str(target)], capture_output=True).returncode:
        pytest.skip("the packages of this Python cannot be linked to where another account reads them")
    return str(venv / "bin" / "python")
