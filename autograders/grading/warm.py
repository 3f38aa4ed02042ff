"""A warm process started early: it imports what grading needs while the command that will use it still imports its own."""

import contextlib
import gc
import os
import socket
import subprocess
import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any

HUGE = "glibc.malloc.hugetlb=1"  # large pages, where the system has them: a fork that works with much memory has fewer page faults
KEPT = str(64 * 2**20)  # bytes freed that a process keeps: giving them back and taking them again is slow
SERVED = ("assignment_list", "course_list", "formgrader", "validate_assignment")  # nbgrader's parts of JupyterLab's server
FORMATS = ("idna", "isoduration", "rfc3987", "rfc3987_syntax", "uri_template", "webcolors")  # what jsonschema checks texts with
_spare: list[tuple[subprocess.Popen, socket.socket]] = []


def zygote(modules: Iterable[str]) -> tuple[subprocess.Popen, socket.socket]:
    """A zygote that begins to warm up with these modules, or the spare one where there is one, and the socket on which it
    takes its orders."""
    if _spare:
        return _spare.pop()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**20)
    environment = {k: v for k, v in os.environ.items() if k in ("LANG", "LC_ALL", "TZ", "HOME", "PATH", "PYTHONPATH")} | {
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MALLOC_MMAP_THRESHOLD_": KEPT, "MALLOC_TRIM_THRESHOLD_": KEPT, "GLIBC_TUNABLES": HUGE}
    command = [sys.executable, "-P", "-m", "autograders.grading.zygote", str(theirs.fileno()), *modules]
    process = subprocess.Popen(command, pass_fds=(theirs.fileno(),), env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, cwd="/")
    theirs.close()
    return process, ours


@contextlib.contextmanager
def spare(modules: Iterable[str]) -> Iterator[None]:
    """While the block runs, a zygote warms up for the first who asks for one; where nobody does, it ends with the block."""
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
    """What a heavy import makes stays for good: looking through it for garbage, time and again, takes a quarter of its time."""
    gc.disable()
    try:
        with _nothing_of_the_server():
            yield
    finally:
        gc.freeze()
        gc.enable()


def import_jsonschema() -> None:
    """It comes along with nbformat, and looks for libraries that check addresses, durations and colours, which no notebook
    has: a tenth of a second that is saved, and one more where rfc3987_syntax is there."""
    with _standing_in(dict.fromkeys(FORMATS)):
        import jsonschema  # noqa: F401


@contextlib.contextmanager
def _nothing_of_the_server() -> Iterator[None]:
    """An import of any part of nbgrader also imports what it adds to JupyterLab's server, and so that server: a tenth of a second."""
    stubs: dict[str, types.ModuleType | None] = {} if "nbgrader" in sys.modules else {f"nbgrader.server_extensions.{part}": types.ModuleType(part) for part in SERVED}
    for stub in filter(None, stubs.values()):
        vars(stub)["load_jupyter_server_extension"] = None
    with _standing_in(stubs):
        yield


@contextlib.contextmanager
def _standing_in(modules: dict[str, types.ModuleType | None]) -> Iterator[None]:
    """While the block runs, an import of one of these gives what stands for it, or, where that is nothing, finds it missing."""
    new: dict[str, Any] = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(new)
    try:
        yield
    finally:
        for name in new:
            del sys.modules[name]
