"""`make bench`: grading a class, against stock nbgrader and against the least that running its cells can take."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat

import tests.practice  # noqa: F401 (makes its assignments known)
from autograders.answers import answers, fill, reference
from autograders.configuration import course_config
from autograders.grading.assignments import assignment
from autograders.grading.model import Assignment
from autograders.grading.releases import release_of
from environments import services
from environments.embedded import home
from environments.place import COURSE
from environments.workspace import GRADED, Workspace
from tests.memory import Watch

STOCK = """
import os, sys
from pathlib import Path
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = "stock"
c.CourseDirectory.source_directory = "solutions"
c.ClearMarkScheme.enforce_metadata = False
c.Execute.timeout = 120
"""
CLASS = 100  # submissions against stock nbgrader
LAB_3 = int(os.environ.get("LABS_BENCH_LAB_3", "6"))  # of them, stock takes most of a minute each
SIZES = (30, 300, 3000)


class Course:
    """A course of its own in a folder, in which a class of any size hands in."""

    def __init__(self, root: Path, lab: Assignment):
        self.root, self.lab = root, lab
        for room in ("autograders", "environments", "datasets", "solutions", "labs"):
            shutil.copytree(COURSE / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(COURSE / "tests/practice", root / "tests/practice")
        shutil.copytree(lab.source.parent, root / "solutions" / lab.name, dirs_exist_ok=True)
        shutil.copy(COURSE / "nbgrader_config.py", root)
        self.env = os.environ | {"PYTHONPATH": str(root), "LABS_HOME": str(root / ".labs"),
                                 "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}

    def hand_in(self, many: int) -> None:
        """A class like any: most have it right, some do not, some handed in half."""
        shutil.rmtree(self.root / "submitted", ignore_errors=True)
        kinds = list(_kinds(self.lab))
        for number in range(many):
            notebook = kinds[number % len(kinds)]
            notebook.metadata["handed_in"] = number
            folder = self.root / "submitted" / f"s{number:04}" / self.lab.name
            folder.mkdir(parents=True)
            nbformat.write(notebook, folder / f"{self.lab.name}.ipynb")

    def forget(self) -> None:
        for name in ("autograded", ".labs/graded"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        (self.root / "gradebook.db").unlink(missing_ok=True)

    def ours(self, *options: str) -> tuple[float, int]:
        """Seconds of `labs grade`, from nothing, and the most memory its process held, in bytes."""
        self.forget()
        return self._timed(
            "-c",
            "import tests.practice; from autograders.cli import main; main()",
            "grade",
            self.lab.number,
            "--json",
            *options,
        )

    def stock(self, **env: str) -> float:
        """Seconds of `nbgrader autograde` as it comes, with more in its environment."""
        self.forget()
        config = self.root / "nbgrader_config.py"
        config.write_text(STOCK.format(root=str(self.root)))  # in the place of ours: nbgrader reads the one at its root
        try:
            subprocess.run(
                [sys.executable, "-m", "nbgrader", "generate_assignment", self.lab.name, "--force"],
                cwd=self.root,
                env=self.env,
                capture_output=True,
                check=True,
            )
            return self._timed("-m", "nbgrader", "autograde", self.lab.name, **env)[0]
        finally:
            # Its kernels start a lab's servers, which outlive them.
            services.down(Workspace(Path((self.env | env)["LABS_HOME"])))
            shutil.copy(COURSE / "nbgrader_config.py", config)

    def _timed(self, *arguments: str, **env: str) -> tuple[float, int]:
        started = time.monotonic()
        with (
            open(self.root / "log", "w") as log,
            subprocess.Popen(
                [sys.executable, *arguments], cwd=self.root, env=self.env | env, stdout=log, stderr=log
            ) as process,
            Watch(process.pid, every=0.2) as watch,
        ):
            process.wait()
        return time.monotonic() - started, watch.peak


def _kinds(lab: Assignment) -> Iterator[nbformat.NotebookNode]:
    solution, visible = nbformat.read(lab.source, as_version=4), release_of(lab, course_config()).visible
    right = reference(solution)
    quiet = [a for a in answers(lab, "right") if "print" not in str(a.cells)]
    others = [a.cells for a in quiet[:3] + answers(lab, "wrong")[:3]]
    for texts in ({}, {}, {}, {}, *others):
        notebook = nbformat.reads(visible, as_version=4)
        fill(notebook, solution, right | texts)
        yield notebook
    half = nbformat.reads(visible, as_version=4)
    fill(half, solution, dict(list(right.items())[:len(right) // 2]))
    yield half


def floor(course: Course) -> float:
    """Seconds of processor time that the cells of a submission take by themselves,
    warm, in one process; mean of the class."""
    script = Path(__file__).with_name("floor.py")
    done = subprocess.run(
        [sys.executable, str(script), str(course.root), course.lab.name],
        env=course.env,
        capture_output=True,
        text=True,
        check=True,
        cwd=course.root,
    )
    return float(done.stdout.split()[-1])


def grading(folder: Path):
    """Rows: what, value, how it was taken."""
    course = Course(folder / "grade-91", assignment("91"))
    yield from _against_stock(course)
    yield from _workers_and_costs(course)
    shutil.rmtree(course.root)
    yield from _lab_2(Course(folder / "grade-02", assignment("02")))
    yield from _lab_3(Course(folder / "grade-03", assignment("03")))
    yield from _sizes(Course(folder / "grade-90", assignment("90")))


def _against_stock(course: Course):
    course.hand_in(CLASS)
    course.ours()  # compiles what is imported, for both
    before = [course.ours()[0] for _ in range(2)]
    stock, least = course.stock(), floor(course) * CLASS / (os.cpu_count() or 1)
    # On both sides: a machine is not always as fast.
    ours = statistics.median([*before, *(course.ours()[0] for _ in range(2))])
    yield "pandas + DuckDB, submissions a second", f"{CLASS / ours:.1f}", \
        f"labs grade, {CLASS} submissions, from the command to its end; median of 4, two before stock and two after"
    yield "  stock nbgrader autograde", f"{CLASS / stock:.2f}", f"the same {CLASS}"
    yield "  faster than stock", f"{stock / ours:.1f} x", "ratio of the two (asked: 12)"
    yield (
        "  share of the floor",
        f"{least / ours:.0%}",
        f"the cells' own warm CPU time over {os.cpu_count()} cores: {least:.1f} s (asked: half)",
    )
    many = 3 * CLASS
    course.hand_in(many)
    steady = (course.ours()[0] - ours) / (many - CLASS) * CLASS
    yield (
        "  share of the floor, once started",
        f"{least / steady:.0%}",
        f"of the time that {many - CLASS} more submissions take",
    )


def _workers_and_costs(course: Course):
    course.hand_in(CLASS)
    ways = (("--jobs", "1"), ("--jobs", "2"), ("--no-sandbox", "--jobs", "1"))
    rounds = [[course.ours(*way)[0] for way in ways] for _ in range(3)]  # in turn: a machine is not always as fast
    single, two, bare = map(statistics.median, zip(*rounds, strict=True))
    course.hand_in(1)
    start = course.ours()[0]
    course.hand_in(CLASS)
    yield (
        "two workers against one",
        f"{(single - start) / (two - start):.2f} x",
        f"{CLASS} submissions, without the start of {start:.1f} s (asked: 1.7)",
    )
    yield (
        "cost of the sandbox",
        f"{1000 * (single - bare) / CLASS:.0f} ms",
        "a submission, one worker: with it less without",
    )
    alone = floor(course)
    yield "cost of the second process", f"{1000 * ((bare - start) / CLASS - alone):.0f} ms", \
        "a submission, one worker, no sandbox: less the cells in one process; with forks, codec, repair"
    yield (
        "cost of the journal",
        f"{_journal(course):.1f} ms",
        "a submission: journal.put, flushed to the disk; median of 100",
    )


def _journal(course: Course) -> float:
    from autograders.grading.journal import Journal
    from autograders.grading.model import Graded, Verdict

    graded = Graded("ada", tuple(Verdict(f"check_{n}", 1, 1) for n in range(10)), "x" * 30_000)
    with Journal(course.root / "bench.journal") as journal:
        times = []
        for number in range(100):
            started = time.perf_counter()
            journal.put(str(number), graded)
            times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def _lab_2(course: Course):
    """The engine's own share where it is all Python:
    beside what cells and plots take, no more than for the practice."""
    many = SIZES[1]
    course.hand_in(1)
    start = course.ours()[0]
    course.hand_in(many)
    each, least = (course.ours()[0] - start) / many, floor(course) / (os.cpu_count() or 1)
    yield f"Lab 2, {many} submissions", f"{1000 * each:.0f} ms", f"each, without the start of {start:.1f} s"
    yield (
        "  share of the floor",
        f"{least / each:.0%}",
        f"its cells' own warm CPU time over {os.cpu_count()} cores: {1000 * least:.0f} ms each",
    )


def _lab_3(course: Course):
    course.hand_in(1)
    course.ours()  # makes the servers that checks copy
    course.hand_in(LAB_3)
    ours, stock = course.ours()[0], course.stock()
    small = course.stock(
        **{GRADED: "1", "LABS_HOME": str(course.root / ".small"), "LABS_TEMPLATES": str(_templates(course))}
    )
    yield (
        "Lab 3, submissions a minute",
        f"{60 * LAB_3 / ours:.1f}",
        f"labs grade, {LAB_3} submissions, from the command to its end",
    )
    yield "  stock nbgrader autograde", f"{60 * LAB_3 / stock:.2f}", f"the same {LAB_3}"
    yield (
        "  faster than stock",
        f"{stock / ours:.1f} x",
        "ratio of the two (asked: 5); what only demonstrates is smaller for us",
    )
    yield (
        "  with it as small for stock",
        f"{small / ours:.1f} x",
        f"the same {LAB_3}, {60 * LAB_3 / small:.2f} a minute",
    )


def _templates(course: Course) -> Path:
    return home(course.root / ".labs") / "templates"


def _sizes(course: Course):
    course.hand_in(1)
    start = course.ours()[0]
    each = {}
    for size in SIZES:
        course.hand_in(size)
        seconds, memory = course.ours()
        each[size] = (seconds - start) / size
        yield (
            f"{size} submissions, pure Python",
            f"{seconds:.0f} s",
            f"{1000 * each[size]:.0f} ms each without the start of {start:.1f} s; "
            f"coordinator's memory at most {memory / 2**20:.0f} MB",
        )
    yield "  growth from 300 to 3,000", f"{each[3000] / each[300] - 1:+.0%}", "time a submission (asked: within 10 %)"
