"""Why something did not start, told from what it,
or the operating system, said: the cause, and the remedy that fits it."""

import contextlib
import errno
import os
import re
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from environments.errors import LabsError
from environments.place import place

RETRY_HINT = "then run this again."
FULL = "the disk of {place} is full.", "Make room there{elsewhere}; " + RETRY_HINT
QUOTA = "your disk quota for {place} is used up.", "Delete what you no longer need{elsewhere}; " + RETRY_HINT
READ_ONLY = "{place} is on a read-only file system.", "Make it writable{elsewhere}; " + RETRY_HINT
NOT_YOURS = ("no permission for {place}. Was it made by root or another user?",
             "Give it back with: sudo chown -R $USER {quoted}{elsewhere}; " + RETRY_HINT)
TOO_LONG = "the path {place} is too long.", "Move the course to a folder with a shorter path{elsewhere}; " + RETRY_HINT
NO_LOCKS = (
    "the disk of {place} has no locks, as some network disks have none.",
    "Use a local disk{elsewhere}; " + RETRY_HINT,
)
MEMORY = ("this machine has no memory left.", "Close something large (`labs doctor` shows what is free); " + RETRY_HINT)
KILLED = ("it was killed, most likely because this machine has no memory left.", MEMORY[1])
PROCESSES = "this machine allows no more processes.", "Close something; " + RETRY_HINT
TOO_MANY_FILES = "too many files are open.", "Close something, or type `ulimit -n 4096` in this terminal; " + RETRY_HINT
PROGRAMS_GONE = "PostgreSQL's programs are missing.", "Run: make setup"
OTHER_PROCESSOR = (
    "PostgreSQL's programs were made for another kind of processor.",
    "Remove the folder .venv, then run: make setup",
)
NOT_ALLOWED = (
    "this machine does not let PostgreSQL's programs run.",
    "Move the course to a disk that is not mounted noexec, into a folder that your account may enter; "
    "then run: make setup",
)
SHARED_MEMORY = ("the shared memory of this machine (/dev/shm) is full.",
                 "Close what uses it, or start the container with --shm-size=256m; " + RETRY_HINT)
SEGMENTS = (
    "this machine has no shared memory segments or semaphores left.",
    "Stop other PostgreSQL servers, such as those of another copy of the course (`labs down` there); " + RETRY_HINT,
)

BY_NUMBER = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: QUOTA,
    errno.EROFS: READ_ONLY,
    errno.EACCES: NOT_YOURS,
    errno.EPERM: NOT_YOURS,
    errno.ENAMETOOLONG: TOO_LONG,
    errno.ENOLCK: NO_LOCKS,
    errno.ENOMEM: MEMORY,
    errno.EAGAIN: PROCESSES,
    errno.EMFILE: TOO_MANY_FILES,
    errno.ENFILE: TOO_MANY_FILES,
}
BY_SIGNAL: dict[int, tuple[str, str]] = {
    signal.SIGKILL: KILLED,
    signal.SIGILL: OTHER_PROCESSOR,
    signal.SIGBUS: SHARED_MEMORY,
}

# What the machine lacks, by words of PostgreSQL, Python, a shell or the dynamic linker. The first that matches is it:
# a full /dev/shm has the words of a full disk, too.
MACHINE = (
    (r"shared memory segment \"[^\n]*: No space left on device|terminated by signal 7\b", SHARED_MEMORY),
    (r"could not create (semaphores|shared memory segment): ", SEGMENTS),
    (r"No space left on device|wrote only \d+ of \d+ bytes|Check free disk space", FULL),
    (r"Disk quota exceeded", QUOTA),
    (r"Read-only file system", READ_ONLY),
    (r"File name too long", TOO_LONG),
    (r"failed to map segment from shared object", NOT_ALLOWED),
    (
        r"version [`'](\w+?_[\d.]+)' not found",
        (
            "this Linux is too old for PostgreSQL's programs: it has no {1}.",
            "Use a newer Linux, Binder or a Codespace (README).",
        ),
    ),
    (
        r"(?:error while loading shared libraries: |Library not loaded: )([^\s:]+)",
        (
            "PostgreSQL's programs cannot load the library {1}.",
            "Run: make setup. Where that does not help, install the library with your system's package manager.",
        ),
    ),
    (r"Exec format error|Bad CPU type|cannot execute binary file|terminated by signal 4\b", OTHER_PROCESSOR),
    (r"/bin/(?:postgres|initdb|pg_\w+): (?:not found|No such file)", PROGRAMS_GONE),
    (r"/bin/(?:postgres|initdb|pg_\w+): (?:Permission denied|Operation not permitted)", NOT_ALLOWED),
    (
        r"could not (?:create|access|open|change permissions of) [a-z ]+ \"(?P<path>/[^\"\n]+)\": Permission denied",
        NOT_YOURS,
    ),
    (r"cannot create (?P<path>/[^\n]+): Permission denied", NOT_YOURS),
    (r"Permission denied: '(?P<path>/[^'\n]+)'", NOT_YOURS),
    (
        r"could not bind [^\n]*: Address already in use",
        ("another program took its port.", "Run this again: it chooses another port."),
    ),
    (r"terminated by signal 9\b", KILLED),
    (r"could not fork [^\n]*: Resource temporarily unavailable", PROCESSES),
    (r"Too many open files", TOO_MANY_FILES),
    (r"Cannot allocate memory|out of memory|MemoryError", MEMORY),
)
# What is wrong with a server's data; `labs reset`, or building the standby again, helps only here.
OTHER_VERSION = r"initialized by PostgreSQL version (\S+), which is not compatible with this version (\S+)\."
DAMAGE = re.compile(
    r"database files are incompatible|locale is incompatible|could not find the database system|"
    r"not a valid data directory|could not access the server configuration file|checkpoint record|could not find redo|"
    r"could not access status of transaction|required WAL directory|incorrect checksum in control file|"
    r"invalid data in file|requested timeline|WAL was generated with|"
    r"could not open file \"[^\n]*: No such file|could not read (?:file|block)|invalid page|PANIC: "
)


class Damaged(LabsError):
    """A server cannot start with the data it has: they are damaged, or another version's."""


class Setting(NamedTuple):
    """A line of a server's configuration."""

    file: str
    number: int
    name: str
    value: str


def of_system(e: OSError) -> LabsError | None:
    """What the operating system refused, where a person can help it; None for what only a programmer can."""
    if "No usable temporary directory" in str(e):  # tempfile's own words, under the number of a missing file
        return LabsError(
            "no folder for temporary files can be written: it is full, or not yours.",
            f"Make room in {os.environ.get('TMPDIR') or '/tmp'}, or set TMPDIR to a folder you can write; {RETRY_HINT}",
        )
    if e.errno == errno.ENOSPC and not e.filename and not _is_full(place()):  # such as where the output goes
        return LabsError("a disk is full.", f"`df -h` shows which. Make room there; {RETRY_HINT}")
    cause = BY_NUMBER.get(e.errno or 0)
    path = os.fsdecode(e.filename) if isinstance(e.filename, (str, bytes)) else str(e.filename or "")
    where = path if e.errno == errno.ENAMETOOLONG else os.path.dirname(path)
    return LabsError(*_filled(cause, where or str(place()), within=path or str(place()))) if cause else None


def of_program(failed: str, e: OSError) -> LabsError:
    """Why one of PostgreSQL's programs cannot be run at all."""
    cause = {
        errno.ENOENT: PROGRAMS_GONE,
        errno.ENOEXEC: OTHER_PROCESSOR,
        errno.EACCES: NOT_ALLOWED,
        errno.EPERM: NOT_ALLOWED,
        86: OTHER_PROCESSOR,
    }.get(e.errno or 0)  # 86 is macOS' EBADARCH
    ours = e.filename and re.fullmatch(r"postgres|initdb|pg_\w+|psql|sh", Path(os.fsdecode(e.filename)).name)
    known = LabsError(*cause) if cause and ours else of_system(e) or LabsError(str(e), "Run: make setup")
    return LabsError(f"{failed}: {known.what}", known.next)


@contextlib.contextmanager
def named() -> Iterator[None]:
    """In a notebook, too, what the operating system refuses is two lines."""
    try:
        yield
    except LabsError:
        raise
    except OSError as e:
        known = of_system(e)
        if not known:
            raise
        raise known from None


def of_machine(failed: str, said: str, folder: Path, status: int = 0) -> LabsError | None:
    """What this machine lacks, by what a program said that works in `folder`,
    and its exit status; None where that is not it."""
    cause = BY_SIGNAL.get(-status)
    words: tuple[str, ...] = ()
    where = str(folder)
    for pattern, known in MACHINE:
        if match := re.search(pattern, said):
            cause, words, where = known, match.groups(), match.groupdict().get("path") or str(folder)
            break
    if not cause and _is_full(folder):
        cause = FULL
    if not cause:
        return None
    what, next = _filled(cause, str(where), *words)
    return LabsError(f"{failed}: {what}", next)


def of_server(failed: str, said: str, data: Path) -> LabsError | None:
    """Why a server did not start with this data directory, by what its log said."""
    setting = _of_setting(said, data)
    if setting:
        return LabsError(f"{failed}: {setting[0]}", setting[1])
    machine = of_machine(failed, said, data.parent)
    if machine:
        return machine
    version = re.search(OTHER_VERSION, said)
    if version:
        return Damaged(f"{failed}: its data was made by PostgreSQL {version[1]}, and this is {version[2]}.", "")
    if "has invalid permissions" in said:
        return LabsError(
            f"{failed}: other accounts may enter {data}.", f"Run: chmod 700 {shlex.quote(str(data))}; {RETRY_HINT}"
        )
    if DAMAGE.search(said):
        return Damaged(f"{failed}: its data is damaged ({reason(said)}).", "")
    return None


def reason(said: str) -> str:
    """The first line of a log that says why its program gave up, else the last line."""
    lines = [re.sub(r"^[\d-]+ [\d:.]+ \w+ \[\d+\] ", "", line) for line in said.strip().splitlines()] or [""]
    fatal = next((line for line in lines if line.startswith(("FATAL:", "PANIC:"))), None)
    return re.sub(r"^\w+:\s+", "", fatal or next((line for line in lines if line.startswith("postgres: ")), lines[-1]))


def _of_setting(said: str, data: Path) -> tuple[str, str] | None:
    """The line of the configuration that a server stumbled over, and how to get past it."""
    lower = re.search(r"(\w+) = \S+ is a lower setting than on the primary server, where its value was (\S+)\.", said)
    if lower:
        return (f"{lower[1]} is lower than on its primary.",
                f"Write `{lower[1]} = {lower[2]}` at the end of {data}/postgresql.auto.conf; {RETRY_HINT}")
    line = _named_line(said) or _blamed_line(said, data)
    if not line:
        return None
    file, number, why = line
    text = _line(Path(file), number)
    return f"{Path(file).name}, line {number} is wrong: {text}" + (
        f" ({why})" if why else ""
    ), f"Correct or remove that line in {file}; {RETRY_HINT}"


def _named_line(said: str) -> tuple[str, int, str] | None:
    """File, number and complaint where PostgreSQL names the line itself."""
    inside = re.search(r"\w+:\s+(\S[^\n]*?) in file \"([^\"\n]+)\" line (\d+)", said)
    if inside:
        return inside[2], int(inside[3]), inside[1]
    above = re.search(r"\w+:\s+(\S[^\n]*)\n[^\n]*CONTEXT:\s+line (\d+) of configuration file \"([^\"\n]+)\"", said)
    return (above[3], int(above[2]), above[1]) if above else None


def _blamed_line(said: str, data: Path) -> tuple[str, int, str] | None:
    """The same where it names only the setting, or its value.
    A shortage of memory is a setting's fault only if that asks for more than a gigabyte."""
    asked = re.search(r"request size \(currently (\d+) bytes\)", said)
    if any(re.search(pattern, said) for pattern, _ in MACHINE) and not (asked and int(asked[1]) > 2**30):
        return None
    first = re.search(
        r"(?:LOG|FATAL):\s+([^\n]*)\n[^\n]*configuration file \"[^\"\n]+\" contains errors"
        r"|FATAL:\s+([^\n]*)|^postgres: ([^\n]*)",
        re.sub(r"\n[^\n]*HINT:[^\n]*", "", said) if not asked else said,
        re.MULTILINE,
    )
    if not first:
        return None
    why = next(filter(None, first.groups()))
    quoted = re.findall(r"\"([^\"\n]+)\"", said if asked or why.startswith("could not create any") else why)
    names = {word.lower() for word in (*quoted, *re.findall(r"\w+", why))}
    for setting in reversed(_settings(data)):
        if setting.name.lower() in names or (
            len(setting.value) > 2 and any(_is_of(setting.value, word) for word in quoted)
        ):
            return setting.file, setting.number, "it asks for more memory than there is" if asked else why
    return None


def _is_of(value: str, word: str) -> bool:
    """Whether a quoted word is a setting's value, or the path of the file, or in the folder, that it names."""
    return word == value or word.endswith(f"/{value}") or (value.startswith("/") and word.startswith(value))


def _settings(data: Path) -> list[Setting]:
    """Every line that sets something, in the order in which later ones win."""
    found = []
    for file in (data / "postgresql.conf", data / "postgresql.auto.conf"):
        with contextlib.suppress(OSError):
            for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if match := re.match(r"\s*([\w.]+)\s*(?:=|\s)\s*'?([^'#]*)", line):
                    found.append(Setting(str(file), number, match[1], match[2].strip()))
    return found


def _line(file: Path, number: int) -> str:
    """The text of a line, without what may be a password."""
    with contextlib.suppress(OSError, IndexError):
        text = file.read_text(encoding="utf-8", errors="replace").splitlines()[number - 1].strip()
        return repr(text)[1:-1] if "password" not in text else "(it holds a password)"
    return "(it is gone)"


def _filled(cause: tuple[str, str], where: str, *words: str, within: str = "") -> tuple[str, str]:
    """The texts of a cause with their gaps filled; another place is offered only for what the workspace keeps."""
    elsewhere = ", or set LABS_HOME to a folder on another disk" if _is_kept(within or where) else ""
    shown = where if len(where) < 200 else f"{where[:60]} ... ({len(where)} characters)"
    gaps = {"place": shown, "quoted": shlex.quote(where), "elsewhere": elsewhere}
    what, remedy = (text.format("", *words, **gaps) for text in cause)
    return what, remedy


def _is_kept(path: str) -> bool:
    """Whether this lies in the workspace."""
    return Path(path).absolute().is_relative_to(place())


def _is_full(folder: Path) -> bool:
    """Whether not even a page of PostgreSQL's fits there: a program that was cut off cannot always say why."""
    with contextlib.suppress(OSError, AttributeError):
        disk = os.statvfs(folder)
        return disk.f_bavail * disk.f_frsize < 2**20
    return False
