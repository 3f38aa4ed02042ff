"""The engine of one process: grades submissions, each in a sandbox of its own, forked from one warm process."""

import contextlib
import json
import shutil
import socket
import tempfile
import threading
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import nbformat

from autograders.expect import StillRunning
from autograders.grading import sandbox, warm
from autograders.grading.cells import imported, is_grade, is_solution, is_test
from autograders.grading.course_names import CourseNames
from autograders.grading.deadline import FLOOR, WallDeadline
from autograders.grading.model import BEGUN, Graded, Release, Submission, Verdict
from autograders.grading.peer import Channel, PeerGone
from autograders.grading.sandbox import Limits, Shown
from autograders.grading.zygote import EXAMINER_ENDED, MACHINE_IS_BUSY, SANDBOX_ENDED, TIME_IS_OVER
from datasets.seed import seed_of
from environments.accounts import open_folder
from environments.course import lab_of
from environments.errors import LabsError
from environments.grading_needs import GradingNeeds
from environments.services import grading_needs

ATTEMPTS = 12  # at one submission, whose processes may be killed from outside
BLAME = {EXAMINER_ENDED: 2, SANDBOX_ENDED: 1}  # what a submission can bring about, the latter where we are not root
MAX_BLAME = 8  # blame for one place: a person who kills processes does not hit the same one so often
GRACE = 60  # seconds past a submission's limit after which its warden is given up


class TooBusy(LabsError):
    """A submission that this machine was too busy to grade; `verdicts` are those that were given by then, and stay."""

    def __init__(self, student: str, verdicts: tuple[Verdict, ...]):
        super().__init__(
            f"{student} was not graded: this machine was too busy for it, also with nothing else to grade. "
            "Run the same command again when it is less busy."
        )
        self.verdicts = verdicts


class Unread(LabsError):
    """A submission that is no notebook; the text says what to do."""


@dataclass
class Engine:
    """Grades submissions of one release, from as many threads as like. A context manager: its processes end with it.

    Raises LabsError where this machine has no sandbox and none was waived.
    """

    release: Release
    sandboxed: bool = True
    limits: Limits = Limits()

    def __enter__(self) -> "Engine":
        require(self.sandboxed)
        self._ordering = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closed = False
        self._start()
        return self

    def __exit__(self, *_) -> None:
        with self._ordering:
            self._closed = True
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)  # what still grades hears no more, nor is heard
        self._orders.close()
        self._zygote.wait()

    def grade(self, submission: Submission, processor: int | None = None) -> Graded:
        """What one submission scores, graded on one processor of this machine or on any.

        Raises Unread where it is no notebook, TooBusy where no time was left for it, LabsError where this machine
        cannot grade, or the engine is closed in the meantime.
        """
        skip: list[str] = []  # tests at which examiners ended again and again: what they were given is to blame
        blame: Counter[str] = Counter()
        # Verdicts once given stay: who kills the examiner gets no second guess.
        settled = {v.name: v for v in submission.given}
        killed = 0
        while killed < ATTEMPTS:
            verdicts: dict[str, Verdict] = {}
            told = self._examined(submission, verdicts, skip, processor)
            begun = next((name for name, v in verdicts.items() if v.message == BEGUN), "")
            settled = {n: v for n, v in verdicts.items() if n != begun} | settled
            if "unreadable" in told:
                raise Unread(told["unreadable"])
            if "too busy" in told or told.get("warden") == MACHINE_IS_BUSY:
                raise TooBusy(submission.student, tuple(settled.values()))
            if "notebook" in told:
                notebook = _as_settled(told["notebook"], verdicts, settled)
                return Graded(submission.student, self._in_order(settled), notebook, tuple(told["repairs"]),
                              told["answered"], told["trouble"])
            if told["warden"] == TIME_IS_OVER:
                return self._without_end(submission, settled)
            if told["warden"] not in BLAME:
                killed += 1
                continue
            place = begun or f"after {len(verdicts)} tests"
            blame[place] += BLAME[told["warden"]]
            if blame[place] >= (MAX_BLAME / 2 if skip else MAX_BLAME):
                if not begun:
                    return self._without_end(submission, settled)
                skip.append(begun)
        raise LabsError(
            f"the grading process for {submission.student} was killed {ATTEMPTS} times. Run the same command again."
        )

    # One examination

    def _examined(
        self, submission: Submission, verdicts: dict[str, Verdict], skip: list[str], processor: int | None
    ) -> dict:
        """Have a new examiner look; what it told last, or its warden where it did not come to its end."""
        with self._channel(submission, processor) as channel:
            deadline = WallDeadline(self.limits.submission / FLOOR + GRACE)
            try:
                channel.send(json.dumps({
                    "name": self.release.name, "skip": skip, "needed": self._needed, "cell_limit": self.limits.cell,
                    "files": {n: c.hex() for n, c in (submission.files | self.release.files).items()}}).encode())
                # The zygote, which a student's code comes from, knows the visible one alone.
                channel.send(self.release.full.encode())
                channel.send(submission.notebook)
                while True:
                    told = json.loads(channel.receive(deadline))
                    if "verdict" not in told:
                        return told
                    verdicts[told["verdict"]["name"]] = Verdict(**told["verdict"])
            except (PeerGone, StillRunning):
                return {"warden": "killed from outside"}

    @contextlib.contextmanager
    def _channel(self, submission: Submission, processor: int | None):
        """A channel to a new examiner; where there is no sandbox, a folder for it in the meantime."""
        folder = None if self.sandboxed else open_folder(Path(tempfile.mkdtemp(prefix="labs-graded-")))
        ours, theirs = socket.socketpair()
        try:
            with self._ordering, theirs:
                self._order(submission.student, theirs, folder, processor)
                self._open.add(ours)
            yield Channel(ours)
        finally:
            with self._ordering:
                self._open.discard(ours)
            ours.close()
            if folder:
                shutil.rmtree(folder, ignore_errors=True)

    def _order(self, student: str, connection: socket.socket, folder: Path | None, processor: int | None) -> None:
        order = {
            "limits": asdict(self.limits),
            "sandbox": self.sandboxed,
            "folder": str(folder),
            "seed": seed_of(student),
            "processor": processor,
            "templates": list(map(str, self.shown.templates)),
            "mounts": list(map(str, self.shown.mounts)),
            "shelf": str(self.shown.templates[0].parent) if self.shown.templates else "",
        }
        if self._closed:
            raise LabsError("grading was ended. Run the same command again.")
        if self._zygote.poll() is not None:
            self._start()
        with contextlib.suppress(OSError):  # it was killed since: told where no answer comes
            socket.send_fds(self._orders, [json.dumps(order).encode()], [connection.fileno()])

    def _start(self) -> None:
        self._zygote, self._orders = warm.zygote(self.modules)
        with contextlib.suppress(OSError):  # it was killed already: told where no answer comes
            self._orders.send(json.dumps({"modules": self.modules, "visible": self.release.visible,
                                          "handles": self.needs.handles}).encode())

    # What a submission without an end scores

    def _without_end(self, submission: Submission, verdicts: dict[str, Verdict]) -> Graded:
        """Its verdicts as far as they were made; the rest give no point."""
        from autograders.grading.repair import repair

        repaired = repair(submission.notebook, self.release)
        why = "grading this notebook did not end: it met a limit of time or memory before this test"
        for cell in repaired.notebook.cells:
            if is_grade(cell):
                _fill(cell, verdicts, why)
        notebook = nbformat.writes(repaired.notebook)
        return Graded(submission.student, self._in_order(verdicts), notebook, tuple(repaired.messages),
                      repaired.answered, "it met a limit before its end")

    def _in_order(self, verdicts: dict[str, Verdict]) -> tuple[Verdict, ...]:
        return tuple(verdicts[c.metadata.nbgrader.grade_id] for c in self._cells if is_grade(c))

    @cached_property
    def _cells(self) -> list:
        return nbformat.reads(self.release.full, as_version=4).cells

    # What is warm

    @cached_property
    def modules(self) -> list[str]:
        """What the released notebook imports, and its services."""
        sources = [c.source for c in nbformat.reads(self.release.visible, as_version=4).cells if c.cell_type == "code"]
        return list(dict.fromkeys([*(name for source in sources for name in imported(source)), *self.needs.imports]))

    @cached_property
    def _needed(self) -> dict[str, list[str]]:
        """By test cell, the student's names that it uses."""
        course = CourseNames(self.release.visible)
        return {c.metadata.nbgrader.grade_id: sorted(course.needed(c.source)) for c in self._cells if is_test(c)}

    @cached_property
    def needs(self) -> GradingNeeds:
        """What the lab's services say that grading needs of them."""
        lab = lab_of(self.release.name)
        return grading_needs(lab.services if lab else [])

    @cached_property
    def shown(self) -> Shown:
        """The folders of the lab's services that a sandbox shows, made now where they are missing."""
        return Shown(tuple(self.needs.templates()), tuple(self.needs.mounts()))


def require(sandboxed: bool) -> None:
    """Raises LabsError where this machine cannot grade as it is asked to."""
    if not sandboxed:
        return
    why = sandbox.refusal()
    if why:
        raise LabsError(
            f"grading needs a sandbox, and {why}.\nGrade in the course's container (docs/instructors.md), or, if you "
            "trust every submission, add --no-sandbox."
        )


def _fill(cell, verdicts: dict[str, Verdict], why: str) -> None:
    name, most = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
    by_hand = is_solution(cell) or cell.cell_type != "code"
    known = verdicts.get(name)
    if known is None:
        known = verdicts[name] = Verdict(name, None, most) if by_hand else Verdict(name, 0, most, why)
    _show(cell, known)


def _show(cell, verdict: Verdict) -> None:
    """Have a test cell say what its verdict is, to a student and to nbgrader's own tools."""
    if cell.cell_type == "code":  # a written answer has no outputs, and with some is no notebook's cell
        said = nbformat.v4.new_output(
            "error", ename="CheckFailed", evalue=verdict.message, traceback=verdict.message.splitlines()
        )
        cell.outputs = [said] if verdict.message else []


def _as_settled(notebook: str, verdicts: dict[str, Verdict], settled: dict[str, Verdict]) -> str:
    """An autograded notebook whose cells say the verdicts that stay, where its own examination came to others."""
    other = {name: settled[name] for name, verdict in verdicts.items() if settled[name] != verdict}
    if not other:
        return notebook
    read = nbformat.reads(notebook, as_version=4)
    for cell in read.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in other and is_test(cell):
            _show(cell, other[cell.metadata.nbgrader.grade_id])
    return nbformat.writes(read)
