"""A start that fails names its real cause and the remedy that fits: real causes where this machine can have them,
else the words that PostgreSQL, a shell, the linker or Python has for them."""

import contextlib
import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from environments import embedded
from environments.causes import Damaged, of_machine, of_server, of_system
from environments.embedded import Embedded
from environments.errors import LabsError
from environments.postgres import SETTINGS
from environments.saas import saas
from environments.saas.service import SimulatorService
from environments.teaspoon import Postgres
from environments.workspace import Workspace


@pytest.fixture(scope="module")
def stopped(reachable_tmp) -> Path:
    """The folder of a server that was made and never started."""
    server = Embedded(reachable_tmp / "causes" / "primary")
    server.initdb("secret", SETTINGS)
    return server.root


@pytest.fixture
def server(stopped, folder) -> Embedded:
    """A server of one test's own, to be spoilt: its files are the first one's, but for those that a test writes."""
    shutil.copytree(stopped, folder / "primary", copy_function=os.link)
    for name in ("postgresql.conf", "postgresql.auto.conf", "pg_hba.conf", "PG_VERSION", "global/pg_control"):
        (folder / "primary/data" / name).unlink()
        shutil.copy2(stopped / "data" / name, folder / "primary/data" / name)
    embedded.give_away(folder / "primary")
    return Embedded(folder / "primary")


@pytest.fixture
def tiny(folder):
    """A disk of a size that the test chooses; only root can make one."""
    disk = folder / "disk"
    disk.mkdir()

    def mounted(*options: str) -> Path:
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", ",".join(("mode=755", *options)), "tmpfs", disk], capture_output=True
        )
        if made.returncode:
            pytest.skip("this machine does not let this user mount a small disk")
        return disk

    yield mounted
    embedded.end_processes(disk)
    with contextlib.suppress(OSError):
        subprocess.run(["umount", disk], capture_output=True)


def write(server: Embedded, line: str, file: str = "postgresql.conf") -> None:
    with open(Path(server.data, file), "a") as conf:
        conf.write(line + "\n")


def fill(disk: Path) -> None:
    """Leave not a page."""
    with contextlib.suppress(OSError), open(disk / "rest", "wb", buffering=0) as rest:
        while True:
            rest.write(bytes(4096))


def told(call, *arguments) -> LabsError:
    with pytest.raises(LabsError) as raised:
        call(*arguments)
    return raised.value


# A disk that is full, or takes no writes

@pytest.mark.slow
def test_a_disk_too_small_for_a_new_server_is_named_with_the_way_out(tiny, monkeypatch):
    root = tiny("size=20m") / "workspace"
    monkeypatch.setenv("LABS_HOME", str(root))
    error = told(Postgres(Workspace(root)).up)
    assert (error.what, error.next) == (
        f"initdb on primary failed: the disk of {root}/postgres/primary is full.",
        "Make room there, or set LABS_HOME to a folder on another disk; then run this again.")


@pytest.mark.slow
def test_a_disk_that_fills_while_the_company_is_loaded_is_named(tiny):
    root = tiny("size=44m") / "workspace"
    error = told(Postgres(Workspace(root)).up)
    assert error.what == f"Teaspoon's database could not be made: the disk of {root}/postgres/primary/data is full."


@pytest.mark.slow
def test_a_server_that_cannot_start_on_a_full_disk_says_so(tiny, stopped):
    disk = tiny("size=60m")
    subprocess.run(["cp", "-a", stopped, disk / "primary"], check=True)
    fill(disk)
    error = told(Embedded(disk / "primary").start)
    assert "is full" in error.what and "Make room" in error.next and "labs reset" not in str(error)


def test_a_full_disk_is_named_in_a_notebook_that_attaches_to_the_simulator(tiny, monkeypatch):
    disk = tiny("size=100k")
    monkeypatch.setenv("LABS_HOME", str(disk / "workspace"))
    fill(disk)
    assert "is full" in told(saas).what


# Programs that do not run

@pytest.fixture
def programs(folder, monkeypatch):
    """Programs of the test's own in the place of PostgreSQL's."""
    bin = folder / "bin"
    bin.mkdir()
    monkeypatch.setattr(embedded, "programs", lambda: bin)

    def put(content: bytes, mode: int = 0o755) -> None:
        for name in ("initdb", "postgres"):
            (bin / name).write_bytes(content)
            (bin / name).chmod(mode)

    return put


NO_PROGRAM = {
    "made for another processor": (
        b"\x7fELF\x02\x01\x01",
        0o755,
        "made for another kind of processor",
        "Remove the folder .venv",
    ),
    "on a disk mounted noexec": (b"#!/bin/sh\n", 0o644, "does not let PostgreSQL's programs run", "not mounted noexec"),
    "killed": (
        b"#!/bin/sh\nkill -9 $$\n",
        0o755,
        "it was killed, most likely because this machine has no memory left",
        "labs doctor",
    ),
}


@pytest.mark.parametrize("why", NO_PROGRAM)
def test_an_initdb_that_does_not_run_is_told_from_one_that_fails(programs, folder, why):
    content, mode, what, next = NO_PROGRAM[why]
    programs(content, mode)
    error = told(Embedded(folder / "primary").initdb, "secret", SETTINGS)
    assert what in error.what and next in error.next


@pytest.mark.parametrize("why", list(NO_PROGRAM)[:2])
def test_a_server_whose_program_does_not_run_says_why(programs, server, why):
    content, mode, what, next = NO_PROGRAM[why]
    programs(content, mode)
    error = told(server.start)
    assert what in error.what and next in error.next


def test_programs_that_are_gone_are_set_up_again(programs, server, folder):
    assert [str(told(call)).split(": ", 1)[1] for call in (server.start, lambda: server.run("initdb"))] == [
        "PostgreSQL's programs are missing.\nRun: make setup"] * 2


# A line that somebody wrote into the configuration

LINES = {
    "nonsense": "this is = not valid",
    "a misspelt name": "max_conections = 3",
    "a number out of range": "max_connections = -5",
    "a unit there is not": "shared_buffers = '3 sheep'",
    "a library there is not": "shared_preload_libraries = 'nope'",
    "a locale there is not": "lc_messages = 'xx_XX'",
    "too much memory": "shared_buffers = '900TB'",
    "an address of nobody here": "listen_addresses = '192.0.2.1'",
    "a path too long for a socket": f"unix_socket_directories = '/{'x' * 150}'",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_that_keeps_a_server_from_starting_is_named_with_its_file_and_number(server, line):
    number = len(Path(server.data, "postgresql.conf").read_text().splitlines()) + 1
    write(server, line)
    error = told(server.start)
    assert (
        error.what.startswith(f"primary did not start: postgresql.conf, line {number} is wrong: {line} ("),
        error.next,
    ) == (True, f"Correct or remove that line in {server.data}/postgresql.conf; then run this again."), error


def test_a_setting_made_by_alter_system_is_named_in_its_own_file(server):
    write(server, "max_wal_senders = '-2'", "postgresql.auto.conf")
    assert "postgresql.auto.conf, line 3 is wrong: max_wal_senders = '-2'" in told(server.start).what


def test_a_rule_that_cannot_be_read_is_named(server):
    write(server, "host all all 127.0.0.1/32 scram", "pg_hba.conf")
    assert "pg_hba.conf, line 3 is wrong: host all all 127.0.0.1/32 scram" in told(server.start).what


def test_a_line_with_a_password_is_not_shown(server):
    write(server, "primary_conninfo = 'password=hush", "postgresql.auto.conf")
    assert "hush" not in str(told(server.start))


# Data

SPOILT = {"its control file is gone": lambda data: Path(data, "global/pg_control").unlink(),
          "its log of changes is gone": lambda data: shutil.rmtree(Path(data, "pg_wal")),
          "another version made it": lambda data: Path(data, "PG_VERSION").write_text("17\n")}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_data_that_no_start_can_use_is_told_from_all_else(server, spoil):
    spoil(server.data)
    assert isinstance(told(server.start), Damaged)


def test_data_of_another_version_names_both(server):
    SPOILT["another version made it"](server.data)
    assert "its data was made by PostgreSQL 17, and this is 18." in told(server.start).what


def test_data_that_others_may_enter_is_closed_by_one_command(server):
    Path(server.data).chmod(0o777)
    assert told(server.start).next == f"Run: chmod 700 {server.data}; then run this again."


# Words for what this machine cannot be made to have

@pytest.mark.parametrize(
    "said, what",
    [
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "no memory left"),
        ("LOG:  server process (PID 7) was terminated by signal 9: Killed", "it was killed"),
        ("MemoryError", "no memory left"),
        (
            'FATAL:  could not resize shared memory segment "/PostgreSQL.1" to 1048576 bytes: No space left on device',
            "/dev/shm",
        ),
        ("FATAL:  could not create semaphores: No space left on device", "no shared memory segments or semaphores"),
        ("FATAL:  could not create shared memory segment: Invalid argument", "no shared memory segments or semaphores"),
        ("initdb: error: could not create directory \"/x/data/base\": Disk quota exceeded", "your disk quota"),
        ("initdb: error: could not create directory \"/x/data/base\": Read-only file system", "read-only"),
        ("initdb: error: could not access directory \"/x/data\": Permission denied", "no permission for /x/data"),
        ("PermissionError: [Errno 13] Permission denied: '/x/saas/log'", "no permission for /x/saas/log"),
        ("OSError: [Errno 36] File name too long: '/x'", "is too long"),
        (
            "initdb: error while loading shared libraries: libpq-1.so: cannot open shared object file",
            "cannot load the library libpq-1.so.",
        ),
        ("dyld: Library not loaded: @rpath/libz.dylib", "cannot load the library @rpath/libz.dylib."),
        ("postgres: /lib/libc.so.6: version `GLIBC_2.38' not found", "it has no GLIBC_2.38"),
        (
            "postgres: error while loading: failed to map segment from shared object",
            "does not let PostgreSQL's programs run",
        ),
        ("sh: 1: /c/.venv/bin/postgres: Exec format error", "another kind of processor"),
        ('LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', "another program took its port"),
        ("LOG:  could not fork client backend: Resource temporarily unavailable", "no more processes"),
    ],
)
def test_the_words_of_a_program_give_its_cause_away(folder, said, what):
    error = of_server("it did not start", f"LOG:  starting\n{said}\nLOG:  shut down\n", folder / "data")
    assert what in error.what and error.next and "labs reset" not in error.next


def test_what_a_query_says_of_a_file_is_not_taken_for_the_machines_trouble(folder):
    assert (
        of_machine("psql failed", 'ERROR:  could not open file "/etc/shadow" for reading: Permission denied', folder)
        is None
    )


def test_a_path_that_is_too_long_is_the_one_that_is_named():
    assert of_system(OSError(errno.ENAMETOOLONG, "no", "/x/long")).what == "the path /x/long is too long."


@pytest.mark.parametrize(
    "number",
    [
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EROFS,
        errno.EACCES,
        errno.ENAMETOOLONG,
        errno.ENOLCK,
        errno.ENOMEM,
        errno.EMFILE,
    ],
    ids=errno.errorcode.get,
)
def test_what_the_operating_system_refuses_is_named_with_a_remedy(number):
    error = of_system(OSError(number, os.strerror(number), "/x/y"))
    assert error.what.endswith((".", "?")) and error.next.endswith((".", "again."))


def test_another_disk_is_offered_only_for_what_the_workspace_keeps(folder, monkeypatch):
    monkeypatch.setenv("LABS_HOME", str(folder))
    errors = [of_system(OSError(errno.ENOSPC, "", path)) for path in (f"{folder}/state/seed", "/course/gradebook.db")]
    assert ["LABS_HOME" in error.next for error in errors] == [True, False]


def test_a_simulator_that_was_killed_while_starting_says_so(folder, monkeypatch):
    workspace = Workspace(folder)
    monkeypatch.setattr(SimulatorService, "_launch", lambda self: subprocess.Popen(["sh", "-c", "kill -9 $$"]))
    with workspace.lock():
        assert "it was killed" in told(SimulatorService(workspace).up).what


@pytest.mark.parametrize("text, what, next", [
    ("it broke. Do this.", "it broke.", "Do this."), ("it broke\ndo this", "it broke", "do this"),
    ("it broke at 3.5 s: do this", "it broke at 3.5 s: do this", "")])
def test_an_error_given_as_one_text_knows_what_happened_from_what_to_do(text, what, next):
    error = LabsError(text)
    assert (str(error), error.what, error.next) == (text, what, next)
