"""The examiner: has the candidate run a notebook's cells, runs the test cells itself, and gives the verdicts.

A point is given for a test cell that this process ran to its end, never for the absence of an error elsewhere. Where
the candidate dies, the cells before are run again in a new one, without the cell at which it died.
"""

import ast
import asyncio
import contextlib
import inspect
import json
import os
import re
import signal
import threading
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict
from pathlib import Path

import nbformat

from autograders.expect import CheckFailed, NoVerdict, StillRunning
from autograders.grading.candidate import PRINTED, OutputStream, Recorder
from autograders.grading.cells import is_grade, is_solution, is_test
from autograders.grading.course_names import CourseNames
from autograders.grading.deadline import Deadline, watched
from autograders.grading.model import BEGUN, Release, Verdict
from autograders.grading.peer import Channel, Peer, PeerGone
from autograders.grading.repair import Unreadable, repair
from environments.errors import MachineTooBusy
from environments.unwritten import SAID

TEST = "<test>"  # where the code of a test cell says that it is from
INTERRUPTED = 2  # seconds an interrupted cell or call has to end
REPLAYS = 90
NAME, MESSAGE = 200, 5000  # characters of an error's name, and of all that a student is told of one test
ATTEMPTS = (1, 2, 3)  # a candidate may have been killed from outside: a cell is at fault where one dies at it each time
AGREEING = 3  # passes in a row that a test needs for each death at it: a guess that dies when wrong seldom has them
HIDDEN = re.compile(r"[ \t]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*", re.DOTALL)


def examine(results: Channel, candidates, shell, course: CourseNames) -> None:
    """Read one submission from the engine,
    tell it each verdict when it is made, and at last the autograded notebook."""
    told = json.loads(results.receive())
    files = {name: bytes.fromhex(text) for name, text in told["files"].items()}
    release = Release(told["name"], results.receive().decode(), course.visible)
    try:
        repaired = repair(results.receive(), release)
    except Unreadable as e:
        results.send(json.dumps({"unreadable": str(e)}).encode())
        return
    _lay_out(files)
    examination = Examination(repaired.notebook, course, candidates, shell, told["cell_limit"],
                              lambda verdict: results.send(json.dumps({"verdict": asdict(verdict)}).encode()))
    examination.skip, examination.needed, examination.deaths = set(told["skip"]), told["needed"], told["deaths"]
    try:
        examination.run()
    except (MachineTooBusy, NoVerdict):
        results.send(json.dumps({"too busy": True}).encode())
        return
    note(repaired.notebook, repaired.messages)
    results.send(json.dumps({"notebook": nbformat.v4.writes(repaired.notebook), "repairs": list(repaired.messages),
                             "answered": repaired.answered, "trouble": "; ".join(examination.trouble)}).encode())


def note(notebook, repairs: tuple[str, ...]) -> None:
    """Tell the student at the top of their notebook what was repaired in it."""
    if repairs:
        text = "\n".join(["**Repaired before it was graded**", "", *(f"- {line}" for line in repairs)])
        taken = {cell.get("id") for cell in notebook.cells}  # nbformat would draw an id: graded twice, it would differ
        free = next(name for name in ("repaired", *(f"repaired-{n}" for n in range(len(taken)))) if name not in taken)
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(text, id=free))


def _lay_out(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = Path(name)
        if path.is_absolute() or ".." in path.parts:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class Examination:
    """One notebook under examination: `run` fills in its outputs and gives a verdict for each graded cell."""

    candidate: "Candidate"  # the one that runs the cells now

    def __init__(self, notebook, course: CourseNames, candidates, shell, limit: float, tell):
        self.notebook, self.candidates, self.shell, self.limit, self.tell = notebook, candidates, shell, limit, tell
        self.course = course
        self.needed: dict[str, list[str]] = {}  # by test cell, the student's names that it uses
        self.skip: set[str] = set()  # cells at which examiners before this one ended again and again
        self.deaths: dict[str, int] = {}  # by test cell, how many examiners before this one ended at it
        self.trouble: list[str] = []
        self.done: list[str] = []  # sources of the cells that the candidate has run, in order
        self.replays = 0

    def run(self) -> None:
        self.course.bring_in(self.shell)
        self.candidate = Candidate(self.candidates)
        for cell in self.notebook.cells:
            if is_test(cell):
                self._judge(cell)
            elif cell.cell_type == "code":
                self._have_run(cell)
            if is_grade(cell) and (is_solution(cell) or cell.cell_type != "code"):
                self._tell(cell, None)

    # Cells that the candidate runs

    def _have_run(self, cell) -> None:
        cell.outputs, cell.execution_count = [], None
        if not cell.source.strip():
            return
        for _ in ATTEMPTS:
            try:
                cell.outputs = _sanitized_outputs(self.candidate.runs(cell.source, self.limit))
                self.done.append(cell.source)
            except StillRunning:
                cell.outputs = [_error("CellTimeout", f"this cell did not end within {self.limit:g} s and was stopped")]
            except PeerGone:
                cell.outputs = [
                    _error(
                        "CellEnded",
                        "this cell ended the whole notebook, or used too much memory; the others were run without it",
                    )
                ]
            if not self.candidate.dead:
                return
            self._replay()
            if cell.outputs[0].get("ename") == "CellTimeout":
                return

    def _replay(self) -> None:
        """A new candidate in the place of one that died, with all that had been run."""
        deaths: Counter[str] = Counter()
        while True:
            self.replays += 1
            if self.replays > REPLAYS:
                raise RuntimeError(f"the notebook ended its process more than {REPLAYS} times")
            self.candidate = Candidate(self.candidates)
            source = self._runs_again()
            if source is None:
                return
            deaths[source] += 1
            if deaths[source] == len(ATTEMPTS):  # it has run before, and does not run again
                self.done.remove(source)

    def _runs_again(self) -> str | None:
        """Have the candidate run all that had been run; at which it died, if it did."""
        for source in self.done:
            with contextlib.suppress(StillRunning, PeerGone):
                self.candidate.runs(source, self.limit)
            if self.candidate.dead:
                return source
        return None

    # Cells that the examiner runs

    def _judge(self, cell) -> None:
        name = cell.metadata.nbgrader.grade_id
        if name in self.skip:
            return self._tell(cell, "this test could not be finished: what your answer gave it ended the examiner")
        self.tell(Verdict(name, 0, float(cell.metadata.nbgrader.points), BEGUN))
        self._tell(cell, self._agreed(cell, self.deaths.get(name, 0)))

    def _agreed(self, cell, deaths: int) -> str:
        """Why a test gives no point, or nothing where it passes.

        Where somebody died at it, killed from outside or by the answer, which may have seen that its guess was wrong,
        it has to pass several times in a row, each time after the notebook has run again.
        """
        passes, most = 0, deaths + len(ATTEMPTS)
        while True:
            message, late = self._tested(cell), self.candidate.late
            if self.candidate.dead:
                self._replay()
                deaths, passes = deaths + 1, 0
                if late or deaths == most:
                    return message
            elif message or passes + 1 >= AGREEING * deaths:
                return message
            else:
                passes += 1
                self.candidate.end()
                self._replay()

    def _tested(self, cell) -> str:
        """Run one test cell here; why it gives no point, or nothing where it passes."""
        theirs: dict = {}
        self.candidate.late = False
        try:
            theirs = self.candidate.names(self.needed[cell.metadata.nbgrader.grade_id], self.limit)
            self.shell.user_ns.update(theirs)
            with self.candidate.patience(self.limit):
                outputs, error = _run_here(self.shell, cell.source, self.limit)
        except (PeerGone, StillRunning) as e:
            outputs, error = [], e
        # Ours: those of the candidate's carry its line.
        if isinstance(error, NoVerdict) or isinstance(error, MachineTooBusy) and not hasattr(error, "line"):
            raise error
        for name in theirs:  # what tests bind stays for those after them, as in a kernel
            self.shell.user_ns.pop(name, None)
        cell.outputs = nbformat.from_dict(_as_lists([o for o in outputs if o["output_type"] == "stream"]))
        if self.candidate.dead:
            return "your answer ended the whole notebook, or used too much memory"
        if self.candidate.late or isinstance(error, StillRunning):
            return (
                _error_text(error)
                if isinstance(error, CheckFailed)
                else f"your answer did not end within {self.limit:g} s"
            )
        return "" if error is None else _described(error, cell.source)

    def _tell(self, cell, message: str | None) -> None:
        """Give the verdict, and write it where nbgrader's own tools look for it: an error means no point."""
        most = float(cell.metadata.nbgrader.points)
        if message:
            message = message[:MESSAGE].encode("utf-8", "replace").decode()
            cell.outputs = [*cell.get("outputs", []), _error("CheckFailed", message)]
        points = None if message is None else 0 if message else most
        self.tell(Verdict(cell.metadata.nbgrader.grade_id, points, most, message or ""))


class Candidate(Peer):
    """The examiner's end of the conversation with one candidate."""

    def __init__(self, candidates):
        channel, self.pid = candidates.new()
        super().__init__(channel, careful=True)
        self.dead = self.late = False

    def ask(self, verb, target=None, arguments=(), keywords=None):
        if self.dead:
            raise PeerGone("it has ended before")
        try:
            return super().ask(verb, target, arguments, keywords)
        except StillRunning:
            busy = self.deadline is not None and self.deadline.busy
            self.late = not busy
            self._interrupt()
            if busy:
                raise NoVerdict from None
            raise
        except PeerGone:
            self.end()
            raise

    def runs(self, source: str, within: float):
        """What it says that a cell put out."""
        return self._told("run", source, within)

    def names(self, names: list[str], within: float) -> dict:
        found = self._told("names", names, within) if names else {}
        if type(found) is not dict:
            self.end()
            raise PeerGone("it does not tell what names stand for")
        return {name: found[name] for name in names if name in found}

    def _told(self, verb: str, about, within: float):
        """What only the candidate's own part of the conversation answers: an error is none."""
        try:
            with self.patience(within):
                return self.ask(verb, None, (about,))
        except (StillRunning, PeerGone, NoVerdict):
            raise
        except BaseException as e:
            self.end()
            raise PeerGone(f"it answered {verb} with {type(e).__name__}") from None

    @contextlib.contextmanager
    def patience(self, seconds: float):
        before, self.deadline = self.deadline, Deadline(seconds)
        try:
            yield
        finally:
            self.deadline = before

    def _interrupt(self) -> None:
        """As the stop button does; who does not stop is ended."""
        before, self.deadline = self.deadline, Deadline(INTERRUPTED)
        try:
            os.kill(self.pid, signal.SIGINT)
            while self._read(self.deadline)[0] == "ask":
                pass
        except (StillRunning, PeerGone, OSError):
            self.end()
        finally:
            self.deadline = before

    def end(self) -> None:
        self.dead = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self.pid, signal.SIGKILL)
        self.channel.connection.close()


# Running a test cell, and what it says

def _run_here(shell, source: str, limit: float) -> tuple[list, BaseException | None]:
    """The outputs of a test cell, run in this process, and the error it ended with. Raises StillRunning."""
    shell.recorder = Recorder()
    with _alarm(limit), redirect_stdout(OutputStream(shell, "stdout")), redirect_stderr(OutputStream(shell, "stderr")):
        error = _ran(shell, source)
    return shell.recorder.finished(), error


def _ran(shell, source: str) -> BaseException | None:
    """Run a cell as Python where it is Python, else, with its magics, as IPython does."""
    try:
        code = compile(source, TEST, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError:
        shell.showtraceback = lambda *_, **__: None  # it is slow, and quotes the test
        result = shell.run_cell(source, store_history=False)
        return result.error_before_exec or result.error_in_exec
    try:
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, shell.user_ns))
        else:
            exec(code, shell.user_ns)
    except BaseException as e:
        return e
    return None


@contextlib.contextmanager
def _alarm(seconds: float):
    """A test that what it was given keeps running for ever ends, too."""
    deadline, here = Deadline(2 * seconds), threading.get_ident()

    def over(*_):
        raise NoVerdict if deadline.busy else StillRunning

    before = signal.signal(signal.SIGALRM, over)
    try:
        with watched(deadline, lambda: signal.pthread_kill(here, signal.SIGALRM)):
            yield
    finally:
        signal.signal(signal.SIGALRM, before)


def _described(error: BaseException, source: str) -> str:
    """For the student: a check's own words, or the error and the line of the test, where that is one they may see."""
    words = _error_text(error)
    line = _line_in_test(error)
    if any(m.start() <= _offset(source, line) <= m.end() for m in HIDDEN.finditer(source)):
        return _of_a_hidden_test(error)
    text = source.splitlines()[line - 1].strip() if 0 < line <= len(source.splitlines()) else ""
    if isinstance(error, CheckFailed) or SAID.fullmatch(words) or not text:
        return words
    return f"{words}\n  in the line: {text}"


def _of_a_hidden_test(error: BaseException) -> str:
    """Nothing that a student's code could have put there to be told the hidden values."""
    if isinstance(error, CheckFailed):
        return f"a hidden test failed\n  look at: {error.look}"
    line = getattr(error, "line", "")
    return "a hidden test failed" + (f": {_name(error)} in your line: {line}" if line and type(line) is str else "")


def _name(error: BaseException) -> str:
    return getattr(type(error), "__name__", "Error")[:NAME]


def _error_text(error: BaseException) -> str:
    if isinstance(error, CheckFailed):
        return str(error)
    name = _name(error)
    text = str(error)[:1000]
    if isinstance(error, NotImplementedError) and SAID.fullmatch(text):
        return text
    line = getattr(error, "line", "")
    where = f"  (your line: {line})" if line and type(line) is str else ""
    return f"{name}: {text}{where}" if text else f"{name}{where}"


def _line_in_test(error: BaseException) -> int:
    """The line of the test cell at which an error came up; 0 where it came before."""
    found, trace = 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.startswith((TEST, "<ipython-input")):
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _offset(source: str, line: int) -> int:
    return sum(len(text) + 1 for text in source.splitlines()[:line - 1]) if line else -1


def _sanitized_outputs(told) -> list:
    """A cell's outputs as the candidate tells them, which may be anything: made again, of texts within bounds."""
    recorder = Recorder(PRINTED + 100)  # and its own note on what was left out
    for output in told[0] if type(told) is tuple and told and type(told[0]) is list else []:
        match output:
            case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
                recorder.write(name, text)
            case {"output_type": "error", "ename": str(name), "evalue": str(value), "traceback": list(lines)} if (
                len(recorder.outputs) < 1000
            ):
                lines = [line[:2000] for line in lines[-40:] if type(line) is str]
                recorder.outputs.append(
                    {"output_type": "error", "ename": name[:200], "evalue": value[:4000], "traceback": lines}
                )
            case {"output_type": "display_data" | "execute_result" as kind, "data": dict(data)}:
                count = output.get("execution_count")
                numbered: dict = (
                    {"execution_count": count if type(count) is int else None} if kind == "execute_result" else {}
                )
                shown = {k: v for k, v in data.items() if type(k) is str and _is_shown(k, v)}
                if shown or not data:
                    recorder.show(shown, output_type=kind, **numbered)
    return nbformat.from_dict(recorder.finished())


def _is_shown(kind: str, value) -> bool:
    """Whether a page can show it: templates expect a text of all but the kinds that are JSON, and of a widget the
    model, which has ended with the notebook."""
    if kind.endswith("json"):
        return type(value) in (dict, list) and "widget-view" not in kind and _is_json(value)
    return type(value) is str


def _is_json(value, depth: int = 0) -> bool:
    if type(value) is list:
        return depth < 20 and all(_is_json(v, depth + 1) for v in value)
    if type(value) is dict:
        return depth < 20 and all(type(k) is str and _is_json(v, depth + 1) for k, v in value.items())
    return type(value) in (str, int, float, bool, type(None))


def _error(name: str, message: str):
    return nbformat.v4.new_output("error", ename=name, evalue=message, traceback=message.splitlines())


def _as_lists(value):
    if isinstance(value, dict):
        return {str(k): _as_lists(v) for k, v in value.items()}
    return [_as_lists(v) for v in value] if isinstance(value, (list, tuple)) else value
