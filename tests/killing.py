"""Grading in children of a process that has imported all it needs: begun in milliseconds, to be killed at any moment.

    with Driver(folder) as driver:
        child = driver.start(root="/tmp/course", submitted="/tmp/submitted")
        ended = driver.wait(child, kill_after=0.3)

`python -m tests.killing` is the driver: it takes a request a line. Whatever its children leave behind becomes its own
child, so that nothing they started can hide.
"""

import ctypes
import json
import os
import pickle
import select
import signal
import subprocess
import sys
import time
import traceback
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

import tests.practice  # noqa: F401 (makes its assignments known)
from tests.waits import HANG

LONGEST = 2 * HANG  # seconds after which a child that should have ended by itself is killed
PR_SET_CHILD_SUBREAPER = 36  # Linux's own number: prctl(2)


@dataclass(frozen=True)
class Request:
    """A class to grade in the course at `root`; or a command line of `labs`, or of Python with `program`.

    `known` is a file of results that take the place of the engine's, `keep` one in which the engine's are kept,
    `most` the bytes that a file may have, `stock` a step of nbgrader itself, no cell being run.
    """

    root: str
    submitted: str = ""
    source: str = ""
    jobs: int | None = None
    scheduler: str | None = None
    known: str = ""
    keep: str = ""
    line: list[str] = field(default_factory=list)
    program: list[str] = field(default_factory=list)
    most: int = 0
    stock: str = ""


@dataclass(frozen=True)
class Ended:
    """What became of a child: its exit status, how many students it had told of, and all it said."""

    status: int
    seconds: float
    heard: int
    said: str

    @property
    def killed(self) -> bool:
        return self.status == -signal.SIGKILL

    @property
    def summary(self) -> dict:
        return json.loads(self.said.splitlines()[-1])


class Driver:
    """The test's end."""

    def __init__(self, folder: Path):
        self.temp = folder / "temp"
        self.temp.mkdir(mode=0o755)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("LABS_")} | {
            "LABS_HOME": str(folder / "home"), "TMPDIR": str(self.temp), "OPENBLAS_NUM_THREADS": "1",
            "JE_ARROW_MALLOC_CONF": "background_thread:false", "PYTHONWARNINGS": "ignore"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.killing", str(folder)],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
        )
        self.asked = 0
        self._answer()

    def __enter__(self) -> "Driver":
        return self

    def __exit__(self, *_) -> None:
        left = self.left()
        self.process.stdin.close()
        self.process.wait(timeout=HANG)
        for process in left:
            with suppress(psutil.Error):
                process.kill()

    def start(self, **request) -> int:
        return self._ask(
            start=asdict(Request(**{k: str(v) if isinstance(v, Path) else v for k, v in request.items()}))
        )["pid"]

    def wait(self, child: int, kill_after: float | None = None, heard: int = 0) -> Ended:
        """`kill_after` is in seconds, counted from when so many students were heard of."""
        return Ended(**self._ask(wait=child, kill_after=LONGEST if kill_after is None else kill_after, heard=heard))

    def run(self, kill_after: float | None = None, heard: int = 0, **request) -> Ended:
        return self.wait(self.start(**request), kill_after, heard)

    def running(self) -> list[psutil.Process]:
        """What there is now of all that was ever started."""
        self._ask()
        return psutil.Process(self.process.pid).children(recursive=True)

    def left(self, within: float = 0) -> list[psutil.Process]:
        """The same, once it is nothing, or after some seconds."""
        deadline = time.monotonic() + within
        while (left := self.running()) and time.monotonic() < deadline:
            psutil.wait_procs(left[:1], timeout=0.05)
        return left

    def _ask(self, **what) -> dict:
        self.asked += 1
        self.process.stdin.write(json.dumps({"number": self.asked, **what}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict:
        """That to the last question: a test that was stopped may have left one before it without."""
        while (told := json.loads(self.process.stdout.readline())).pop("number") != self.asked:
            pass
        return told


# The driver

class Children:
    def __init__(self, folder: Path):
        self.folder = folder
        self.begun: dict[int, tuple[float, int, Path]] = {}

    def answer(self, start: dict | None = None, wait: int = 0, **how) -> dict:
        if start:
            return self.start(Request(**start))
        return self.wait(wait, **how) if wait else self.collect()

    def start(self, request: Request) -> dict:
        heard, tell = os.pipe()
        said = self.folder / f"said-{len(os.listdir(self.folder))}"
        child = os.fork()
        if child == 0:
            os._exit(_do(request, tell, said))
        os.close(tell)
        self.begun[child] = time.monotonic(), heard, said
        return {"pid": child}

    def wait(self, child: int, kill_after: float, heard: int) -> dict:
        begun, told, said = self.begun.pop(child)
        number, ended = 0, os.pidfd_open(child)
        while (
            number < heard
            and told in (ready := select.select([ended, told], [], [], LONGEST)[0])
            and ended not in ready
        ):
            number += len(os.read(told, 4096))
        if not select.select([ended], [], [], kill_after)[0]:
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        seconds = time.monotonic() - begun
        os.set_blocking(told, False)
        with suppress(BlockingIOError):
            while more := os.read(told, 4096):
                number += len(more)
        os.close(told)
        os.close(ended)
        words = said.read_text() if said.exists() else ""
        return {"status": status, "seconds": seconds, "heard": number, "said": words}

    def collect(self) -> dict:
        """Those that were left to us, and have ended."""
        for child in map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()):
            if child not in self.begun:
                os.waitpid(child, os.WNOHANG)
        return {}


def main() -> None:
    import pandas  # noqa: F401 (what a coordinator's threads would import is here before it is forked)
    from distributed import Client  # noqa: F401

    from autograders.grading import command  # noqa: F401

    _keep_release()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if len(os.listdir("/proc/self/task")) > 1:
        raise SystemExit("a process with several threads cannot be forked at any time")
    children = Children(Path(sys.argv[1]) / "said")
    children.folder.mkdir()
    print(json.dumps({"number": 0}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        number = asked.pop("number")
        print(json.dumps({"number": number, **children.answer(**asked)}), flush=True)


def _keep_release() -> None:
    """Releases, and what their verdicts depend on, are made once:
    this reads only, and a kill in the meantime is a kill before the beginning."""
    from autograders.grading import grade
    from autograders.grading.assignments import assignment
    from autograders.grading.model import Submission

    made, kept = grade.release_of, {}

    def release_of(lab, config):
        if lab not in kept:
            kept[lab] = made(lab, config)
        return kept[lab]

    grade.release_of = release_of
    grade.edition_of(release_of(assignment("90"), _config(Request(""))), Submission("", b""))


# A child

def _do(request: Request, tell: int, said: Path) -> int:
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    try:
        if request.most:
            _limit(request.most)
        if request.program:
            os.execv(sys.executable, [sys.executable, *request.program])
        if request.stock:
            return _stock(request, tell)
        return _command(request) if request.line else _grade(request, tell)
    except BaseException:
        traceback.print_exc()
        return 99
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _limit(most: int) -> None:
    """What a full disk is for those who may not mount one."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def _grade(request: Request, tell: int) -> int:
    from autograders.grading.grade import GradingOptions, grade
    from autograders.grading.submissions import find
    from environments.errors import LabsError

    lab = _assignment(request)
    with _engine_of(request):
        try:
            summary = grade(
                lab,
                find(Path(request.submitted), lab.name),
                _config(request),
                GradingOptions(request.jobs, request.scheduler),
                lambda student: os.write(tell, b"."),
            )
        except LabsError as e:
            print(f"labs: {e}")
            return 1
    print(json.dumps(summary.as_dict()))
    return 0


def _command(request: Request) -> int:
    from autograders.cli import main
    from autograders.grading import command

    command.course_config = lambda: _config(request)
    with _engine_of(request):
        try:
            main(request.line)
        except SystemExit as e:
            return e.code or 0


def _stock(request: Request, tell: int) -> int:
    """`nbgrader autograde`, which gives full marks where no cell has an output."""
    from nbgrader import preprocessors as steps
    from nbgrader.converters import Autograde, GenerateAssignment
    from nbgrader.coursedir import CourseDirectory

    class Heard(steps.NbGraderPreprocessor):
        def preprocess(self, nb, resources):
            os.write(tell, b".")
            return nb, resources

    config, lab = _config(request), _assignment(request)
    config.CourseDirectory.source_directory = str(lab.source.parents[1])
    config.CourseDirectory.submitted_directory = request.submitted
    config.Autograde.sanitize_preprocessors = Autograde.sanitize_preprocessors.default_args[0]
    config.Autograde.autograde_preprocessors = [Heard, steps.SaveAutoGrades, steps.AssignLatePenalties]
    config.CourseDirectory.release_directory = str(Path(request.root) / "release")
    course = CourseDirectory(config=config, assignment_id=lab.name)
    step = GenerateAssignment if request.stock == "generate" else Autograde
    step(coursedir=course, config=config).start()
    return 0


def _assignment(request: Request):
    from autograders.grading.assignments import assignment
    from autograders.grading.model import Assignment

    known = assignment("90")
    return Assignment(known.name, Path(request.source)) if request.source else known


def _config(request: Request):
    from autograders.configuration import course_config

    config = course_config()
    config.CourseDirectory.root = request.root
    return config


@contextmanager
def _engine_of(request: Request):
    """The engine; or, in its place, what it gave before, so that all the time goes into storing it."""
    from autograders.grading import grade

    workers = grade.workers
    if request.known:
        grade.workers = _known(pickle.loads(Path(request.known).read_bytes()))
    elif request.keep:
        grade.workers = _keeping(workers, Path(request.keep))
    try:
        yield
    finally:
        grade.workers = workers


def _known(results: dict):
    class Pool:
        def results(self, submissions):
            for submission in submissions:
                yield submission, results[submission.student]

    @contextmanager
    def workers(release, how):
        yield Pool()

    return workers


def _keeping(workers, file: Path):
    class Pool:
        def __init__(self, pool):
            self.pool = pool

        def results(self, submissions):
            kept = {}
            for submission, result in self.pool.results(submissions):
                kept[submission.student] = result
                yield submission, result
            file.write_bytes(pickle.dumps(kept))

    @contextmanager
    def keeping(release, how):
        with workers(release, how) as pool:
            yield Pool(pool)

    return keeping


if __name__ == "__main__":
    main()
