"""What a submission may touch: namespaces of its own, made by bubblewrap and entered by processes forked warm.

Inside there are this machine's programs and the course, read only; a disk in memory, bounded; a loopback interface;
no other process, no other file. bubblewrap (https://github.com/containers/bubblewrap) makes the namespaces, since it
starts a program in them and ours are already running, they join with setns(2), as nsenter(1) does.
"""

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from autograders.homes import proofs
from environments import accounts
from environments.errors import LabsError
from environments.place import COURSE

ROOMS = ("autograders", "environments", "datasets")
SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache", "/etc/passwd", "/etc/group",
    "/etc/nsswitch.conf", "/etc/localtime", "/etc/alternatives", "/etc/fonts", "/etc/ssl", "/etc/mime.types",
    "/etc/hosts",
)
DISK = "/tmp"  # inside: the only place that can be written, in memory
PLACE = f"{DISK}/graded"  # inside: what belongs to the submission
FOLDERS = ("tmp", "home", "work", "templates")
TEMPLATES = f"{PLACE}/templates"
# The mounts that share a submission's disk, in their order,
# and which part of it is theirs; its place has what nobody else takes.
PARTS = {"/dev/shm": 1 / 16, DISK: 1 / 32, PLACE: 1 / 2, TEMPLATES: 13 / 32}
NAMES = 200  # files for each megabyte of disk: each takes a kilobyte of memory besides
MEGABYTE = 1024 * 1024
SCARCE = 200  # megabytes that this machine keeps
STOPPED = 10  # seconds for all processes of a submission to be stopped
MAX_ATTEMPTS = 3  # at a sandbox, where bubblewrap says nothing: somebody killed it
SPARE = 20  # times the processes of one submission: the kernel counts those of all that run under one account

# Linux's own numbers: setns(2), prctl(2), capset(2).
_CLONE = {
    "user": 0x10000000,
    "mnt": 0x00020000,
    "pid": 0x20000000,
    "net": 0x40000000,
    "ipc": 0x08000000,
    "uts": 0x04000000,
}
_EXITING = 0x4  # PF_EXITING among the flags of proc(5)
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _CAPABILITY_VERSION_3, _IPC_RMID = 4, 38, 0x20080522, 0
_MS_NOSUID, _MS_NODEV, _MS_REMOUNT = 2, 4, 32  # of mount(2)
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_NS_GET_USERNS = 0xB701  # of ioctl_ns(2)
_SET_SIGNAL = 10  # F_SETSIG of fcntl(2)
_SOCKET_FAMILIES = (1, 2, 10, 16)  # local, IPv4, IPv6, and netlink, by which a program asks for addresses
_SOL_SOCKET, _BUFFERS = 1, (7, 8)  # SO_SNDBUF and SO_RCVBUF of socket(7)
# seccomp(2): each machine's name for itself, its numbers of clone, prlimit64, fcntl, setsockopt, and of socket and
# socketpair, and of the calls that are refused: ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp unshare
# setns mount open_tree move_mount fsopen keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup
# memfd_create memfd_secret msgget semget, timer_create, whose signal could have a stopped process go on, and clone3,
# whose flags a filter cannot see
_REFUSED = {
    "x86_64": (
        0xC000003E,
        56,
        302,
        72,
        54,
        (41, 53),
        (101, 310, 311, 438, 312, 272, 308, 165, 428, 429, 430, 250, 248, 249, 321, 298, 323, 425, 319, 447, 68, 64,
         222, 435),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        261,
        25,
        208,
        (198, 199),
        (117, 270, 271, 438, 272, 97, 268, 40, 428, 429, 430, 219, 217, 218, 280, 241, 282, 425, 279, 447, 186, 190,
         107, 435),
    ),
}


@dataclass(frozen=True)
class Limits:
    """What one submission may use: seconds, megabytes, processes."""

    cell: float = 120
    submission: float = 1200
    memory: int = 2048
    disk: int = 1024
    file: int = 512
    processes: int = 300


@dataclass(frozen=True)
class Shown:
    """What a lab's services add to what a sandbox shows, read only:
    folders by name among the templates, and folders at their own paths."""

    templates: tuple[Path, ...] = ()
    mounts: tuple[Path, ...] = ()


class Sandbox:
    """Namespaces that live until `end`, which kills all that runs in them."""

    def __init__(self, limits: Limits, shown: "Shown"):
        self.limits, self.shown = limits, shown
        told, tell = os.pipe()
        try:
            waits = [*command(limits, shown), "--info-fd", str(tell), "/bin/cat"]
            self.process = subprocess.Popen(waits, pass_fds=(tell,), env={}, bufsize=0, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        finally:
            os.close(tell)
        stdin, stdout, stderr = self.process.stdin, self.process.stdout, self.process.stderr
        assert stdin and stdout and stderr  # pipes
        with open(told) as info:
            with contextlib.suppress(BrokenPipeError):
                stdin.write(b"!")  # what runs inside sends it back once all is there, and waits for more
            if stdout.read(1) != b"!":
                words = stderr.read().decode(errors="replace").strip()
                self.process.wait()
                raise LabsError(f"no sandbox: {words.splitlines()[-1] if words else 'bubblewrap failed'}")
            self.first = json.load(info)["child-pid"]  # bubblewrap's own, process 1 inside: without it the others end
        stdout.close()
        stderr.close()

    def enter(self) -> None:
        """This process joins: all but its process ids, which its children will have. It must have one thread."""
        self._bound_names()
        handle = os.pidfd_open(self.first)
        _call("setns", handle, sum(flag for name, flag in _CLONE.items() if name in _kinds()))
        os.close(handle)
        for folder in ("", *FOLDERS):
            os.chown(os.path.join(PLACE, folder), *_account())

    def _bound_names(self) -> None:
        """Have the disk take so many files and no more. The mounts are those of the user namespace in which bubblewrap
        made them, which is not the one that it left for us."""
        mounts = os.open(f"/proc/{self.first}/ns/mnt", os.O_RDONLY)
        if _has_user_namespace():
            owner = fcntl.ioctl(mounts, _NS_GET_USERNS)
            _call("setns", owner, _CLONE["user"])
            os.close(owner)
        _call("setns", mounts, _CLONE["mnt"])
        os.close(mounts)
        for at, part in _parts(bool(self.shown.templates)).items():
            names = f"nr_inodes={int(part * self.limits.disk * NAMES)}".encode()
            _call("mount", b"tmpfs", at.encode(), None, _MS_REMOUNT | _MS_NOSUID | _MS_NODEV, names)

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.first, signal.SIGKILL)
        self.process.kill()
        self.process.wait()


def prepare(limits: Limits, shown: Shown) -> None:
    """Find out what each sandbox takes, which is milliseconds: a zygote does before it forks."""
    command(limits, shown)
    _account()
    _libc()


def drop_privileges() -> None:
    """From root to an ordinary account; no capability, and no program that would bring one."""
    if os.geteuid() == 0 and not _has_user_namespace():
        user, group = _account()
        accounts.become(user, group)
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def set_undumpable() -> None:
    """No other process of this account may trace this one or read its memory."""
    _call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def install_seccomp_filter() -> None:
    """Have the kernel refuse, from here on and to all children, what no answer needs: to look into other processes or
    bound them, to make namespaces, and to take memory that nobody counts. Older kernels know less; programs get along.
    A larger buffer of a socket is a wish: the call succeeds, and nothing comes of it.

    Written by hand, since no library that is kept serves (looked for on PyPI, 2026-11-30): pyseccomp is from 2021 and
    wants a libseccomp that many machines lack, seccompy is a beta two months old."""
    if os.uname().machine not in _REFUSED:
        return
    machine, clone, prlimit, fcntl, setsockopt, sockets, calls = _REFUSED[os.uname().machine]
    load, equal, at_least, any_bit, end = 0x20, 0x15, 0x35, 0x45, 0x06
    no, not_known, yes = 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS, 0x7FFF0000
    no_family, nothing_done = 0x50000 | errno.EAFNOSUPPORT, 0x50000
    number, its_machine, first_argument, second_argument, third_argument = 0, 4, 16, 24, 32
    program = [(load, 0, 0, its_machine), (equal, 1, 0, machine), (end, 0, 0, no), (load, 0, 0, number),
               (at_least, 0, 1, 0x40000000), (end, 0, 0, not_known)]  # another way to call, with numbers of its own
    for call in calls:
        program += [(equal, 0, 1, call), (end, 0, 0, not_known)]
    for call in sockets:
        left = len(_SOCKET_FAMILIES)
        program += [
            (equal, 0, left + 3, call),
            (load, 0, 0, first_argument),
            *((equal, left - n, 0, family) for n, family in enumerate(_SOCKET_FAMILIES)),
            (end, 0, 0, no_family),
            (load, 0, 0, number),
        ]
    program += [
        (equal, 0, 7, setsockopt),
        (load, 0, 0, second_argument),
        (equal, 0, 4, _SOL_SOCKET),
        (load, 0, 0, third_argument),
        (equal, 1, 0, _BUFFERS[0]),
        (equal, 0, 1, _BUFFERS[1]),
        (end, 0, 0, nothing_done),
        (load, 0, 0, number),
        (equal, 0, 4, fcntl),
        (load, 0, 0, second_argument),
        (equal, 0, 1, _SET_SIGNAL),
        (end, 0, 0, no),
        (load, 0, 0, number),
        (equal, 0, 4, clone),
        (load, 0, 0, first_argument),
        (any_bit, 0, 1, _CLONE["user"]),
        (end, 0, 0, no),
        (load, 0, 0, number),
        (equal, 0, 3, prlimit),
        (load, 0, 0, first_argument),
        (equal, 1, 0, 0),
        (end, 0, 0, no),  # another process's limits
        (end, 0, 0, yes),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    held = ctypes.create_string_buffer(code, len(code))
    _call(
        "prctl",
        _PR_SET_SECCOMP,
        _SECCOMP_MODE_FILTER,
        struct.pack("HxxxxxxP", len(program), ctypes.addressof(held)),
        0,
        0,
    )


def set_dumpable() -> None:
    """An ordinary process again after joining, which may look at itself in /proc."""
    _call("prctl", _PR_SET_DUMPABLE, 1, 0, 0, 0)


def set_rlimits(limits: Limits) -> None:
    """Limits of this process and its children, each of them."""
    for what, most in (
        (resource.RLIMIT_AS, 2 * limits.memory * MEGABYTE),
        (resource.RLIMIT_FSIZE, limits.file * MEGABYTE),
        (resource.RLIMIT_NPROC, SPARE * limits.processes),
        (resource.RLIMIT_NOFILE, 512),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows some of them by name only
            resource.setrlimit(what, (most, most))


@cache
def refusal() -> str:
    """Why this machine has no sandbox, in one line; empty where it has one."""
    if sys.platform != "linux":
        return "this platform has no namespaces"
    if not shutil.which("bwrap"):
        return "the program bwrap is missing (on Debian and Ubuntu: apt install bubblewrap)"
    for _ in range(MAX_ATTEMPTS):
        done = subprocess.run(
            [*command(Limits()), "/bin/sh", "-c", "exit 0"], capture_output=True, text=True, env={}, timeout=20
        )
        if done.returncode == 0 or done.stderr.strip():
            break
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["bubblewrap failed"])[-1]


def _has_user_namespace() -> bool:
    """Root makes the other namespaces without one, and becomes an ordinary account inside."""
    return _real_user() != 0


@cache
def _real_user() -> int:
    return os.geteuid()  # asked before any namespace is joined


def _account() -> tuple[int, int]:
    """User and group of all that runs inside: ours, or, when we are root, those that servers run under, too."""
    account = accounts.server_user() if not _has_user_namespace() else {}
    return (account["user"], account["group"]) if account else (os.geteuid(), os.getegid())


def _kinds() -> list[str]:
    return [name for name in _CLONE if name != "user" or _has_user_namespace()]


def python_path() -> list[str]:
    """Where Python and the course are, on this machine and inside."""
    places = [sys.prefix, sys.base_prefix, *(str(COURSE / room) for room in ROOMS)]
    return [place for place in dict.fromkeys(places) if not _system(place)]


@cache
def command(limits: Limits, shown: Shown = Shown()) -> tuple[str, ...]:
    """bubblewrap and what it is told."""
    return (*_bubblewrap(), *_view(limits, shown))


def _bubblewrap() -> list[str]:
    unshared = [f"--unshare-{kind}" for kind in _kinds() if kind != "mnt"]
    return [
        shutil.which("bwrap") or "bwrap",
        *unshared,
        "--hostname",
        "lab",
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--clearenv",
    ]


def _view(limits: Limits, needed: Shown) -> list[str]:
    """The mounts: programs read only, one bounded disk in memory, and nothing else that can be written."""
    places = [*python_path(), *(str(mount) for mount in needed.mounts if not _system(str(mount)))]
    shown = _open_parents(["/etc/passwd", *(place for place in places if not _on_disk(place))])
    for place in SYSTEM:
        if os.path.islink(place):
            shown += ["--symlink", os.readlink(place), place]
        elif os.path.exists(place):
            shown += ["--ro-bind", place, place]
    shown += ["--proc", "/proc", "--dev", "/dev", *_disks(limits, bool(needed.templates)),
              *(word for name in FOLDERS for word in ("--dir", f"{PLACE}/{name}"))]
    shown += _open_parents([place for place in places if _on_disk(place)])
    for place in places:  # after the disk, since a course may lie in a temporary folder
        shown += ["--ro-bind", place, place]
    # Right answers: an empty folder, closed to all, hides each, and a device that cannot be opened a file.
    for at in proofs():
        shown += (
            ["--perms", "0000", "--tmpfs", str(at), "--remount-ro", str(at)]
            if at.is_dir()
            else ["--ro-bind", os.devnull, str(at)]
        )
    for template in needed.templates:
        shown += ["--ro-bind", str(template), f"{PLACE}/templates/{template.name}"]
    return [*shown, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", DISK]


def _disks(limits: Limits, templates: bool) -> list[str]:
    """The mounts that share one bound: each in memory, and a part of it.
    What is a mount of its own cannot be moved away, for something else in its place."""
    return [word for at, part in _parts(templates).items()
            for word in ("--perms", "1777", "--size", str(int(part * limits.disk * MEGABYTE)), "--tmpfs", at)]


def _parts(templates: bool) -> dict[str, float]:
    """Which part of the disk each mount has; where there are no templates, theirs goes to the submission's place."""
    parts = {at: part for at, part in PARTS.items() if templates or at != TEMPLATES}
    return parts | {PLACE: 1 - sum(part for at, part in parts.items() if at != PLACE)}


def _open_parents(places: list[str]) -> list[str]:
    """The folders above, open to all accounts: root's bubblewrap would keep those it makes to itself."""
    found = dict.fromkeys(str(parent) for place in places for parent in reversed(Path(place).parents))
    return [
        word for place in found if not _system(place) and place != DISK for word in ("--perms", "0755", "--dir", place)
    ]


def _on_disk(place: str) -> bool:
    return Path(place).is_relative_to(DISK)


def _system(place: str) -> bool:
    return place == "/" or any(Path(place).is_relative_to(at) for at in SYSTEM)


def _call(name: str, *arguments) -> None:
    if getattr(_libc(), name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise LabsError(f"no sandbox: {name}: {errno.errorcode.get(number, number)}")


@cache
def _libc():
    return ctypes.CDLL(None, use_errno=True)


def processes() -> list[int]:
    """The process ids inside, seen from a process that has joined: those of its own /proc."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def lives() -> bool:
    """Whether the sandbox that this process has joined is not about to end:
    its process 1, which ends all others, lives."""
    try:
        words = Path("/proc/1/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return words[0] not in "ZX" and not int(words[6]) & _EXITING


@contextlib.contextmanager
def others_stopped() -> Iterator[None]:
    """For the examiner: in the meantime no process runs inside but this one, and what it starts. Raises LabsError where
    they cannot be stopped: they fork faster."""
    kept = {1, 2, os.getpid()}
    try:
        deadline, before = time.monotonic() + STOPPED, None
        while (running := _running(kept)) or before != set(processes()):
            if time.monotonic() > deadline:
                raise LabsError("the processes of this notebook cannot be stopped")
            before = set(processes())
            _signal(running, signal.SIGSTOP)
        yield
    finally:
        _signal(set(processes()) - kept, signal.SIGCONT)


def _running(kept: set[int]) -> set[int]:
    """Those that have a thread which runs or could: who was stopped while the kernel works for it runs no more."""
    found = set()
    for pid in set(processes()) - kept:
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                if Path(f"/proc/{pid}/task/{task}/stat").read_text().rpartition(")")[2].split()[0] not in "TtDZX":
                    found.add(pid)
    return found


def is_alive(pid: int) -> bool:
    """Whether a process still is more than an entry for its parent to read: its threads may end after its first one,
    and have its files until then."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1
    except psutil.NoSuchProcess:
        return False


def runnable() -> int:
    """How many threads inside want a processor."""
    states = 0
    for pid in processes():
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                states += Path(f"/proc/{pid}/task/{task}/stat").read_text().rpartition(")")[2].split()[0] == "R"
    return states


def _signal(pids: set[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def use(pids: list[int]) -> tuple[int, int]:
    """Bytes that these processes hold for themselves, and how many threads they have."""
    total = threads = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/statm").read_bytes().split()
            total += (int(words[1]) - int(words[2])) * resource.getpagesize()
            threads += os.stat(f"/proc/{pid}/task").st_nlink - 2  # one for each; to read `stat` takes ten times as long
    return total, threads


def segments_and_files(pids: list[int]) -> int:
    """Bytes that no process holds for itself: System V segments of this sandbox, and, where the kernel was not told to
    refuse them, files in memory without a name."""
    total, seen = sum(int(row[14]) for row in _segments()), set()
    for pid in pids if os.uname().machine not in _REFUSED else ():
        with contextlib.suppress(OSError):
            for handle in os.scandir(f"/proc/{pid}/fd"):
                with contextlib.suppress(OSError):
                    if os.readlink(handle.path).startswith("/memfd:"):
                        found = os.stat(handle.path)
                        if found.st_ino not in seen:
                            seen.add(found.st_ino)
                            total += found.st_blocks * 512
    return total


def drop_shared_memory() -> None:
    """Give back the System V segments of this sandbox, which outlive who made them."""
    for row in _segments():
        _libc().shmctl(int(row[1]), _IPC_RMID, None)


def _segments() -> list[list[str]]:
    return [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]


def memory_is_scarce() -> bool:
    """Whether this machine is about to run out of memory, no matter what took it."""
    return psutil.virtual_memory().available < SCARCE * MEGABYTE


def processors() -> list[int]:
    """Those on which this process may run; empty where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
