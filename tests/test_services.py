"""The services of a workspace keep working: killed, cut off, started twice, moved, read-only, fifty times over.

The workspaces lie in folders with spaces and letters beyond ASCII, so every test is one of that, too.
"""

import contextlib
import json
import os
import random
import re
import shlex
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest
from filelock import FileLock, Timeout

from datasets.world import World
from environments import services, teaspoon, templates
from environments.course import lab
from environments.embedded import end_processes, home, processes_in, reachable, server_user
from environments.errors import LabsError
from environments.place import COURSE
from environments.postgres import REPLICATOR, SETTINGS, SLOT, prepare
from environments.teaspoon import Postgres
from environments.waiting import wait_until
from environments.workspace import Workspace, is_free
from tests.waits import HANG

HOUSEHOLDS = 40
COMMAND = (f"import environments.teaspoon as t; t.HOUSEHOLDS = {HOUSEHOLDS}; "
           "from autograders.cli import main; main(prog_name='labs')")
ATTACH = (f"import environments.teaspoon as t; t.HOUSEHOLDS = {HOUSEHOLDS}; "
          "print(t.postgres()[0].value('select count(*) from households'))")
STUCK = (
    "import datasets.load, os, pathlib, signal\n"
    "datasets.load.load = lambda *_: (pathlib.Path(os.environ['LABS_HOME'], 'loading').touch(), signal.pause())\n"
    + COMMAND
)
pytestmark = pytest.mark.slow  # each test stops and starts servers
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture(scope="module", autouse=True)
def clean_environment():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(teaspoon, "HOUSEHOLDS", HOUSEHOLDS)
        for name in ("LABS_SEED", "LABS_POSTGRES"):
            patch.delenv(name, raising=False)
        yield patch


@pytest.fixture(scope="module")
def shared(reachable_tmp, clean_environment):
    """A workspace with a small Teaspoon and its standby, which the tests of this file break and fix."""
    production = Postgres(Workspace(reachable_tmp / "Żółć i spółka" / "ü"))
    production.up()
    build_standby(production)
    for server in (production.primary, production.standby):  # no power is cut here, and nobody waits five seconds
        server.configure(fsync="off", wal_retrieve_retry_interval="100ms")
    production.standby.catch_up(within=HANG)
    yield production
    production.down()


def build_standby(production: Postgres) -> None:
    """What the student does in lab 3."""
    secret = production.workspace.secret("replicator")
    prepare(production.primary, secret)
    production.standby.run(
        "pg_basebackup",
        f"--dbname={production.primary.conninfo(REPLICATOR)}",
        "--checkpoint=fast",
        f"--pgdata={production.standby.data}",
        f"--slot={SLOT}",
        "--write-recovery-conf",
        password=secret,
    )
    production.standby.start()


@pytest.fixture
def production(shared, monkeypatch):
    """The services of a workspace, all running; however a test leaves them, `up` fixes it."""
    monkeypatch.setenv("LABS_HOME", str(shared.workspace.root))
    shared.up()
    return shared


@pytest.fixture
def stopped(production):
    """The services of a workspace, all stopped."""
    production.down()
    return production


@pytest.fixture
def root(folder, monkeypatch):
    """Where a workspace of this test's own will be; nothing is in it yet."""
    path = folder / "Żółć i spółka" / "ü"
    monkeypatch.setenv("LABS_HOME", str(path))
    yield path
    if path.exists():
        path.chmod(0o755)  # a test may have closed it
        end_processes(home(path))  # its servers may live elsewhere: as root, with a folder that nobody else may enter
        shutil.rmtree(home(path))


@pytest.fixture
def spare(stopped, root):
    """A copy of the stopped workspace, to be spoilt."""
    root.parent.mkdir(parents=True)
    subprocess.run(["cp", "-a", stopped.workspace.root, root], check=True)
    for port in root.glob("postgres/*/port"):
        port.unlink()
    return Postgres(Workspace(root))


def command(*arguments, code=COMMAND) -> list:
    return [sys.executable, "-c", code, *arguments]


def labs(*arguments, code=COMMAND, before=(), **options) -> subprocess.CompletedProcess:
    """The labs command as a person runs it, in a process of its own, on a small world."""
    return subprocess.run([*before, *command(*arguments, code=code)], cwd="/", capture_output=True,
                          text=True, timeout=HANG, **options)


def states(workspace: Workspace) -> list[str]:
    return [status.state for status in Postgres(workspace).status()]


def postmaster(server) -> psutil.Process:
    return psutil.Process(int(Path(server.data, "postmaster.pid").read_text().split()[0]))


def kill_alone(server) -> None:
    process = postmaster(server)
    process.kill()
    process.wait(HANG)


def kill_family(server) -> None:
    server.runtime.kill()


@contextlib.contextmanager
def holding(port: int):
    """Someone else listens on this port."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


def streaming(production: Postgres) -> None:
    """Raises unless what the primary commits arrives at the standby."""
    production.primary.execute("create table if not exists arrives ()")
    production.standby.catch_up(within=HANG)


# Together

def test_two_kernels_attach_to_one_workspace_at_once(stopped):
    with ThreadPoolExecutor() as pool:
        kernels = [pool.submit(labs, code=ATTACH) for _ in range(2)]
    assert [(k.result().stdout, k.result().stderr) for k in kernels] == [(f"{HOUSEHOLDS}\n", "")] * 2


def test_two_commands_may_make_the_world_at_once(root):
    with ThreadPoolExecutor() as pool:
        commands = [pool.submit(labs, "up", "03") for _ in range(2)]
    assert sorted(c.result().stdout for c in commands) == [
        f"Teaspoon's production database made: {HOUSEHOLDS} households\n", "everything was running already\n"]


def test_down_in_the_middle_of_up_waits_its_turn(root):
    with subprocess.Popen(command("up", "03"), stdout=subprocess.DEVNULL) as going_up:
        wait_until(lambda: list(processes_in(root)), HANG, "labs up to start something")
        down = labs("down")
        left = list(processes_in(root))
    again = labs("up", "03")
    assert (going_up.returncode, down.stdout, left, again.stdout) == (0, "primary stopped\n", [], "primary started\n")


def test_reset_in_the_middle_of_up_waits_its_turn_and_up_after_it_makes_a_new_world(root):
    with subprocess.Popen(command("up", "03"), stdout=subprocess.DEVNULL) as going_up:
        wait_until(lambda: list(processes_in(root)), HANG, "labs up to start something")
        with subprocess.Popen(command("reset", "--yes"), stdout=subprocess.DEVNULL) as resetting:
            after = labs("up", "03")
    assert (going_up.returncode, resetting.returncode, after.stderr, labs(code=ATTACH).stdout) == (
        0,
        0,
        "",
        f"{HOUSEHOLDS}\n",
    )


# Killed

@pytest.mark.parametrize(("name", "kill"), [("primary", kill_family), ("standby", kill_alone), *(
    pytest.param(*both, marks=pytest.mark.exhaustive) for both in (("primary", kill_alone), ("standby", kill_family)))])
def test_a_killed_server_is_noticed_named_and_mended_with_nothing_committed_lost(production, name, kill):
    server = getattr(production, name)
    production.primary.execute("drop table if exists kept")
    production.primary.execute("create table kept as select 42 as answer")
    production.standby.catch_up(within=HANG)
    kill(server)
    status = {s.service: s.state for s in services.status(production.workspace)}[name]
    with pytest.raises(LabsError) as said:
        server.rows("select 1")
    lines = production.up()
    assert (status, str(said.value), lines, server.value("select answer from kept")) == (
        "killed", f"{name} was killed.\nType in a terminal: labs up 03; or run {name}.start() here.",
        [f"{name} had been killed: started again, nothing committed was lost"], 42)


def test_a_standby_streams_again_after_both_were_killed(production):
    kill_family(production.primary)
    kill_family(production.standby)
    production.up()
    streaming(production)


def test_a_stopped_server_is_named_in_a_notebook(stopped):
    with pytest.raises(
        LabsError, match="^primary is stopped.\nType in a terminal: labs up 03; or run primary.start\\(\\) here.$"
    ):
        stopped.primary.rows("select 1")


def test_a_standby_not_yet_built_is_named_in_a_notebook(folder):
    with pytest.raises(LabsError, match="^standby has not been built yet: its data directory is empty.$"):
        Postgres(Workspace(folder)).standby.rows("select 1")


@pytest.mark.parametrize("whose", ["another program", "another server", "nobody"])
def test_a_pid_file_left_by_a_power_cut_does_no_harm_whoever_has_its_number_now(production, whose):
    file = Path(production.primary.data, "postmaster.pid")
    numbers = {
        "another program": os.getpid(),
        "another server": postmaster(production.standby).pid,
        "nobody": 2**22 + 1,
    }
    old = file.read_text().splitlines()
    kill_family(production.primary)
    file.write_text("\n".join([str(numbers[whose]), *old[1:]]))
    before = states(production.workspace)
    production.up()
    assert (before, states(production.workspace)) == (["killed", "running"], ["running", "running"])


@pytest.mark.parametrize(
    "moment",
    [
        "initdb",
        "database",
        *(
            pytest.param(moment, marks=pytest.mark.exhaustive)
            for moment in ("postgres", "postmaster.pid", "random", "random", "random")
        ),
    ],
)
def test_up_killed_while_it_makes_the_world_is_made_good_by_the_next(root, moment):
    facts = {
        "initdb": lambda: any(p.name() == "initdb" for p in processes_in(root)),
        "postgres": lambda: any(p.name() == "postgres" for p in processes_in(root)),
        "postmaster.pid": (root / "postgres/primary/data/postmaster.pid").exists,
        "database": lambda: (root / "postgres/primary/port").exists() and Postgres(Workspace(root)).primary.running(),
    }
    with subprocess.Popen(command("up", "03"), stdout=subprocess.DEVNULL) as going_up:
        if moment in facts:
            wait_until(lambda: facts[moment]() or going_up.poll() is not None, HANG, f"labs up to come to {moment}")
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                going_up.wait(random.uniform(0.3, 3))
        going_up.kill()
    again = labs("up", "03")
    assert (again.stderr, labs(code=ATTACH).stdout) == ("", f"{HOUSEHOLDS}\n")


def test_down_after_a_killed_up_leaves_no_process(root):
    with subprocess.Popen(command("up", "03"), stdout=subprocess.DEVNULL) as going_up:
        wait_until(lambda: any(p.name() == "initdb" for p in processes_in(root)), HANG, "initdb to run")
        going_up.kill()
    labs("down")
    assert list(processes_in(root)) == []


def test_up_stopped_with_ctrl_c_says_so_and_the_next_goes_on(root):
    with subprocess.Popen(command("up", "03", code=STUCK), stderr=subprocess.PIPE, text=True) as going_up:
        wait_until((root / "loading").exists, HANG, "labs up to load the world")
        going_up.send_signal(2)
        said = going_up.stderr.read()
    assert (said, going_up.returncode, labs("up", "03").stderr) == ("labs: interrupted\n", 130, "")


def test_a_data_directory_that_vanished_is_made_anew(spare):
    shutil.rmtree(spare.primary.data)
    shutil.rmtree(spare.standby.data)
    assert spare.up() == [f"Teaspoon's production database made: {HOUSEHOLDS} households"]


def test_a_primary_whose_data_is_damaged_is_made_anew_by_a_reset(spare):
    Path(spare.primary.data, "global", "pg_control").unlink()
    said = labs("up", "03")
    assert (said.stderr.splitlines(), said.returncode) == (
        [
            "labs: primary did not start: its data is damaged (could not find the database system).",
            "Type: labs reset. It deletes the services' data, so that the next start makes them again; "
            "your notebooks are kept.",
        ],
        1,
    )


def test_a_primary_that_a_setting_keeps_from_starting_needs_no_reset(spare):
    with open(Path(spare.primary.data, "postgresql.auto.conf"), "a") as conf:
        conf.write("wal_levle = replica\n")
    said = labs("up", "03")
    assert (
        "postgresql.auto.conf, line " in said.stderr,
        ": wal_levle = replica (" in said.stderr,
        "reset" in said.stderr,
        said.returncode,
    ) == (True, True, False, 1)


def test_a_standby_that_cannot_start_leaves_the_primary_running(spare):
    Path(spare.standby.data, "global", "pg_control").unlink()
    lines = spare.up()
    assert (lines, states(spare.workspace)[0]) == (
        ["primary started", "standby did not start: its data is damaged (could not find the database system).\n"
         "Build it again as in lab 3, part 3."], "running")


def test_up_as_json_says_where_the_servers_are_and_nothing_else(production):
    kill_family(production.standby)
    said = labs("up", "03", "--json")
    places = {
        server.name: {
            "state": "running",
            "host": "127.0.0.1",
            "port": server.runtime.port,
            "database": "teaspoon",
            "user": "postgres",
        }
        for server in (production.primary, production.standby)
    }
    assert (json.loads(said.stdout), said.stderr) == (
        places,
        "standby had been killed: started again, nothing committed was lost\n",
    )


def test_status_and_doctor_say_what_to_type_after_a_kill(production):
    kill_alone(production.standby)
    status, doctor = labs("status"), labs("doctor")
    assert (
        re.search(r"(?m)^standby +killed +\S+ +type: labs up 03$", status.stdout) is not None,
        "FIX   services      killed: standby\n      Type: labs up 03\n" in doctor.stdout,
        doctor.returncode,
    ) == (True, True, 1)


def test_a_server_that_dies_under_a_query_is_named_in_a_notebook(production):
    with (
        pytest.raises(LabsError, match="^primary was killed.\nType in a terminal: labs up 03"),
        production.primary.connect() as connection,
    ):
        kill_family(production.primary)
        connection.execute("select 1")


# Ports

def test_a_primary_whose_port_was_taken_gets_another_and_the_standby_follows(stopped):
    taken = stopped.primary.runtime.port
    with holding(taken):
        stopped.up()
        streaming(stopped)
        assert stopped.primary.runtime.port != taken


def test_a_running_standby_follows_a_primary_that_was_killed_and_lost_its_port(production):
    kill_family(production.primary)
    taken = production.primary.runtime.port
    with holding(taken):
        production.up()
        streaming(production)
        secret = production.workspace.secret("replicator")
        assert (production.primary.runtime.port != taken, secret in production.standby.runtime.log(10**6)) == (
            True,
            False,
        )


def test_services_listen_on_loopback_only(production):
    addresses = {c.laddr.ip for p in processes_in(production.home) for c in p.net_connections() if c.status == "LISTEN"}
    assert addresses == {"127.0.0.1"}


# Who runs it

@root_only
def test_as_root_the_servers_run_under_another_account(production):
    assert {p.uids().effective for p in processes_in(production.home)} == {server_user()["user"]}


@root_only
@pytest.mark.parametrize("umask", [0o077, pytest.param(0o027, marks=pytest.mark.exhaustive)])
def test_as_root_a_private_umask_does_no_harm(root, umask):
    assert (labs("up", "03", umask=umask).stderr, labs(code=ATTACH, umask=umask).stdout) == ("", f"{HOUSEHOLDS}\n")


@root_only
def test_as_root_in_a_private_folder_the_data_lives_in_a_shelter_that_reset_removes(root):
    root.mkdir(parents=True)
    root.parent.chmod(0o700)
    labs("up", "03")
    shelter = Postgres(Workspace(root)).home
    there = (shelter.is_relative_to(root), shelter.exists())
    labs("reset", "--yes")
    assert (there, shelter.exists()) == ((False, True), False)


@pytest.fixture(scope="module")
def ordinary() -> list[str]:
    """What to put before a command so that someone who is not root runs it."""
    if os.geteuid() != 0:
        return []
    if not reachable(COURSE):
        pytest.skip("the course lies in a private folder, where no ordinary user can run it")
    nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    if not reachable(Path(sys.executable).resolve()):
        # Python lies in root's private home: let nobody read there, not write.
        nobody += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    with contextlib.suppress(OSError):
        if subprocess.run([*nobody, sys.executable, "-c", "import click"], capture_output=True).returncode == 0:
            return nobody
    pytest.skip("this machine does not let root run a command as nobody (setpriv)")


def test_an_ordinary_user_goes_up_attaches_and_goes_down(root, ordinary):
    root.mkdir(parents=True)
    if ordinary:
        shutil.chown(root, "nobody")
    runs = [labs("up", "03", before=ordinary), labs(code=ATTACH, before=ordinary), labs("down", before=ordinary)]
    assert [(r.stdout, r.stderr) for r in runs] == [
        (f"Teaspoon's production database made: {HOUSEHOLDS} households\n", ""),
        (f"{HOUSEHOLDS}\n", ""),
        ("primary stopped\n", ""),
    ]


@root_only
def test_sudo_in_an_ordinary_users_private_workspace_runs_the_servers_as_that_user(root, ordinary):
    root.mkdir(parents=True)
    shutil.chown(root, "nobody")
    root.chmod(0o700)
    labs("up", "03", before=ordinary)
    labs("down", before=ordinary)
    said = labs("up", "03")
    accounts = {p.username() for p in processes_in(root)}
    assert (said.stdout, accounts, labs(code=ATTACH, before=ordinary).stdout) == (
        "primary started\n",
        {"nobody"},
        f"{HOUSEHOLDS}\n",
    )


@pytest.mark.parametrize(
    "arguments", [["up"], ["status"], ["down"], ["reset", "--yes"], ["start", "--no-browser"]], ids=lambda a: a[0]
)
def test_a_read_only_workspace_is_one_clear_message(root, ordinary, arguments):
    root.mkdir(parents=True)
    root.chmod(0o555)
    said = labs(*arguments, before=ordinary)
    assert (said.stdout, said.stderr, said.returncode) == (
        "", f"labs: cannot write in {root} (Permission denied).\n"
        "Set LABS_HOME to a folder you can write, or give yourself write access to this one.\n", 1)


def test_a_workspace_in_part_another_users_is_one_clear_message(root, ordinary):
    """As after a `sudo labs up`."""
    (root / "secrets").mkdir(parents=True)
    root.chmod(0o777)
    (root / "secrets").chmod(0o000 if os.geteuid() else 0o700)
    said = labs("status", before=ordinary)
    assert (said.stderr.splitlines(), said.returncode) == (
        [
            f"labs: no permission for {root}/secrets. Was it made by root or another user?",
            f"Give it back with: sudo chown -R $USER {shlex.quote(f'{root}/secrets')}, or set LABS_HOME to a folder "
            "on another disk; then run this again.",
        ],
        1,
    )


# What is left behind

def traces(production: Postgres) -> dict:
    """What could pile up: processes, sockets, files outside the databases, shared memory of these servers."""
    root = production.workspace.root
    return {
        "processes": list(processes_in(root)),
        "ports in use": [s.name for s in (production.primary, production.standby) if not is_free(s.runtime.port)],
        "files": sorted(str(p.relative_to(root)) for p in root.rglob("*") if "data" not in p.relative_to(root).parts),
        "locked": is_locked(root / "lock"),
    }


def is_locked(file: Path) -> bool:
    try:
        with FileLock(file, timeout=0):
            return False
    except Timeout:
        return True


def shared_memory() -> set[str]:
    """Every System V segment and POSIX object of a PostgreSQL on this machine; empty where there is no way to look."""
    with contextlib.suppress(OSError):
        lines = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
        return {line.split()[1] for line in lines} | {p.name for p in Path("/dev/shm").glob("PostgreSQL*")}
    return set()


def size_of(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


@pytest.mark.exhaustive
def test_fifty_rounds_leave_nothing_behind(stopped):
    services.down(stopped.workspace)
    before, size = traces(stopped), size_of(stopped.home)
    for _ in range(50):
        services.up([lab("3")], stopped.workspace)
        services.down(stopped.workspace)
    assert (traces(stopped), size_of(stopped.home) - size < 2 * 2**20) == (before, True)


def segments_of(server) -> set[str]:
    """The System V segment a running server holds, as its pid file says."""
    return {Path(server.data, "postmaster.pid").read_text().splitlines()[6].split()[1]}


def test_down_gives_the_shared_memory_back(production):
    held = segments_of(production.primary) | segments_of(production.standby)
    production.down()
    assert held & shared_memory() == set()


def test_down_ends_the_servers_that_a_killed_check_left_behind(production, monkeypatch):
    monkeypatch.setenv("LABS_HOME", str(production.workspace.root))
    check = templates.unprepared()
    primary, _ = check.__enter__()  # and never left, as if its process were killed
    production.down()
    assert not primary.running()


@pytest.mark.slow
def test_down_stops_a_server_that_a_lab_put_beside_the_two_and_reset_erases_it(spare):
    past = spare.primary.beside("past")
    past.runtime.initdb("secret", SETTINGS)
    past.start()
    spare.down()
    running = past.running()
    spare.reset()
    assert (running, past.runtime.exists()) == (False, False)


def test_reset_leaves_nothing(root):
    labs("up", "03")
    said = labs("reset", "--yes")
    assert (said.stdout, root.exists()) == ("done: the next `labs up` starts from nothing\n", False)


def test_the_world_after_a_reset_is_another(root):
    worlds = []
    for _ in range(2):
        labs("up", "03")
        worlds.append((Workspace(root).seed, Workspace(root).secret("postgres")))
        labs("reset", "--yes")
    assert worlds[0] != worlds[1]


def test_labs_seed_decides_the_world(root, monkeypatch):
    monkeypatch.setenv("LABS_SEED", "7")
    production = Postgres(Workspace(root))
    production.up()
    expected = int(World(seed=7, households=HOUSEHOLDS).tables()["orders"]["total_cents"].sum())
    assert production.primary.value("select sum(total_cents) from orders") == expected


# Secrets

def test_password_files_and_logs_are_private(production):
    files = [
        *Path(production.workspace.root, "secrets").iterdir(),
        Path(production.standby.data, "postgresql.auto.conf"),
        *production.home.glob("*/log"),
    ]
    assert {oct(f.stat().st_mode & 0o777) for f in files} == {"0o600"}


def test_no_secret_appears_in_what_the_commands_print_in_process_lists_or_in_logs(production):
    secret = {f.read_text() for f in Path(production.workspace.root, "secrets").iterdir()}
    printed = [labs(*a) for a in (["down"], ["up", "03"], ["status"], ["status", "--json"], ["doctor", "--json"])]
    places = [p.stdout + p.stderr for p in printed]
    places += [" ".join(p.cmdline()) for p in processes_in(production.home)]
    places += [server.runtime.log(10**6) for server in (production.primary, production.standby)]
    assert (len(secret), [s for s in secret if any(s in place for place in places)]) == (2, [])


def test_no_secret_appears_on_the_command_lines_of_the_programs_that_make_a_standby(production, monkeypatch):
    lines = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda line, **options: lines.append(line) or run(line, **options))
    prepare(production.primary, production.workspace.secret("replicator"))
    production.standby.run("pg_basebackup", "--version", password=production.workspace.secret("replicator"))
    assert (len(lines), production.workspace.secret("replicator") in str(lines)) == (1, False)


def test_a_replication_password_is_not_in_the_log_even_when_its_statement_fails(production):
    production.primary.execute("alter role replicator rename to someone")
    try:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), production.primary.connect() as connection:
            production.primary.connect = lambda **_: contextlib.nullcontext(connection)
            connection.execute("set role pg_monitor")
            prepare(production.primary, "do-not-log-me")
    finally:
        del production.primary.connect
        production.primary.execute("alter role someone rename to replicator")
    assert "do-not-log-me" not in production.primary.runtime.log(10**6)


# The user's own settings

@pytest.mark.parametrize(
    "variable",
    [
        "PGHOST=elsewhere", "PGHOSTADDR=10.9.9.9", "PGPORT=1", "PGSERVICE=nope", "PGOPTIONS=-c nonsense=1",
        "PGSSLMODE=verify-full", "PGPASSFILE=/nonexistent", "PGPASSWORD=wrong", "PGUSER=someone",
        "PGTARGETSESSIONATTRS=standby", "PGREQUIREAUTH=gss", "PGCHANNELBINDING=require", "PGCLIENTENCODING=LATIN1",
        "PGDATESTYLE=German", "PGDATA=/nonexistent",
    ],
)
def test_postgres_variables_of_the_user_do_not_lead_us_astray(production, variable, one_kernel):
    assert one_kernel(variable) == str((HOUSEHOLDS, "UTF8", "ISO, MDY"))


@pytest.fixture(scope="module")
def one_kernel(shared):
    """Runs one query as a kernel would that was started with a variable set;
    forked, as imports take most of the time."""
    code = """
import os, sys, warnings
import filelock, psutil, psycopg, environments.workspace, environments.embedded
warnings.simplefilter("ignore")
for variable in sys.stdin:
    if os.fork() == 0:
        name, value = variable.rstrip("\\n").split("=", 1)
        os.environ[name] = value
        try:
            from environments.teaspoon import postgres
            print(postgres()[0].row("select (select count(*) from households), current_setting('client_encoding'),"
                                    "current_setting('datestyle')"), flush=True)
        except BaseException as e:
            print(type(e).__name__, str(e).splitlines(), flush=True)
        os._exit(0)
    os.wait()
"""
    env = os.environ | {"LABS_HOME": str(shared.workspace.root)}
    with subprocess.Popen(
        [sys.executable, "-c", code], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as kernels:

        def ask(variable: str) -> str:
            kernels.stdin.write(variable + "\n")
            kernels.stdin.flush()
            return kernels.stdout.readline().strip()

        yield ask


def test_an_unknown_backend_is_one_line(root, monkeypatch):
    monkeypatch.setenv("LABS_POSTGRES", "nonsense")
    said = labs("up", "03")
    assert (said.stderr, said.returncode) == (
        "labs: LABS_POSTGRES is 'nonsense': set it to embedded or docker, or unset it.\n", 1)


def test_a_seed_that_is_no_number_is_one_line(root, monkeypatch):
    monkeypatch.setenv("LABS_SEED", "seven")
    said = labs("up", "03")
    assert (said.stderr, said.returncode) == (
        "labs: LABS_SEED is 'seven': set it to a whole number of 1 or more, or unset it.\n", 1)
