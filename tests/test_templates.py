"""Pairs of servers to experiment on: ready at once, each another's stranger, gone afterwards."""

import os
import shutil
from pathlib import Path

import pytest

from environments import templates
from environments.embedded import Embedded, processes_in

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True, scope="module")
def own_workspace(reachable_tmp):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABS_HOME", str(reachable_tmp / "templates"))
        yield


def test_a_pair_streams_through_the_slot():
    with templates.pair() as (primary, standby):
        assert (
            primary.rows("select slot_name, active from pg_replication_slots") == [("analytics", True)]
            and standby.in_recovery()
        )


def test_a_pair_stands_just_below_four_gigabytes_of_wal():
    with templates.pair() as (primary, _):
        position = primary.wal_position()
    assert position.startswith("0/FFF"), position


def test_what_one_experiment_did_the_next_does_not_see():
    with templates.pair() as (primary, _):
        primary.execute("create table left_behind ()")
    with templates.pair() as (primary, standby):
        assert [s.value("select to_regclass('left_behind')") for s in (primary, standby)] == [None, None]


def test_the_log_of_one_experiment_is_not_the_nexts():
    with templates.unprepared() as (primary, _):
        primary.execute("do $$ begin raise log 'a word of the first'; end $$")
    with templates.unprepared() as (primary, _):
        assert "a word of the first" not in primary.log(1000)


def test_an_unprepared_primary_has_no_senders_and_no_standby():
    with templates.unprepared() as (primary, standby):
        assert (primary.value("show wal_level"), primary.value("show max_wal_senders"), standby.runtime.exists()) == (
            "minimal",
            "0",
            False,
        )


def test_a_standby_built_in_an_experiment_is_gone_in_the_next():
    with templates.unprepared() as (primary, standby):
        standby.runtime.copy_from(templates._template("pair") / "standby" / "data")
    with templates.unprepared() as (_, standby):
        assert not standby.runtime.exists()


def test_whatever_an_experiment_put_in_the_place_of_a_file_is_a_file_again(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    with templates.unprepared() as (primary, _):
        primary.stop()
        data = Path(primary.data)
        shutil.move(data / "global", outside)
        (data / "global").symlink_to(outside / "global")
        (data / "PG_VERSION").unlink()
        (data / "PG_VERSION").mkdir()
        (data / "pg_hba.conf").unlink()
        (data / "pg_hba.conf").symlink_to(outside / "no such file")
        kept = {file: file.read_bytes() for file in outside.rglob("*") if file.is_file()}
    with templates.unprepared() as (again, _):
        assert again.data == str(data) and again.value("select count(*) from households") == templates.HOUSEHOLDS
    assert {file: file.read_bytes() for file in outside.rglob("*") if file.is_file()} == kept


def test_a_file_changed_without_a_trace_in_its_time_is_copied_again():
    with templates.unprepared() as (primary, _):
        file = Path(primary.data) / "pg_hba.conf"
        before, time = file.read_bytes(), file.stat().st_mtime_ns
        file.write_bytes(b"#" * len(before))
        os.utime(file, ns=(time, time))
    with templates.unprepared() as (again, _):
        assert Path(again.data, "pg_hba.conf").read_bytes() == before


def test_two_experiments_at_once_have_servers_of_their_own():
    with templates.unprepared() as (first, _), templates.unprepared() as (other, _):
        assert first.data != other.data and first.running() and other.running()


def test_an_experiment_whose_process_was_killed_is_cleared_for_the_next():
    killed = templates.unprepared()
    primary, _ = killed.__enter__()
    folder, pids = primary.runtime.root, {p.pid for p in processes_in(primary.runtime.root)}
    killed.gen.close()
    Embedded(folder).start()  # what a killed process leaves: running servers, and nobody who holds the place
    with templates.unprepared() as (primary, _):
        assert primary.runtime.root == folder and not pids & {p.pid for p in processes_in(folder)}


def test_nothing_runs_when_an_experiment_ends_with_an_error():
    with pytest.raises(ZeroDivisionError), templates.pair() as (primary, standby):
        raise ZeroDivisionError
    assert not primary.running() and not standby.running()
