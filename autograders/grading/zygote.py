"""The zygote: a warm process that has imported what a lab imports, and forks a warden for each submission.

A warden makes the sandbox, joins it, and forks the examiner, once, and a candidate as often as the examiner asks. It
ran no line of a student's, and no student's process can see it. When it ends, all that ran in the sandbox ends.
"""

import contextlib
import functools
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from autograders.expect import StillRunning
from autograders.grading import libraries, sandbox
from autograders.grading.codec import Codec, register_handles
from autograders.grading.deadline import Deadline
from autograders.grading.model import Release
from autograders.grading.peer import Channel, PeerGone
from autograders.grading.sandbox import PLACE, Limits, Sandbox, Shown
from autograders.grading.shared_memory import SharedMemory
from autograders.undisturbed import hold_with
from environments import forks
from environments.busy import count_as_one
from environments.errors import TookTooLong
from environments.workspace import GRADED

TIME_IS_OVER, MACHINE_IS_BUSY = "time is over", "time is over, and this machine is busy"
EXAMINER_ENDED, SANDBOX_ENDED = "the examiner ended", "the sandbox ended"
FORK_TIMEOUT_S = 30  # seconds for a fork to say its number
MAX_ORDER_BYTES = 2**20  # bytes of an order
QUICK = 10  # calls after which Python runs a function quickly, and no longer changes its code, which a fork would copy
CLEARED = 10  # seconds to kill what a candidate left running
WATCH = 0.1  # seconds between two looks at the memory in use
_warm: set[str] = set()  # the libraries that need no warming up any more
_warmed_up: set[str] = set()  # and the modules that say themselves how


def main() -> None:
    """Serve the engine on the socket whose number is our first argument, until it closes its end.
    The others are modules that it will probably want."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the coordinator's to hear
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # wardens leave nothing to be collected
    shell = _warm_up(sys.argv[2:])
    first = orders.recv(MAX_ORDER_BYTES)
    if not first:
        os._exit(0)
    course = _know_the_course(shell, **json.loads(first))
    while True:
        data, handles, _, _ = socket.recv_fds(orders, MAX_ORDER_BYTES, 1)
        if not data:
            os._exit(0)  # at once: libraries complain of what a usual exit takes apart
        order = json.loads(data)
        order["limits"] = Limits(**order["limits"])
        order["shown"] = Shown(tuple(map(Path, order["templates"])), tuple(map(Path, order["mounts"])))
        if order["sandbox"]:
            sandbox.prepare(order["limits"], order["shown"])
        if os.fork() == 0:
            orders.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _run_then_exit(
                lambda order=order, handles=handles: _watch_over(order, socket.socket(fileno=handles[0]), shell, course)
            )
        os.close(handles[0])


def _warm_up(modules: list[str]):
    """The shell that all forks begin with. Import what is slow, with one thread only:
    a process that joins a user namespace must have no other."""
    gc.disable()  # until all is there: looking for garbage in what stays for good takes a quarter of the time
    import autograders.grading.examiner  # noqa: F401
    from autograders.grading.candidate import make_shell

    shell = make_shell()
    _use_once(shell)
    _bring_in(shell, [*libraries.STAPLES, *modules])
    gc.collect()
    return shell


def _know_the_course(shell, modules: list[str], visible: str, handles: list[str]):
    """The names of a course whose released notebook this is, what it imports, and what its services hand out."""
    from autograders.grading.course_names import CourseNames
    from autograders.grading.repair import repair

    _bring_in(shell, modules)
    register_handles(handles)
    course = CourseNames(visible)
    # What it keeps of a release's visible half is there in every fork.
    repair(visible.encode(), Release("", visible, visible))
    gc.freeze()  # what all forks share is left alone by their collectors
    gc.enable()
    return course


def _bring_in(shell, modules: list[str]) -> None:
    """Import these, have them warm up that can, and do with their libraries what each fork would do again."""
    for module in modules:
        with contextlib.suppress(
            Exception
        ):  # what is missing here is missing in the cell that imports it, and told there
            brought = importlib.import_module(module)
            if module not in _warmed_up:
                _warmed_up.add(module)
                getattr(brought, "warm_up", lambda: None)()
    codec = Codec(lambda value: {}, lambda about: None)
    for library in libraries.ALL:
        if library.package in sys.modules and library.package not in _warm:
            _warm.add(library.package)
            codec.decode(codec.encode(library.warm_up(shell)))


def _use_once(shell) -> None:
    """Have what every notebook goes through imported and compiled now."""
    import nbformat

    from autograders.grading.repair import repair

    shell.runs("1 + 1")
    shell.runs("1 / 0")
    shell.reset()
    cells = [nbformat.v4.new_markdown_cell("# Text"), nbformat.v4.new_code_cell("1 + 1")]
    notebook = nbformat.v4.writes(nbformat.v4.new_notebook(cells=cells))
    for _ in range(QUICK):
        nbformat.v4.writes(repair(notebook.encode(), Release("", notebook, notebook)).notebook)


def _run_then_exit(work) -> None:
    """Do the last thing this process does."""
    status = 1
    try:
        work()
        status = 0
    except BaseException as e:
        print(f"{type(e).__name__}: {e}", file=sys.__stderr__, flush=True)
    finally:
        os._exit(status)


def _watch_over(order: dict, results: socket.socket, shell, course) -> None:
    """The warden's life: one submission, from its sandbox's making to its end."""
    limits = order["limits"]
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if order["processor"] is not None:
        os.sched_setaffinity(0, {order["processor"]})
    if order["sandbox"]:
        made = Sandbox(limits, order["shown"])
        made.enter()
        place, end = Path(PLACE), made.end
        count_as_one(sandbox.runnable)
    else:
        place = Path(order["folder"])
        for name in sandbox.FOLDERS:
            (place / name).mkdir(exist_ok=True)
        end = functools.partial(_kill_left, place)
    _set_environment(place, order)
    Supervisor(limits, order, place, shell, course).keep(results, end)


def _kill_left(place: Path) -> None:
    """Without a sandbox: end whatever bears the submission's folder in its environment, and remove it."""
    import shutil

    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get("TMPDIR", "").startswith(str(place)):
                process.kill()
    shutil.rmtree(place, ignore_errors=True)


def _set_environment(place: Path, order: dict) -> None:
    """The environment of examiner and candidate: a home, a workspace, the student's own world."""
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    templates = place / "templates" if order["sandbox"] else order["shelf"]
    kept = {k: v for k, v in os.environ.items() if k in ("LANG", "LC_ALL", "TZ")} | libraries.environment(
        str(place / "home")
    )
    os.environ.clear()
    os.environ |= kept | {
        "PATH": path,
        "HOME": str(place / "home"),
        "TMPDIR": str(place / "tmp"),
        "LABS_HOME": str(place / "home" / "labs"),
        "LABS_SEED": str(order["seed"]),
        "LABS_TEMPLATES": str(templates),
        "NBGRADER_EXECUTION": "autograde",
        GRADED: "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
    }
    import tempfile

    tempfile.tempdir = None
    sys.dont_write_bytecode = True  # what was imported to be warm is kept compiled, nothing of a submission's
    os.chdir(place / "work")


class Supervisor:
    """Forks the two, watches what they use, and ends them."""

    def __init__(self, limits: Limits, order: dict, place: Path, shell, course):
        self.limits, self.order, self.place, self.shell, self.course = limits, order, place, shell, course
        self.examiner = self.candidate = 0  # their numbers here, none once they have ended: a number may be used again
        self.tools: list[int] = []  # the numbers of those that may still run
        self.examiner_inside = 0  # its number in the sandbox
        self.deadline = Deadline(limits.submission)
        self.shared = SharedMemory()

    def keep(self, results: socket.socket, end: Callable[[], object]) -> None:
        asks, answers = socket.socketpair()
        why = "the warden ended"
        try:
            self.examiner = os.fork()
            if self.examiner == 0:
                asks.close()
                _run_then_exit(lambda: self._examine(results, answers))
            answers.close()
            why = EXAMINER_ENDED
            news = select.poll()
            news.register(asks, select.POLLIN)
            news.register(results, 0)  # tells only that the engine is gone, or has heard all
            while not _collected(self.examiner):
                if self.deadline.left() <= 0:
                    why = MACHINE_IS_BUSY if self.deadline.busy else TIME_IS_OVER
                    break
                came = dict(news.poll(WATCH * 1000))
                if results.fileno() in came:
                    break
                if asks.fileno() in came:
                    told = asks.recv(MAX_ORDER_BYTES)
                    if not told:
                        break
                    self._fork_as_asked(asks, json.loads(told))
                os.kill(self.examiner, signal.SIGCONT)  # a student's process of the same account may have stopped it
                if not self._look():
                    break
            else:
                self.examiner = 0
        except _Stuck:
            pass
        finally:
            self._close(results, end, why)

    def _close(self, results: socket.socket, end: Callable[[], object], why: str) -> None:
        """End all that is left, and tell the engine why it ended."""
        if why == EXAMINER_ENDED and self.order["sandbox"] and not sandbox.lives():
            why = SANDBOX_ENDED
        end()
        with contextlib.suppress(PeerGone):  # after a whole examination nobody listens any more
            Channel(results).send(json.dumps({"warden": why}).encode())
        for pid in filter(None, (self.candidate, self.examiner, *self.tools)):
            _killed(pid)

    def _examine(self, results: socket.socket, answers: socket.socket) -> None:
        from autograders.grading.examiner import examine

        if self.order["sandbox"]:
            sandbox.drop_privileges()
            sandbox.install_seccomp_filter()  # with all that it starts: a server runs a student's code, too
            sandbox.set_undumpable()
            hold_with(sandbox.others_stopped)
        sandbox.set_rlimits(self.limits)
        candidates = Candidates(answers)
        forks.fork_with(candidates.use_tool)
        examine(Channel(results), candidates, self.shell, self.course)

    def _fork_as_asked(self, asks: socket.socket, asked: dict) -> None:
        """A new candidate, before which the last one ends with all that it may have started; or a tool beside it."""
        self.examiner_inside = asked["examiner"]
        if "function" in asked:
            self.tools = [pid for pid in self.tools if not _collected(pid)]
            self.tools.append(self._forked(asks, functools.partial(_use_tool, asked["function"], asked["argument"])))
        else:
            self._end_candidate()
            self.candidate = self._forked(asks, self._live)

    def _forked(self, asks: socket.socket, work: Callable[[Channel], object]) -> int:
        """The number of a process in the sandbox that works with a channel, whose other end the examiner has."""
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            asks.close()
            ours.close()
            _run_then_exit(lambda: self._run_inside(theirs, work))
        theirs.close()
        socket.send_fds(asks, [b"!"], [ours.fileno()])
        ours.close()
        return pid

    def _end_candidate(self) -> None:
        if self.candidate:
            _killed(self.candidate)
            self.candidate = 0
        if self.order["sandbox"] and self.examiner_inside:
            self._clear()
            sandbox.drop_shared_memory()

    def _clear(self) -> None:
        """Kill all that runs inside but the sandbox's own and the examiner: from inside, where the numbers are theirs.

        Raises _Stuck where that does not end: what runs there, of the same account, may stop the process that would
        kill it.
        """
        if not set(sandbox.processes()) - {1, 2, self.examiner_inside}:
            return
        cleaner = os.fork()
        if cleaner == 0:
            _run_then_exit(lambda: _kill_all_but({1, 2, self.examiner_inside, os.getpid()}))
        deadline = time.monotonic() + CLEARED
        while not _collected(cleaner):
            if time.monotonic() > deadline:
                _killed(cleaner)
                raise _Stuck
            os.kill(cleaner, signal.SIGCONT)
            time.sleep(0.002)

    def _run_inside(self, connection: socket.socket, work: Callable[[Channel], object]) -> None:
        if self.order["sandbox"]:
            sandbox.drop_privileges()
            sandbox.install_seccomp_filter()
            sandbox.set_dumpable()
        sandbox.set_rlimits(self.limits)
        os.setsid()
        silent = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(silent, number)
        handle = os.dup2(connection.detach(), 3)
        os.closerange(4, 4096)
        work(Channel(socket.socket(fileno=handle)))

    def _live(self, channel: Channel) -> None:
        from autograders.grading.candidate import live

        live(channel, self.shell)

    def _look(self) -> bool:
        """End the candidate, and all it started, where what runs inside is too much, or this machine has no memory
        left; whether the examiner may go on, who may have been given too much as well."""
        pids = sandbox.processes() if self.order["sandbox"] else _descendants()
        most = self.limits.memory * sandbox.MEGABYTE
        memory, tasks = sandbox.use(pids)
        if self.examiner_inside and sandbox.use([self.examiner_inside])[0] > most // 2:
            return False
        if self.order["sandbox"]:
            memory += self.shared.bytes(pids, most - memory)
        if memory > most or tasks > self.limits.processes or sandbox.memory_is_scarce():
            self._end_candidate()
        return True


class _Stuck(Exception):
    """What runs in the sandbox cannot be ended one by one."""


def _collected(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] != 0


def _killed(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _kill_all_but(kept: set[int]) -> None:
    for _ in range(100):  # what forks faster than it is killed is stopped first
        others = set(sandbox.processes()) - kept
        if not others:
            return
        for how in (signal.SIGSTOP, signal.SIGKILL):
            for pid in others:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, how)


def _descendants() -> list[int]:
    import psutil

    return [process.pid for process in psutil.Process().children(recursive=True)]


class Candidates:
    """The examiner's way to its warden: a candidate, made again each time it is asked for."""

    def __init__(self, connection: socket.socket):
        self.connection = connection

    def new(self) -> tuple[Channel, int]:
        """A channel to a fresh candidate, and its process id."""
        return self._forked()

    def use_tool(self, function: str, argument: dict, within: float) -> None:
        """See environments.forks.run. The process was forked before anybody's code had run, and knows nothing of a
        check; it has the student's rights and limits, since what it works on is the student's."""
        channel, pid = self._forked(function=function, argument=argument)
        deadline = Deadline(within)
        try:
            while True:  # whatever it says: it has ended once nobody can say any more
                channel.receive(deadline)
        except PeerGone:
            pass
        except StillRunning:
            raise TookTooLong(f"{function} did not end within {within:g} s.") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            channel.connection.close()
            _await_end(pid)

    def _forked(self, **what) -> tuple[Channel, int]:
        self.connection.send(json.dumps({"examiner": os.getpid(), **what}).encode())
        _, handles, _, _ = socket.recv_fds(self.connection, 1, 1)
        channel = Channel(socket.socket(fileno=handles[0]))
        return channel, int(channel.receive(Deadline(FORK_TIMEOUT_S)))


def _await_end(pid: int) -> None:
    """Until a process that was ended has let go of its files, such as a database's lock: its connection goes first."""
    deadline = time.monotonic() + CLEARED
    while sandbox.is_alive(pid):
        if time.monotonic() > deadline:
            raise TookTooLong(f"process {pid} did not end within {CLEARED} s.")
        time.sleep(0.001)


def _use_tool(function: str, argument: dict, channel: Channel) -> None:
    channel.send(str(os.getpid()).encode())
    forks.call(function, argument)


if __name__ == "__main__":
    main()
