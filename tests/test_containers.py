"""PostgreSQL in containers: environments/containers.py and compose.yaml, run against a real engine.

Where a Docker daemon answers, it runs the official image. Where Podman stands in for it, the image is a
stand-in made from the wheel's PostgreSQL (tests/containers): the official image itself was not pulled there.
"""

import json
import os
import socket
import subprocess

import psutil
import psycopg
import pytest

from environments import containers, services
from environments.errors import LabsError
from environments.postgres import DATABASE, REPLICATOR, SLOT, UNPREPARED, Server, prepare
from environments.workspace import Workspace
from tests.containers.engine import container_engine  # noqa: F401  a fixture
from tests.test_solutions import LAB_03, SEED, compare
from tests.waits import HANG

PASSWORD = "a-secret-of-the-test"
needs_engine = [pytest.mark.containers, pytest.mark.slow, pytest.mark.exhaustive]


@pytest.fixture(scope="module")
def engine(container_engine):  # noqa: F811
    """The engine's variables set for the tests of this file."""
    containers._programs.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in container_engine.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def workspaces(engine, tmp_path_factory):
    """Makes workspaces, in folders with a space and an accent, and removes their containers and data at the end."""
    made = []

    def make() -> Workspace:
        made.append(Workspace(tmp_path_factory.mktemp("école de données")))
        return made[-1]

    yield make
    for workspace in made:
        containers.remove(workspace, volumes=True)


@pytest.fixture(scope="module")
def production(workspaces):
    """Teaspoon's unprepared primary and a standby that was never built."""
    return pair(workspaces())


@pytest.fixture(scope="module")
def cluster(workspaces):
    """A primary and a standby streaming from it."""
    primary, standby = pair(workspaces())
    prepare(primary, "replication-secret")
    build(standby)
    return primary, standby


def pair(workspace) -> tuple[Server, Server]:
    primary, standby = containers.containers(workspace)
    primary.initdb(PASSWORD, UNPREPARED)
    server = Server(primary, PASSWORD)
    server.execute(f"create database {DATABASE}", database="postgres")
    return server, Server(standby, PASSWORD, source=server)


def build(standby: Server) -> None:
    """What the student does: copy the primary into the standby's empty volume and start it."""
    standby.run("pg_basebackup", f"--dbname={standby.source.conninfo(REPLICATOR)}", f"--pgdata={standby.data}",
                f"--slot={SLOT}", "--write-recovery-conf", "--checkpoint=fast", password="replication-secret")
    standby.start()


def ask_engine(*arguments) -> str:
    return subprocess.run([containers._programs()[0], *arguments], capture_output=True, text=True, check=True).stdout


class TestPrimary:
    pytestmark = needs_engine

    def test_it_comes_up_as_unprepared_as_production_was_left(self, production):
        primary, _ = production
        settings = "select name, setting from pg_settings where name in ('wal_level', 'max_wal_senders') order by 1"
        assert primary.rows(settings) == [("max_wal_senders", "0"), ("wal_level", "minimal")]

    def test_alter_system_overrides_what_it_came_up_with(self, cluster):
        primary, _ = cluster
        assert primary.value("show wal_level") == "replica"

    def test_it_sorts_and_dates_like_the_embedded_one(self, production):
        primary, _ = production
        assert primary.row("select datlocprovider, datlocale, current_setting('timezone') from pg_database "
                           "where datname = current_database()") == ("b", "C.UTF-8", "UTC")

    def test_data_survives_a_restart(self, production):
        primary, _ = production
        primary.execute("create table kept as select 42 as n")
        primary.restart()
        assert primary.value("select n from kept") == 42

    def test_a_kill_is_noticed_and_mended_by_start(self, production):
        primary, _ = production
        primary.execute("create table before_the_kill as select 7 as n")
        primary.runtime.kill()
        assert (primary.running(), primary.runtime.killed()) == (False, True)
        primary.start()
        assert primary.value("select n from before_the_kill") == 7

    def test_a_wrong_password_is_refused(self, production):
        primary, _ = production
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            primary.value("select 1", password="wrong")

    def test_a_port_that_someone_else_took_is_replaced(self, production):
        primary, _ = production
        primary.stop()
        with socket.socket() as thief:
            thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            thief.bind(("127.0.0.1", primary.runtime.port))
            thief.listen()
            primary.start()
            assert primary.value("select 1") == 1

    def test_a_second_initdb_is_refused(self, production):
        primary, _ = production
        with pytest.raises(LabsError, match="erase it first"):
            primary.runtime.initdb(PASSWORD, UNPREPARED)


class TestStandby:
    pytestmark = needs_engine

    def test_it_serves_what_the_primary_committed(self, cluster):
        primary, standby = cluster
        primary.execute("create table plans as select 'pro' as name")
        standby.catch_up(within=HANG)
        assert standby.rows("select name, pg_is_in_recovery() from plans") == [("pro", True)]

    def test_it_is_seen_streaming_from_the_primary(self, cluster):
        primary, _ = cluster
        assert primary.value("select state from pg_stat_replication") == "streaming"

    def test_an_empty_one_is_not_initialised_by_starting_it(self, production):
        _, standby = production
        with pytest.raises(LabsError, match="standby did not start"):
            standby.start()
        assert not standby.runtime.exists()

    def test_erased_it_can_be_built_again(self, cluster):
        primary, standby = cluster
        standby.stop()
        standby.runtime.erase()
        assert not standby.runtime.exists()
        build(standby)
        standby.catch_up(within=HANG)

    def test_it_is_not_erased_while_it_runs(self, cluster):
        _, standby = cluster
        with pytest.raises(LabsError, match="stop it before"):
            standby.runtime.erase()


class TestPrograms:
    pytestmark = needs_engine

    def test_a_program_reads_what_it_is_given_and_returns_what_it_prints(self, production):
        primary, _ = production
        printed = primary.run("psql", "--no-psqlrc", "--tuples-only", "--no-align",
                              primary.conninfo("postgres", DATABASE), password=PASSWORD,
                              stdin="select 'é';\nselect 2;\n")
        assert printed == "é\n2\n"

    def test_its_last_words_are_told_when_it_fails(self, production):
        primary, _ = production
        with pytest.raises(LabsError, match="pg_dump on primary failed:.*no password supplied"):
            primary.run("pg_dump", "--no-password", primary.conninfo("postgres", DATABASE))

    def test_it_ends_inside_the_container_when_its_time_is_up(self, production):
        primary, _ = production
        with pytest.raises(LabsError, match="psql on primary did not end within 1 s"):
            primary.run("psql", primary.conninfo("postgres", DATABASE), "--command=select pg_sleep(60)",
                        password=PASSWORD, within=1)
        assert "psql" not in primary.runtime._shell("cat /proc/[0-9]*/comm")

    def test_one_that_fails_beside_a_stopped_server_is_told_too(self, production):
        _, standby = production
        with pytest.raises(LabsError, match="pg_basebackup on standby failed:"):
            standby.run("pg_basebackup", f"--pgdata={standby.data}", "--dbname=host=nowhere.invalid")

    def test_a_program_runs_beside_a_stopped_server(self, production):
        primary, _ = production
        primary.stop()
        told = primary.run("pg_controldata")
        primary.start()
        assert "shut down" in told


class TestFiles:
    pytestmark = needs_engine

    def test_a_file_is_replaced_with_its_owner_and_mode(self, production):
        primary, _ = production
        stat = 'stat -c "%U %a" "$PGDATA/pg_ident.conf"'
        before = primary.runtime._shell(stat)
        primary.runtime.write("pg_ident.conf", "# ünsere\n")
        assert (primary.runtime.read("pg_ident.conf"), primary.runtime._shell(stat)) == ("# ünsere\n", before)

    def test_a_file_cut_off_on_its_way_changes_nothing(self, production):
        primary, _ = production
        before = primary.runtime.read("pg_hba.conf")
        with pytest.raises(LabsError):
            primary.runtime._shell(containers.WRITE, "pg_hba.conf", "1000", stdin="# cut off")
        assert primary.runtime.read("pg_hba.conf") == before

    def test_its_wal_has_a_size(self, production):
        primary, _ = production
        assert primary.runtime.size("pg_wal") >= 16 * 2**20


class TestPrivacy:
    pytestmark = needs_engine

    def test_ports_are_bound_on_loopback_only(self, cluster):
        bindings = [binding for server in cluster
                    for binding in server.runtime._inspect()["HostConfig"]["PortBindings"]["5432/tcp"]]
        assert bindings == [{"HostIp": "127.0.0.1", "HostPort": str(server.runtime.port)} for server in cluster]

    def test_nobody_listens_on_them_elsewhere(self, cluster):
        ports = {server.runtime.port for server in cluster}
        listening = {c.laddr.ip for c in psutil.net_connections("tcp")
                     if c.status == "LISTEN" and c.laddr.port in ports}
        assert listening <= {"127.0.0.1"}

    def test_passwords_are_in_no_description_and_no_log(self, cluster):
        told = "".join(json.dumps(s.runtime._inspect()) + s.runtime.log(1000) for s in cluster)
        assert PASSWORD not in told and "replication-secret" not in told

    def test_passwords_are_in_no_command_and_no_environment(self, cluster, monkeypatch):
        primary, _ = cluster
        seen, run = [], subprocess.run
        monkeypatch.setattr(subprocess, "run", lambda *a, **k: seen.append((a, k.get("env"))) or run(*a, **k))
        primary.run("psql", primary.conninfo("postgres", DATABASE), "--command=select 1", password=PASSWORD)
        assert seen and PASSWORD not in str(seen)

    def test_what_the_workspace_keeps_is_private(self, cluster):
        primary, _ = cluster
        assert {file.stat().st_mode & 0o777 for file in primary.runtime.folder.iterdir()} == {0o600}


class TestRemoval:
    pytestmark = needs_engine

    def left(self, runtime) -> list[str]:
        """What the engine still has of this workspace."""
        name = f"--filter=name={containers.project(runtime.folder)}"
        return (ask_engine("ps", "--all", name, "--format={{.Names}}")
                + ask_engine("network", "ls", name, "--format={{.Name}}")
                + ask_engine("volume", "ls", name, "--format={{.Name}}")).split()

    def test_down_keeps_the_data_and_reset_nothing(self, workspaces):
        workspace = workspaces()
        primary, standby = pair(workspace)
        primary.execute("create table kept as select 1 as n")
        containers.remove(workspace)
        project = containers.project(primary.runtime.folder)
        assert set(self.left(primary.runtime)) <= {f"{project}_primary", f"{project}_standby"}  # its volumes only
        assert (primary.runtime.exists(), standby.runtime.exists()) == (True, False)
        assert f"{project}-primary" not in self.left(primary.runtime)  # looking made no container
        primary.start()
        assert primary.value("select n from kept") == 1
        containers.remove(workspace, volumes=True)
        assert self.left(primary.runtime) == []

    def test_a_program_left_running_goes_too(self, workspaces):
        workspace = workspaces()
        _, standby = containers.containers(workspace)
        standby.erase()
        standby._create()
        standby._shell("true")
        ask_engine("run", "--detach", f"--label=labs={containers.project(standby.folder)}", "--user=postgres",
                   f"--network={containers.project(standby.folder)}_default", f"--name={standby.container}-left",
                   standby._inspect()["Config"]["Image"], "tail", "-f", "/dev/null")
        containers.remove(workspace, volumes=True)
        assert self.left(standby) == []

    def test_where_nothing_was_made_nothing_is_done(self, tmp_path, monkeypatch):
        monkeypatch.setattr(containers, "_call", lambda *_: pytest.fail("the engine was asked"))
        containers.remove(Workspace(tmp_path), volumes=True)


class TestWithoutAnEngine:
    def test_the_message_names_the_next_action(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", str(tmp_path))
        containers._programs.cache_clear()
        with pytest.raises(LabsError, match="install Docker, then run this again.\nOr unset LABS_POSTGRES"):
            containers.containers(Workspace(tmp_path))[0].running()

    def test_a_daemon_that_is_down_is_named(self, tmp_path, monkeypatch):
        fake = tmp_path / "docker"
        fake.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2; exit 1\n")
        fake.chmod(0o755)
        (tmp_path / "docker-compose").symlink_to(fake)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        containers._programs.cache_clear()
        with pytest.raises(LabsError, match="does not answer: Cannot connect.*\nStart Docker"):
            containers.containers(Workspace(tmp_path))[0].running()
        containers._programs.cache_clear()


@pytest.mark.containers
@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.timeout(900)
def test_lab_03_gives_the_outputs_it_keeps_with_its_servers_in_containers(engine, reachable_tmp, monkeypatch):
    """The whole notebook, run by nbval, where pg_basebackup and the settings act on containers."""
    root = reachable_tmp / "lab in containers"
    for name, value in {"LABS_POSTGRES": "docker", "LABS_HOME": str(root), "LABS_SEED": SEED}.items():
        monkeypatch.setenv(name, value)
    try:
        compare(LAB_03, dict(os.environ))
    finally:
        services.reset(Workspace(root))
