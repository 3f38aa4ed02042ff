"""Waiting with a deadline, and what a workspace keeps: seed, ports, secrets, locks, files written whole."""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from environments.errors import LabsError, TookTooLong
from environments.place import COURSE, place
from environments.waiting import wait_until
from environments.workspace import Workspace, free_port, is_free, kept, write_whole
from tests.waits import HANG


@pytest.fixture
def workspace(folder) -> Workspace:
    return Workspace(folder / "work space")


# Waiting

def test_waiting_returns_the_first_true_value():
    values = iter([0, None, "", "there", "later"])
    assert wait_until(lambda: next(values), 5, "a word") == "there"


def test_waiting_asks_once_even_with_no_time_at_all():
    assert wait_until(lambda: "there", 0, "a word") == "there"


def test_a_deadline_says_what_was_awaited_and_for_how_long():
    with pytest.raises(TookTooLong, match="^timed out after 0.05 s waiting for the primary to start.$"):
        wait_until(lambda: False, 0.05, "the primary to start")


def test_a_deadline_shows_the_log_as_it_is_then():
    log = []
    with pytest.raises(TookTooLong, match="for a word.\nasked"):
        wait_until(lambda: log.append("asked"), 0, "a word", lambda: log[0])


def test_what_the_fact_raises_ends_the_wait():
    with pytest.raises(ZeroDivisionError):
        wait_until(lambda: 1 / 0, 5, "a word")


def test_a_deadline_is_an_expected_error_and_a_timeout():
    assert issubclass(TookTooLong, LabsError) and issubclass(TookTooLong, TimeoutError)


def test_a_notebook_shows_an_expected_error_without_a_traceback():
    assert LabsError("do this")._render_traceback_() == ["LabsError: do this"]


# Its place

def test_a_workspace_is_in_the_course_unless_labs_home_says_otherwise(monkeypatch):
    monkeypatch.delenv("LABS_HOME", raising=False)
    assert place() == COURSE / ".labs"


def test_a_tilde_in_labs_home_is_the_users_home(monkeypatch):
    monkeypatch.setenv("HOME", "/course/student")
    monkeypatch.setenv("LABS_HOME", "~/labs")
    assert str(place()) == "/course/student/labs"


def test_a_file_where_the_workspace_should_be_is_named(folder):
    (folder / "file").touch()
    with pytest.raises(LabsError, match=f"^cannot write in {folder}/file .*\nSet LABS_HOME"):
        Workspace(folder / "file")


# What it remembers

def test_the_seed_is_drawn_once_and_kept(workspace, monkeypatch):
    monkeypatch.delenv("LABS_SEED", raising=False)
    assert Workspace(workspace.root).seed == workspace.seed


def test_the_seed_is_labs_seed_where_that_is_set(workspace, monkeypatch):
    monkeypatch.setenv("LABS_SEED", "42")
    assert workspace.seed == 42


@pytest.mark.parametrize("nonsense", ["seven", "-1", "0", "1.5", "²"])
def test_a_seed_that_is_no_whole_number_of_one_or_more_is_refused(workspace, monkeypatch, nonsense):
    monkeypatch.setenv("LABS_SEED", nonsense)
    with pytest.raises(
        LabsError, match=f"^LABS_SEED is '{nonsense}': set it to a whole number of 1 or more, or unset it.$"
    ):
        workspace.seed  # noqa: B018


def test_a_secret_is_kept(workspace):
    assert workspace.secret("postgres") == Workspace(workspace.root).secret("postgres")


def test_two_secrets_differ(workspace):
    assert workspace.secret("one") != workspace.secret("other")


def test_a_secret_and_its_folder_are_private_whatever_the_umask(workspace):
    before = os.umask(0)
    try:
        workspace.secret("postgres")
    finally:
        os.umask(before)
    modes = [(workspace.root / p).stat().st_mode & 0o777 for p in ("secrets", "secrets/postgres")]
    assert modes == [0o700, 0o600]


def test_a_port_is_kept_until_it_is_forgotten(workspace):
    port = workspace.port("jupyter")
    kept_port = workspace.port("jupyter")
    workspace.forget_port("jupyter")
    workspace.remember("port-jupyter", lambda: port + 1)
    assert (kept_port, workspace.port("jupyter")) == (port, port + 1)


def test_a_port_never_asked_for_can_be_forgotten(workspace):
    workspace.forget_port("nothing")


def test_a_port_that_someone_else_has_taken_is_given_up(workspace):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        workspace.remember("port-alerts", lambda: port)
        workspace.settle_port("alerts")
        assert workspace.port("alerts") != port


def test_a_free_port_is_free_until_someone_listens_there():
    port = free_port()
    before = is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert (before, is_free(port)) == (True, False)


def test_a_port_held_on_every_address_is_not_free():
    with socket.create_server(("0.0.0.0", 0)) as other:
        assert not is_free(other.getsockname()[1])


def test_of_many_writers_at_once_all_remember_what_the_first_wrote(workspace):
    with ThreadPoolExecutor(16) as pool:
        facts = list(pool.map(lambda n: workspace.remember("fact", lambda: n), range(64)))
    assert len(set(facts)) == 1


def test_of_many_processes_at_once_all_remember_what_the_first_wrote(workspace):
    code = f"from environments.workspace import Workspace; print(Workspace({str(workspace.root)!r}).secret('shared'))"
    writers = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({writer.communicate(timeout=HANG)[0] for writer in writers}) == 1


def test_remembering_leaves_no_draft(workspace):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: workspace.remember("fact", lambda: n), range(32)))
    assert os.listdir(workspace.root / "state") == ["fact"]


def test_a_fact_is_remembered_where_the_file_system_has_no_links(workspace, monkeypatch):
    def no_links(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    assert workspace.remember("fact", lambda: "kept") == "kept"


def test_nothing_is_remembered_where_the_first_fails(workspace):
    with pytest.raises(ZeroDivisionError):
        workspace.remember("fact", lambda: 1 / 0)
    assert not workspace.note("fact").exists()


# Files written whole

def test_a_file_is_replaced_and_keeps_its_mode(folder):
    (folder / "file").write_text("old")
    (folder / "file").chmod(0o640)
    write_whole(folder / "file", "new")
    assert ((folder / "file").read_text(), oct((folder / "file").stat().st_mode & 0o777)) == ("new", "0o640")


def test_a_new_file_is_private(folder):
    write_whole(folder / "file", "text")
    assert oct((folder / "file").stat().st_mode & 0o777) == "0o600"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_as_root_a_replaced_file_keeps_its_owner(folder):
    (folder / "file").touch()
    os.chown(folder / "file", 12345, 12345)
    write_whole(folder / "file", "new")
    assert (folder / "file").stat().st_uid == 12345


def test_a_reader_never_sees_half_a_file(folder):
    texts = [letter * 100_000 for letter in "ab"]
    write_whole(folder / "file", texts[0])
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write_whole, folder / "file", texts[n % 2]) for n in range(20)]
        seen = {(folder / "file").read_text() for _ in range(50)}
        for writer in writers:
            writer.result()
    assert seen <= set(texts)


def test_a_write_that_fails_leaves_the_old_text_and_no_draft(folder, monkeypatch):
    write_whole(folder / "file", "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(folder / "file", "new")
    assert ((folder / "file").read_text(), os.listdir(folder)) == ("old", ["file"])


def test_an_existing_file_is_never_replaced_by_a_first_writer(folder):
    (folder / "file").write_text("first")
    assert kept(folder / "file", lambda: "second") == "first"


# Its lock

def test_a_second_holder_of_the_lock_is_told_who_waits_for_what(workspace):
    with workspace.lock(), pytest.raises(LabsError) as said, Workspace(workspace.root).lock(within=0.1):
        pass
    assert str(said.value) == (f"another labs command has held {workspace.root / 'lock'} for 0.1 s.\n"
                               "Wait for it, or end it; then run this again.")


def test_a_killed_holder_frees_the_lock(workspace):
    code = (f"from environments.workspace import Workspace\n"
            f"with Workspace({str(workspace.root)!r}).lock(): print('held', flush=True); input()")
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        holder.stdout.readline()
        holder.kill()
    with workspace.lock(within=HANG):
        pass


def test_a_lock_is_taken_also_where_a_reset_removed_the_folder(workspace):
    (workspace.root / ".writable").unlink()
    workspace.root.rmdir()
    with workspace.lock(within=HANG):
        assert (workspace.root / "lock").exists()


def test_an_error_inside_frees_the_lock(workspace):
    with pytest.raises(ZeroDivisionError), workspace.lock():
        1 / 0  # noqa: B018
    with workspace.lock(within=0.1):
        pass
