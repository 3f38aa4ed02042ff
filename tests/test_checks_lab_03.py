"""The grader of Lab 3 without a notebook; its known answers are tried by test_proofs.py."""

import re
import shutil
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import MagicMock

import pandas as pd
import psycopg
import pytest

from autograders.answers import KnownAnswer, reference
from autograders.checks import lab_03 as check
from autograders.checks.lab_03 import own_servers as own
from autograders.checks.lab_03.servers import on
from autograders.expect import CheckedFunction, CheckFailed
from environments import templates
from environments.waiting import wait_until
from environments.workspace import Workspace
from tests.graders import Grader, assert_well_formed


def kernel() -> dict:
    return {"psycopg": psycopg, "time": time, "threading": threading, "pd": pd, "MONTH_END": MONTH_END, "check": check}


GRADER = Grader("03", kernel)
MONTH_END = next(
    re.search(r'(?s)MONTH_END = """(.*?)"""', cell.source)[1]
    for cell in GRADER.code
    if cell.source.startswith("MONTH_END")
)

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]  # answers warn


# Checks that leave their servers as they found them, but for roles,
# tables and the release's column: here they share some.
ON_A_SHARED_PRIMARY = {
    "replicator_has_only_what_it_needs", "analyst_reads_what_it_needs", "analyst_sees_nothing_personal",
    "analyst_cannot_write", "analyst_has_limits", "backup_brings_a_table_back",
}
ON_A_SHARED_PAIR = {
    "lag_in_seconds", "waiting_for_fresh_data", "waiting_has_an_end", "long_query_survives",
}


@pytest.fixture(scope="module", autouse=True)
def servers(reachable_tmp):
    """Templates in a workspace of this file's own, and servers that some checks share."""
    memory = Path("/dev/shm")  # five times as fast as a busy disk
    folder = memory if memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3 else reachable_tmp
    home = Path(tempfile.mkdtemp(prefix="labs-checks-", dir=folder))
    home.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABS_HOME", str(home))
        templates.make()
        with templates.unprepared() as alone, templates.pair() as both:
            yield {"unprepared": alone, "pair": both}
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def share(servers, monkeypatch):
    """Let a check use shared servers, where it does them no harm."""
    def share(name: str) -> None:
        name = name.removeprefix("check_")
        kind = {**dict.fromkeys(ON_A_SHARED_PRIMARY, "unprepared"), **dict.fromkeys(ON_A_SHARED_PAIR, "pair")}.get(name)
        if kind:
            cleaned(*servers[kind])
            monkeypatch.setattr(check, kind, lambda: nullcontext(servers[kind]))
    return share


def cleaned(primary, standby) -> None:
    """Shared servers without what the check before left there."""
    for (role,) in primary.rows(
        "select rolname from pg_roles where rolname in ('analyst', 'readers') or rolname ~ '^other_' "
        "or rolname = 'replicator' and not exists (select from pg_stat_replication)"
    ):
        primary.execute(f"drop owned by {role}")
        primary.execute(f"drop role {role}")
    for (table,) in primary.rows(
        "select relname from pg_class where relname ~ '^(mark|vouchers|news)_' and relkind = 'r'"
    ):
        primary.execute(f"drop table {table}")
    primary.execute("revoke all on all tables in schema public from public")
    primary.execute("alter table orders drop column if exists gift_note")
    if standby.runtime.exists():
        standby.configure(recovery_min_apply_delay="0")
        standby.catch_up(within=60)


# The student's own servers

@pytest.fixture
def done_right():
    """A pair on which all that the lab asks was done."""
    answers = GRADER.functions_of(GRADER.reference)
    with templates.pair() as (primary, standby):
        password = Workspace.here().secret("analyst")
        answers["create_analyst"](primary, password)
        answers["keep_analyst_on_standby"](primary, standby)
        answers["favour_analysts"](standby)
        answers["bound_slots"](primary, 256)
        standby.catch_up(within=60)
        yield primary, standby


SERVERS_DIFFER = [
    own.ready_to_stream,
    own.has_a_replicator,
    own.admits_a_replicator_alone,
    own.keeps_a_slot,
    own.streams,
    own.analyst_reads,
    own.analyst_is_limited,
    own.bounds_slots,
]
MADE_WORSE = [
    (own.analyst_sees_no_person, "grant select on people to analyst", "analyst may read people.email"),
    (own.analyst_only_reads, "grant delete on orders to analyst", "analyst has more rights: delete on orders"),
    (own.analyst_reads, "revoke select on plans from analyst", "analyst may not read plans"),
    (own.analyst_is_limited, "alter role analyst connection limit -1", "analyst lacks a limit"),
    (own.has_a_replicator, "alter role replicator superuser", "the role replicator has other rights"),
]


def test_servers_on_which_nothing_was_done_differ_in_everything(servers):
    cleaned(*servers["unprepared"])
    assert [look.__name__ for look in SERVERS_DIFFER if not look(*servers["unprepared"])] == []


def test_servers_done_right_differ_in_nothing_and_what_is_worse_is_named(done_right):
    primary, standby = done_right
    looks = {
        *SERVERS_DIFFER,
        *(look for look, _, _ in MADE_WORSE),
        own.analyst_is_kept_on_the_standby,
        own.favours_analysts,
    }
    said = {look.__name__: words for look in looks if (words := look(primary, standby))}
    for _, statement, _ in MADE_WORSE:
        primary.execute(statement)
    primary.allow(f"host all analyst {primary.network} scram-sha-256", first=True)
    primary.allow(f"host replication all {primary.network} scram-sha-256")
    standby.configure(max_standby_streaming_delay="5s")
    wait_until(lambda: own.favours_analysts(primary, standby), 60, "the setting to be in force")
    worse = [look(primary, standby) for look, _, _ in MADE_WORSE]
    other = [words for words, (_, _, due) in zip(worse, MADE_WORSE, strict=True) if not words.startswith(due)]
    assert (said, other) == ({}, [])
    assert (
        own.analyst_is_kept_on_the_standby(primary, standby).partition(".")[0],
        own.admits_a_replicator_alone(primary, standby)[:28],
    ) == ("the primary lets analyst in", "pg_hba.conf admits all for r")


@pytest.mark.parametrize(
    ("graded", "said"), [("0", "Right, but your own server differs: wal_level is minimal, "), ("1", "")]
)
def test_a_check_that_passes_says_where_the_students_own_server_differs(graded, said, servers, monkeypatch, capsys):
    monkeypatch.setattr(own, "_servers", lambda: servers["unprepared"])
    monkeypatch.setattr(own, "graded", lambda: graded == "1")
    cleaned(*servers["unprepared"])
    check.primary_can_stream(GRADER.functions_of(GRADER.reference)["make_ready"])
    assert capsys.readouterr().out[:len(said) or None] == said


def test_a_check_without_the_labs_own_servers_says_nothing_and_starts_none():
    assert own._servers() is None


# Messages that no known answer provokes

def nothing(*_):
    return None


def creates(role: str):
    return lambda primary, password: primary.execute(f"create role {role}".format(password=password))


STUBS = {
    "primary_can_stream": lambda primary: primary.stop(),
    "replicator_has_only_what_it_needs": creates("someone"),
    "only_replicator_may_replicate": nothing,
    "slot_waits": nothing,
    "standby_streams": nothing,
    "standby_uses_the_slot": nothing,
    "building_twice_is_safe": lambda primary, standby, password: standby.stop(),
    "replication_is_proven": lambda primary, standby: standby.stop() or True,
    "lag_in_bytes": lambda primary, standby: "0",
    "lag_in_seconds": nothing,
    "waiting_for_fresh_data": nothing,
    "waiting_has_an_end": lambda primary, standby, within: TimeoutError("not raised"),
    "analyst_reads_what_it_needs": creates("analyst"),
    "analyst_sees_nothing_personal": nothing,
    "analyst_cannot_write": nothing,
    "analyst_has_limits": nothing,
    "analyst_reaches_only_the_standby": lambda primary, standby: standby.stop(),
    "long_query_survives": lambda standby: standby.configure(max_standby_streaming_delay="10min"),
    "slot_cannot_fill_the_disk": lambda primary, megabytes: primary.configure(max_slot_wal_keep_size="1MB"),
    "slots_at_risk": lambda primary, warn_bytes: "analytics",
}


@pytest.mark.parametrize("name", STUBS)
def test_an_answer_that_leaves_things_undone_is_told_so(name, share):
    share(name)
    with pytest.raises(CheckFailed) as failed:
        getattr(check, name)(STUBS[name])
    assert_well_formed(str(failed.value))


@pytest.mark.parametrize("name", GRADER.graded)
def test_an_untouched_function_is_not_written_yet(name, monkeypatch):
    monkeypatch.setattr(check, "on", lambda *_: nullcontext((MagicMock(), MagicMock())))
    monkeypatch.setattr(check, "cut_off", nothing)
    monkeypatch.setattr(check, "scans_of_orders", nothing)

    def untouched(*_):
        raise NotImplementedError()

    functions = kernel() | dict.fromkeys([*reference(GRADER.notebook), "restore"], untouched)
    with pytest.raises(CheckFailed, match="is not written yet"):
        exec(GRADER.graded[name], functions)


def test_a_wrong_password_costs_the_check_of_the_login_alone(share):
    share("analyst_has_limits")

    def create(primary, password):
        GRADER.functions_of(GRADER.reference)["create_analyst"](primary, "another")

    with pytest.raises(CheckFailed, match="password authentication failed"):
        check.analyst_reads_what_it_needs(create)
    for passes in (check.analyst_sees_nothing_personal, check.analyst_cannot_write, check.analyst_has_limits):
        passes(create)


def test_an_answer_that_raises_names_the_error_and_the_students_line():
    answer = KnownAnswer(
        "x", "", frozenset(), {"create_slot": "def create_slot(primary):\n    primary.execute('make a slot')\n"}
    )
    assert 'raised SyntaxError: syntax error at or near "make"' in GRADER.message(answer, "check_slot_waits")


def test_a_server_is_gone_when_its_check_has_ended():
    seen = []
    with pytest.raises(CheckFailed):
        check.lag_in_bytes(lambda primary, standby: seen.extend([primary, standby]) or "0")
    assert [server.running() for server in seen] == [False, False]


def test_a_server_with_many_visitors_is_not_taken_for_another(monkeypatch):
    """What PostgreSQL forks for each of them holds the port as well, until it closes it."""
    monkeypatch.setattr("autograders.checks.lab_03.servers.graded", lambda: True)
    over = threading.Event()

    def visit(primary):
        while not over.is_set():
            primary.value("select 1")

    with templates.unprepared() as (primary, standby), ThreadPoolExecutor() as pool:
        for _ in range(4):
            pool.submit(visit, primary)
        try:
            for _ in range(20):
                with on(lambda: nullcontext((primary, standby)), CheckedFunction(nothing, look="")) as _:
                    pass
        finally:
            over.set()
