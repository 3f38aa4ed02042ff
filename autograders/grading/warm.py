"""A warm process started early:
it imports what grading needs while the command that will use it still imports its own."""

import contextlib
import gc
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator

from autograders.grading import libraries

_spare: list[tuple[subprocess.Popen, socket.socket]] = []


def zygote(modules: Iterable[str]) -> tuple[subprocess.Popen, socket.socket]:
    """A zygote that begins to warm up with these modules,
    or the spare one where there is one, and the socket on which it takes its orders."""
    if _spare:
        return _spare.pop()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**20)
    passed_on = ("LANG", "LC_ALL", "TZ", "HOME", "PATH", "PYTHONPATH")
    environment = {k: v for k, v in os.environ.items() if k in passed_on} | libraries.environment()
    command = [sys.executable, "-P", "-m", "autograders.grading.zygote", str(theirs.fileno()), *modules]
    process = subprocess.Popen(command, pass_fds=(theirs.fileno(),), env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, cwd="/")
    theirs.close()
    return process, ours


@contextlib.contextmanager
def spare(modules: Iterable[str]) -> Iterator[None]:
    """While the block runs, a zygote warms up for the first who asks for one;
    where nobody does, it ends with the block."""
    _spare.append(zygote(modules))
    try:
        yield
    finally:
        while _spare:
            process, orders = _spare.pop()
            process.kill()
            orders.close()
            process.wait()


@contextlib.contextmanager
def quick_imports() -> Iterator[None]:
    """What a heavy import makes stays for good:
    looking through it for garbage, time and again, takes a quarter of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
