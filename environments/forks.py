"""Work that needs a slow import, done in a process forked from one that has it: each time a fresh one, ready at once.

    run("environments.stack.dbt_runs:perform", {"folder": ...}, within=60)

The first call starts a server that imports the module, calls its `warm_up` where it has one, and forks for each piece
of work. What the work finds out it leaves in a file. Grading has a server of its own: `fork_with`.
"""

import atexit
import importlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from environments.busy import FairClock
from environments.errors import LabsError, TookTooLong
from environments.place import COURSE

LOOK = 0.5  # seconds between two looks at how busy the machine is
START_TIMEOUT_S = 120
Run = Callable[[str, dict, float], None]


def run(function: str, argument: dict, within: float) -> None:
    """Call a function, as "module:name", with plain data in a process of its own, which has ended when this returns.

    TookTooLong where it is not done after so many seconds of a machine that works for it; it is ended then.
    """
    _run(function, argument, within)


def fork_with(how: Run) -> None:
    """Grading says how it forks, within a submission's limits."""
    global _run
    _run = how


def call(function: str, argument: dict) -> None:
    """Do the work in this process, which is its own."""
    module, name = function.split(":")
    getattr(importlib.import_module(module), name)(argument)


class Server:
    """The process that forks."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=COURSE)
        atexit.register(self.close)

    def run(self, function: str, argument: dict, within: float) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps([function, argument]).encode() + b"\n")
        self.process.stdin.flush()
        child = int(self._line(START_TIMEOUT_S, "starting"))
        try:
            self._line(within, function.partition(":")[2])
        except BaseException:
            with suppress(ProcessLookupError):  # it ended at this very moment
                os.killpg(child, signal.SIGKILL)
            self._line(START_TIMEOUT_S, "ending")
            raise

    def _line(self, within: float, what: str) -> bytes:
        assert self.process.stdout
        clock = FairClock(longest=4 * LOOK)
        while not select.select([self.process.stdout], [], [], LOOK)[0]:
            if clock.seconds() > within:
                raise TookTooLong(f"{what} did not end within {within:g} s.")
        line = self.process.stdout.readline()
        if not line:
            raise LabsError("the process that runs it was ended from outside.", "Run this again.")
        return line

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


_server: Server | None = None


def _run_here(function: str, argument: dict, within: float) -> None:
    global _server
    if _server is None or _server.process.poll() is not None:
        _server = Server()
    _server.run(function, argument, within)


_run: Run = _run_here


def stop() -> None:
    """End the server; the next piece of work starts another."""
    global _server
    if _server:
        _server.close()
        atexit.unregister(_server.close)
        _server = None


def serve() -> None:
    """Fork for each line of standard input, until it ends; say the number of the child, and when it has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the notebook's to hear
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    silent = os.open(os.devnull, os.O_RDWR)
    os.dup2(silent, 1)
    warm: set[str] = set()
    for line in sys.stdin.buffer:
        function, argument = json.loads(line)
        _warm_up(function.partition(":")[0], warm)
        child = os.fork()
        if child == 0:
            os.setsid()
            os.dup2(silent, 0)
            _call_then_exit(function, argument)
        out.write(f"{child}\n".encode())
        os.waitpid(child, 0)
        out.write(b"ended\n")


def _warm_up(module: str, warm: set[str]) -> None:
    if module not in warm:
        warm.add(module)
        getattr(importlib.import_module(module), "warm_up", lambda: None)()


def _call_then_exit(function: str, argument: dict) -> None:
    status = 1
    try:
        call(function, argument)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    serve()
