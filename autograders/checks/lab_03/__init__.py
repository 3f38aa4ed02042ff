"""What the test cells of Lab 3 call: one function a graded point.

Each takes the student's function and tries it on servers of its own (`lab_03.servers`): another Teaspoon
than the student's, broken off on purpose, gone afterwards. So no check depends on an earlier answer.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from secrets import token_hex

from autograders.checks.lab_03 import own_servers as own
from autograders.checks.lab_03.own_servers import same_here
from autograders.checks.lab_03.servers import (
    ANALYST,
    LOOKS,
    MAY_READ,
    MAY_READ_PARTLY,
    MEGABYTE,
    PASSWORD,
    aged,
    all_but_admitted,
    another_standby,
    busy_after_the_call,
    commit_a_little,
    commit_mark,
    cut_off,
    eventually,
    groups_of,
    has,
    idle_sender,
    let_pass,
    on,
    paused,
    personal_columns_of,
    powers_of,
    prepared,
    query_refusal,
    readable_tables,
    refusal,
    release,
    replication_refusal,
    rows_of,
    scans_of_orders,
    seconds_of,
    sees_new_rows,
    setting,
    shape_of,
    slot_in_use,
    slot_status,
    stalled,
    still,
    strange_replication_rules,
    survives,
    with_analyst,
    write,
    write_rights_of,
    write_up_to,
)
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from environments.postgres import REPLICATOR, SLOT, Server
from environments.templates import pair, unprepared
from environments.waiting import wait_until

# 1 The pain

@repeatable
def p95(function) -> None:
    """The 95th percentile, by any usual definition, of samples in any order."""
    asked = CheckedFunction(function, look="sort a copy, then take the value below which 95 of 100 lie")
    # Of 21, every definition gives the 20th or what comes after it.
    drawn = [[draw.lognormvariate(1, 1) for _ in range(number)] for number in (19, 21, 40, 997)]
    alike = _shuffled([7] * 96 + [70, 80, 90, 100])
    for samples in (_shuffled(range(1, 101)), *drawn, alike):
        ordered = sorted(samples)
        got = asked.number(samples, when=f"of {len(samples)} samples, the middle one {ordered[len(ordered) // 2]:.3g}")
        low = ordered[int(0.95 * (len(ordered) - 1))]
        high = ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)))]
        asked.expect(low * 0.999 <= got <= high * 1.001, f"a value from {low:.4g} to {high:.4g}")


# 2 The primary made ready

STRANGE = "it's 5% \"\\{}$$"  # the beginning of a password

@repeatable
@same_here(own.ready_to_stream)
def primary_can_stream(function) -> None:
    asked = CheckedFunction(function, look="wal_level and max_wal_senders are read at a start: primary.restart()")
    with on(unprepared, asked) as (primary, _):
        for level, senders in (("minimal", 0), ("replica", 0), ("logical", 10)):
            if level != "minimal":
                primary.configure(wal_level=level, max_wal_senders=senders)
                primary.restart()
            asked(primary, when=f"on a primary with wal_level {level} and max_wal_senders {senders}")
            level, senders = setting(primary, "wal_level"), int(setting(primary, "max_wal_senders"))
            asked.expect(level == "replica", "wal_level to be replica, the least that feeds a standby, in force",
                         got=f"left wal_level at {level}")
            asked.expect(senders >= 3, "3 or more senders: a standby takes one, a base backup two more",
                         got=f"left max_wal_senders at {senders}")


@repeatable
@same_here(own.has_a_replicator)
def replicator_has_only_what_it_needs(function) -> None:
    asked = CheckedFunction(function, look="CREATE ROLE ... LOGIN REPLICATION, and nothing more")
    with on(unprepared, asked) as (primary, _):
        password = token_hex(8)
        asked(primary, password, when="on a primary without the role")
        role = primary.row(
            "select rolcanlogin, rolreplication, rolsuper or rolcreaterole or rolcreatedb or rolbypassrls "
            "from pg_roles where rolname = %s",
            [REPLICATOR],
        )
        asked.expect(role is not None, f"a role named {REPLICATOR}", got="made no such role")
        assert role  # as it was just expected
        login, replication, more = role
        asked.expect(login and replication, "a role that may log in and replicate",
                     got=f"made a role with login {login}, replication {replication}")
        asked.expect(not more and not groups_of(primary, REPLICATOR), "no right beyond LOGIN and REPLICATION",
                     got="made a role that is superuser, may create roles or databases, or is a member of another")
        tables = readable_tables(primary, REPLICATOR)
        asked.expect(not tables, "no right beyond LOGIN and REPLICATION",
                     got=f"made a role that may read {', '.join(tables)}")
        refused = refusal(primary, REPLICATOR, password)
        asked.expect(not refused, "it to log in with the password given", got=f"made a role that is refused: {refused}")
        _expect_repeatable(asked, primary, password)
        refused = refusal(primary, REPLICATOR, password)
        asked.expect(not refused, "it to log in still", got=f"left a role that is refused: {refused}")
        primary.execute(f"alter role {REPLICATOR} superuser createrole createdb bypassrls noreplication nologin")
        primary.execute(f"grant select on plans to {REPLICATOR}")  # so that it cannot just be dropped
        password = f"{STRANGE} {token_hex(8)}"
        asked(primary, password, when="where an earlier try left a superuser that may not log in, with SELECT on plans "
                                      f"and another password; the new one begins with {STRANGE}")
        more = primary.value("select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or not rolreplication "
                             "from pg_roles where rolname = %s", [REPLICATOR])
        asked.expect(not more, "LOGIN and REPLICATION again, and nothing of what the earlier try gave",
                     got="left a role with other rights than these")
        refused = refusal(primary, REPLICATOR, password)
        asked.expect(not refused, "it to log in with the password given now",
                     got=f"left a role that is refused: {refused}")


@repeatable
@same_here(own.admits_a_replicator_alone)
def only_replicator_may_replicate(function) -> None:
    asked = CheckedFunction(
        function, look="pg_hba.conf: TYPE DATABASE USER ADDRESS METHOD; primary.network is the address"
    )
    with on(all_but_admitted, asked) as (primary, _):
        asked(primary, when="on a primary that admits nobody for replication")
        refused = still(lambda: replication_refusal(primary, REPLICATOR, PASSWORD))
        asked.expect(not refused, f"{REPLICATOR} to be admitted for replication", got=f"left it refused: {refused}")
        asked.expect(replication_refusal(primary, REPLICATOR, "wrong") != "", "a wrong password to be refused",
                     got=f"admits {REPLICATOR} with any password")
        asked.expect(replication_refusal(primary, "someone_else", PASSWORD) != "",
                     f"nobody but {REPLICATOR} to be admitted", got="admits another role for replication, too")
        strange = strange_replication_rules(primary)
        asked.expect(not strange, "SCRAM, from primary.network only", got=f"wrote: {'; '.join(strange)}")


@repeatable
@same_here(own.keeps_a_slot)
def slot_waits(function) -> None:
    asked = CheckedFunction(function, look="pg_create_physical_replication_slot, and pg_replication_slots before it")
    with on(pair, asked) as (primary, standby):
        standby.stop("immediate")
        free = "select count(*) from pg_replication_slots where not active"
        eventually(lambda: primary.value(free))
        primary.execute("select pg_drop_replication_slot(%s)", [SLOT])
        asked(primary, when="on a primary without slots")
        _expect_lasting_slots(asked, primary, SLOT)
        _expect_repeatable(asked, primary)
        _expect_lasting_slots(asked, primary, SLOT)
        primary.execute("select pg_drop_replication_slot(%s)", [SLOT])
        primary.execute("select pg_create_physical_replication_slot(%s, true)", [SLOT])
        kept = "select restart_lsn::text from pg_replication_slots"
        before = primary.value(kept)
        write(primary, MEGABYTE)
        primary.execute("checkpoint")
        asked(primary, when="on a primary whose slot of that name keeps WAL for a standby")
        asked.expect(primary.value(kept) == before, "the slot to keep that WAL",
                     got="made the slot again: the standby's WAL is given up")
        primary.execute("select pg_drop_replication_slot(%s)", [SLOT])
        other = f"{SLOT}_{token_hex(3)}"
        primary.execute("select pg_create_physical_replication_slot(%s)", [other])
        asked(primary, when="on a primary with a slot of another name")
        _expect_lasting_slots(asked, primary, SLOT, other)


def _expect_lasting_slots(asked: CheckedFunction, primary: Server, *names: str) -> None:
    slots = primary.rows("select slot_name, slot_type, temporary from pg_replication_slots order by 1")
    asked.expect(slots == [(name, "physical", False) for name in sorted(names)],
                 f"a lasting physical slot named {SLOT}, and other slots as they were",
                 got=f"left these slots: {[(name, kind) for name, kind, _ in slots]}")


# 3 The standby

@repeatable
@same_here(own.streams)
def standby_streams(function) -> None:
    asked = CheckedFunction(function, look="--write-recovery-conf; the server log, standby.log(); pg_stat_wal_receiver")
    with on(prepared, asked) as (primary, standby):
        _build(asked, primary, standby, when="on a primary made ready")
        asked.expect(standby.in_recovery(), "the standby to be in recovery", got="built a server that takes writes")
        asked.expect(sees_new_rows(primary, standby), "a row committed on the primary to appear on it",
                     got="built a copy that does not follow the primary")
        sender = "select usename from pg_stat_replication where state = 'streaming'"
        role = eventually(lambda: primary.value(sender))
        asked.expect(role == REPLICATOR, f"it to stream as the role {REPLICATOR}",
                     got=f"built a standby that streams as {role}")


@repeatable
def standby_uses_the_slot(function) -> None:
    asked = CheckedFunction(function, look="--slot of pg_basebackup, primary_slot_name of the standby")
    with on(prepared, asked) as (primary, standby):
        _build(asked, primary, standby, when="on a primary made ready")
        # Asked of the standby: a base backup's own sender may be seen streaming for a moment after its end.
        slot = "select coalesce(slot_name, 'none') from pg_stat_wal_receiver where status = 'streaming'"
        in_use = eventually(lambda: standby.value(slot)) == SLOT and eventually(lambda: slot_in_use(primary))
        asked.expect(in_use, f"the slot {SLOT} to be in use", got="built a standby that leaves it unused")


@repeatable
def building_twice_is_safe(function) -> None:
    asked = CheckedFunction(function, look="stop the standby and erase its data directory before you copy")
    with on(pair, asked) as (primary, standby):
        primary.execute(f"alter role {REPLICATOR} password '{PASSWORD}'")
        cut_off(primary, standby)
        mark = commit_mark(primary)
        primary.execute("checkpoint")
        _build(asked, primary, standby, when="where a standby runs that lost its primary")
        asked.expect(eventually(lambda: has(standby, mark)), "a new copy: with all that the primary holds by now",
                     got="left the old one")
        eventually(lambda: slot_in_use(primary), looks=LOOKS // 2)  # whether it uses it is another check's question
        standby.configure(log_min_duration_statement="77")
        _build(asked, primary, standby, when="where a standby streams through the slot")
        asked.expect(setting(standby, "log_min_duration_statement") == "-1",
                     "a new copy: with the primary's settings, and none of the old standby's own",
                     got="left the old one")
        standby.execute("select case when pg_is_in_recovery() then pg_promote(true, 60) end")
        mark = commit_mark(primary)
        _build(asked, primary, standby, when="where a standby was promoted, and runs")
        standby.stop()
        primary.execute("checkpoint")
        mark = commit_mark(primary)
        _build(asked, primary, standby, when="where the standby is stopped")
        asked.expect(eventually(lambda: has(standby, mark)), "a new copy: with all that the primary holds by now",
                     got="left the old one")


def _build(asked: CheckedFunction, primary: Server, standby: Server, when: str) -> None:
    asked(primary, standby, PASSWORD, when=when, within=90)
    asked.expect(standby.runtime.exists(), "a data directory", got="left the standby's data directory empty")
    asked.expect(standby.running(), "the standby to run", got="left it stopped")


@repeatable
def replication_is_proven(function) -> None:
    asked = CheckedFunction(function, look="pg_is_in_recovery() on one side, pg_stat_replication on the other")
    with on(pair, asked) as (primary, standby):
        for _ in range(draw.randint(2, 6)):  # anyone who counts calls cannot tell when the answer is another
            got = _settled(lambda: asked.truth(primary, standby, when="on a standby that streams"), bool)
            asked.expect(got, "True")
        with on(prepared, asked) as (stranger, _), idle_sender(stranger):
            when = ("on a standby that streams from another server than this primary, "
                    "to which somebody is connected for replication")
            got = asked.truth(stranger, standby, when=when)
            asked.expect(not got, "False: it is not this primary that streams to it")
        cut_off(primary, standby)
        with another_standby(primary):
            got = asked.truth(primary, standby,
                              when="on a standby that lost its primary, which streams to somebody else")
            asked.expect(not got, "False: nothing new arrives there")
        got = asked.truth(primary, standby, when="on a standby in recovery that has lost its primary")
        asked.expect(not got, "False: nothing new arrives there")
        standby.execute("select pg_promote(true, 60)")
        with another_standby(primary):
            got = asked.truth(primary, standby, when="on a standby that was promoted; the primary streams to another")
            asked.expect(not got, "False: it is a server of its own now")


# 4 Lag

# Of a pair, which stands at 0/FFFC0000: past the first, the lower half of its position is a small number again; from
# there past the second, the position has a digit more, so as text it is smaller.
NEXT_HALF, NEXT_DIGIT = "1/60000", "1/180000"


SLACK = 200  # bytes: what is inserted is a little ahead of what is written


@repeatable
def lag_in_bytes(function) -> None:
    asked = CheckedFunction(
        function, look="which function reports the last *replayed* position, and which the primary's own"
    )
    with on(pair, asked) as (primary, standby):
        got = _settled(lambda: asked.number(primary, standby, when="on a standby that has replayed all"),
                       lambda n: abs(n) < 1000)
        asked.expect(abs(got) < 1000, "0, or next to it")
        with paused(standby):
            commit_a_little(primary)
            got = asked.number(primary, standby, when="after a small commit with replay paused")
            asked.expect(0 < got < 100_000, "some bytes: the commit is not replayed yet")
            least = _commit_some_bytes(primary, standby)
            got = asked.number(primary, standby, when="after some more small commits with replay paused")
            most = _missing(primary, standby)
            asked.expect(least - SLACK <= got <= most + SLACK, f"{least} bytes, or little more")
            written = write(primary, _some_megabytes())
            arrived = "select pg_last_wal_receive_lsn() >= %s::pg_lsn"
            eventually(lambda: standby.value(arrived, [primary.wal_position()]))
            got = asked.number(primary, standby, when=f"after {written:,} bytes of WAL with replay paused")
            asked.expect(_about(got, written), "about as many: written and sent, not replayed")
        standby.catch_up(within=60)
        with stalled(standby):
            written = write(primary, _some_megabytes())
            got = asked.number(primary, standby, when=f"after {written:,} bytes of WAL with the network stalled")
            asked.expect(_about(got, written), "about as many: written, and not even sent")
        standby.catch_up(within=60)
        cut_off(primary, standby)
        written = write(primary, _some_megabytes())
        got = asked.number(primary, standby, when=f"after {written:,} bytes of WAL, where the connection was lost")
        asked.expect(_about(got, written), "about as many: written, and no standby is there to be sent them")
        with another_standby(primary):
            got = asked.number(primary, standby, when="after this, with another standby that has replayed all")
        asked.expect(_about(got, written), "about as many: this standby lacks them still")


def _commit_some_bytes(primary, standby) -> int:
    """Commit a little, until what is missing is far from whole kilobytes; how much it is. Its own noise must not decide
    whether who rounds is noticed."""
    while True:
        commit_a_little(primary)
        if 300 < (missing := _missing(primary, standby)) % 1024 < 724:
            return missing


def _missing(primary, standby) -> int:
    """Bytes that the primary has written and this standby has not replayed."""
    replayed = standby.value("select pg_last_wal_replay_lsn()::text")
    return int(primary.value("select pg_current_wal_lsn() - %s::pg_lsn", [replayed]))


@repeatable
def lag_in_seconds(function) -> None:
    asked = CheckedFunction(
        function, look="is anything missing on the standby? Only if so, how old is the last it replayed?"
    )
    with on(pair, asked) as (primary, standby):
        began = time.monotonic()
        _expect_no_age(asked, primary, standby)
        with stalled(standby):
            write_up_to(primary, NEXT_HALF)
            _expect_age(asked, primary, standby, began, when="after a commit with the network stalled")
        standby.catch_up(within=60)
        with paused(standby):
            write_up_to(primary, NEXT_DIGIT)
            _expect_age(asked, primary, standby, began, when="after a commit with replay paused")
        standby.catch_up(within=60)
        with paused(standby):
            _expect_age(asked, primary, standby, began, "after a small commit with replay paused", commit_a_little)
        standby.catch_up(within=60)
        began = time.monotonic()
        with aged(primary, standby, LONG_AGO), paused(standby):
            _expect_age(asked, primary, standby, began, "after a commit with replay paused, and the last one that the "
                        f"standby shows {LONG_AGO} s older than that", commit_a_little, LONG_AGO)


AGE = 0.7  # seconds: long enough to tell from nothing
LONG_AGO = 24 * 60 * 60 + 90  # seconds: a day, a minute and a half, for an interval has parts that start again at 0


def _expect_no_age(asked: CheckedFunction, primary: Server, standby: Server) -> None:
    commit_mark(primary)
    standby.catch_up(within=60)
    for _ in range(draw.randint(2, 6)):  # anyone who counts calls cannot tell when the answer is another
        _rest(standby)
        when = f"{AGE} s after the last commit, all of it replayed"
        got = _settled(partial(asked.number, primary, standby, when=when), lambda age: abs(age) < AGE / 2)
        asked.expect(abs(got) < AGE / 2, "0: the standby shows all there is")


def _rest(standby: Server) -> None:
    """Until the last commit replayed is AGE old, though the server's own housekeeping commits as well."""
    rested = (
        "select missing <= 0 "
        "from (select %s - extract(epoch from now() - pg_last_xact_replay_timestamp()) as missing) m, "
        "pg_sleep(greatest(missing, 0))"
    )
    wait_until(lambda: standby.value(rested, [AGE]), 60, "a moment without a commit")


def _expect_age(
    asked: CheckedFunction, primary: Server, standby: Server, began: float, when: str, commit: Callable = commit_mark,
    older: int = 0,
) -> None:
    commit(primary)
    let_pass(AGE, since=time.monotonic())
    got = asked.number(primary, standby, when=f"{AGE} s {when}")
    most = time.monotonic() - began + 1
    # Who calls PostgreSQL's function by its schema is not told that it is older.
    right = any(0.9 * AGE <= got - more <= most for more in {0, older})
    asked.expect(right, f"from {older + AGE} to {older + most:.1f}: what it shows is that old")


PATIENT_S = 20  # seconds: what takes longer was held up by no housekeeping, and is not asked again


@repeatable
def waiting_for_fresh_data(function) -> None:
    asked = CheckedFunction(
        function, look="take the primary's position first; then ask the standby until it has replayed that far"
    )
    with on(pair, asked) as (primary, standby):
        # As slow as this machine is now, and the trouble longer than that: no fixed sleep is short here and long there.
        most = min(max(1.2, 20 * seconds_of(lambda: standby.catch_up(within=60))), 15)
        trouble_lasts = 1.25 * most
        took = _settled(lambda: asked.ended(primary, standby, 40, when="with all of it replayed", within=60).took,
                        lambda seconds: seconds < most or seconds > PATIENT_S, tries=5)
        asked.expect(took < most, "an end at once: there is nothing to wait for", got=f"took {took:.1f} s")
        for trouble, words, position in ((paused, "replay paused", NEXT_HALF),
                                         (stalled, "the network stalled", NEXT_DIGIT)):
            with trouble(standby, after=trouble_lasts):
                write_up_to(primary, position)
                mark = commit_mark(primary)
                ended = asked.ended(primary, standby, 40, when=f"with {words} for {trouble_lasts:.1f} s", within=60)
                shown = has(standby, mark)
            asked.expect(ended.error is None, "no error")
            asked.expect(shown, "the commit made before the call to be on the standby",
                         got="returned before it was there")
            asked.expect(ended.took < trouble_lasts + most + 2, "an end soon after the commit is on the standby",
                         got=f"returned after {ended.took:.1f} s")
            standby.catch_up(within=60)
        with paused(standby, after=trouble_lasts):
            commit_a_little(primary)
            position = primary.wal_position()
            asked(primary, standby, 40, when="after a small commit, with replay paused", within=60)
            shown = standby.replayed(position)
        asked.expect(shown, "the commit made before the call to be on the standby", got="returned before it was there")
        with busy_after_the_call(primary, standby):
            ended = asked.ended(primary, standby, 10, when="while the shop goes on writing", within=60)
        asked.expect(ended.error is None,
                     "an end once the standby shows what was committed at the call, whatever came after")


@repeatable
def waiting_has_an_end(function) -> None:
    asked = CheckedFunction(function, look="a deadline: time.monotonic() + within, and TimeoutError past it")
    with on(pair, asked) as (primary, standby), paused(standby):
        commit_mark(primary)
        ended = asked.ended(primary, standby, 1, when="with replay paused for good and within = 1", within=15)
        asked.expect(isinstance(ended.error, TimeoutError), "TimeoutError after about a second")
        asked.expect(ended.took > 0.8, "TimeoutError after about a second", got=f"raised it after {ended.took:.1f} s")
        ended = asked.ended(primary, standby, 0.6, when="with replay paused for good and within = 0.6", within=15)
        asked.expect(isinstance(ended.error, TimeoutError) and ended.took > 0.5, "TimeoutError after about 0.6 seconds",
                     got=f"{ended.described} after {ended.took:.1f} s")
        # As slow as this machine is now: who sleeps a second between two looks is slower still.
        position = primary.wal_position()
        most = 0.75 + 3 * min(seconds_of(lambda: standby.replayed(position)) for _ in range(5))
        when = "with replay paused for good and within = 0.2"
        took = _settled(lambda: asked.ended(primary, standby, 0.2, when=when, within=15).took,
                        lambda seconds: seconds < most, tries=6)
        asked.expect(took < most, "TimeoutError after about 0.2 seconds", got=f"raised it after {took:.1f} s")


# 5 Safe access for the analyst

LIMITS = "select rolconnlimit, array(select unnest(rolconfig) order by 1) from pg_roles where rolname = %s"

LIMITS_OF_OTHERS = (
    "select datname, datconnlimit, rolname, rolconnlimit, setconfig from pg_database cross join pg_roles r "
    "left join pg_db_role_setting on setrole in (0, r.oid) and setdatabase in (0, pg_database.oid) "
    "where rolname <> %s order by 1, 3, 5")

TIMEOUTS_OF_ALL = "select name, setting from pg_file_settings where name like '%timeout' order by 1, 2"


@repeatable
@same_here(own.analyst_reads)
def analyst_reads_what_it_needs(function) -> None:
    asked = CheckedFunction(function, look="GRANT SELECT ON table, and GRANT SELECT (column, ...) ON table")
    with on(unprepared, asked) as (primary, _):
        password = token_hex(8)
        _create(asked, primary, password)
        _expect_repeatable(asked, primary, password)
        refused = refusal(primary, ANALYST, password)
        asked.expect(not refused, "analyst to log in with the password given", got=f"left it refused: {refused}")
        limits, powers = primary.row(LIMITS, [ANALYST]), powers_of(primary, ANALYST)
        primary.execute(f"alter role {ANALYST} createrole createdb replication bypassrls connection limit -1")
        primary.execute(f"alter role {ANALYST} reset all")
        password = f"{STRANGE} {token_hex(8)}"
        asked(primary, password,
              when="where the role is there, may create others and has no limits; the new password begins with "
                   f"{STRANGE}")
        refused = refusal(primary, ANALYST, password)
        asked.expect(not refused, "analyst to log in with the password given now", got=f"left it refused: {refused}")
        asked.expect(primary.row(LIMITS, [ANALYST]) == limits, "the same limits as on a primary without the role",
                     got="set other limits where the role is there already")
        more = sorted(set(powers_of(primary, ANALYST)) - set(powers))
        asked.expect(not more, "an ordinary role again", got=f"left an analyst that is more: {', '.join(more)}")
        for table, columns in {**dict.fromkeys(MAY_READ, "*"), **MAY_READ_PARTLY}.items():
            refused = query_refusal(primary, f"select {columns} from {table} limit 1", user=ANALYST, password=password)
            asked.expect(not refused, f"analyst to read {'all' if columns == '*' else columns} of {table}",
                         got=f"left it refused: {refused}")


@repeatable
@same_here(own.analyst_sees_no_person)
def analyst_sees_nothing_personal(function) -> None:
    asked = CheckedFunction(
        function, look="rights on a whole table include its personal columns; so does pg_read_all_data"
    )
    with on(unprepared, asked) as (primary, _):
        _create(asked, primary)
        seen = personal_columns_of(primary, ANALYST)
        asked.expect(not seen, "names, addresses and phones to be refused", got=f"lets analyst read {', '.join(seen)}")
        other = f"other_{token_hex(3)}"
        primary.execute(f"create role {other}")
        seen = readable_tables(primary, other)
        asked.expect(not seen, "no other role to get rights by it", got=f"lets every role read {_listed(seen)}")
        primary.execute(f"create table news_{token_hex(3)} (email text)")
        seen = personal_columns_of(primary, ANALYST)
        asked.expect(not seen, "a table that is made later to be refused, too",
                     got=f"lets analyst read {', '.join(seen)}")
        for granted, words in (("select on all tables in schema public", "SELECT on every table"),
                               ("select (email) on people", "SELECT on people.email")):
            primary.execute(f"grant {granted} to {ANALYST}")
            ended = asked.ended(primary, PASSWORD, when=f"where an earlier try granted {words}")
            # Whether it runs twice is another check's question.
            seen = [] if ended.error else personal_columns_of(primary, ANALYST)
            asked.expect(not seen, "what the earlier try granted too much to be taken back",
                         got=f"lets analyst read {_listed(seen)}")


@repeatable
@same_here(own.analyst_only_reads)
def analyst_cannot_write(function) -> None:
    asked = CheckedFunction(
        function, look="which privileges reading needs: SELECT alone. A default the user can change is no lock"
    )
    with on(unprepared, asked) as (primary, _):
        _create(asked, primary)
        rights = write_rights_of(primary, ANALYST)
        asked.expect(not rights, "no right but to read tables", got=f"lets analyst {_listed(rights)}")
        powers = powers_of(primary, ANALYST)
        asked.expect(not powers, "an ordinary role", got=f"made an analyst that is more: {', '.join(powers)}")
        primary.execute(f"grant insert, delete on orders to {ANALYST}")
        primary.execute(f"grant select on plans to {ANALYST} with grant option")
        ended = asked.ended(primary, PASSWORD, when="where an earlier try granted INSERT and DELETE on orders, and "
                                                    "SELECT on plans with the right to pass it on")
        # Whether it runs twice is another check's question.
        rights = [] if ended.error else write_rights_of(primary, ANALYST)
        asked.expect(not rights, "what the earlier try granted too much to be taken back",
                     got=f"lets analyst {_listed(rights)}")


@repeatable
@same_here(own.analyst_is_limited)
def analyst_has_limits(function) -> None:
    asked = CheckedFunction(
        function, look="ALTER ROLE ... SET statement_timeout = ...; CONNECTION LIMIT is the role's own"
    )
    with on(unprepared, asked) as (primary, _):
        before, timeouts = primary.rows(LIMITS_OF_OTHERS, [ANALYST]), primary.rows(TIMEOUTS_OF_ALL)
        _create(asked, primary)
        there = {row[2] for row in before}  # a group that analyst is in may be new
        after = [row for row in primary.rows(LIMITS_OF_OTHERS, [ANALYST]) if row[2] in there]
        same = after == before and primary.rows(TIMEOUTS_OF_ALL) == timeouts
        asked.expect(same, "no limit on any role but analyst", got="set a limit for other roles, too")
        most = primary.value("select rolconnlimit from pg_roles where rolname = %s", [ANALYST])
        asked.expect(1 <= most <= 5, "a connection limit, of 5 at most",
                     got=f"left it at {most}" + (" (none)" if most < 0 else ""))
        # Whether it could log in is another check's question.
        primary.execute(f"alter role {ANALYST} login password '{PASSWORD}'")
        with primary.connect(user=ANALYST, password=PASSWORD) as c:
            for name, seconds in (("statement_timeout", 120), ("idle_in_transaction_session_timeout", 60)):
                [(set_to,)] = c.execute("select setting::int from pg_settings where name = %s", [name]).fetchall()
                asked.expect(set_to == seconds * 1000, f"{name} of {seconds // 60} min",
                             got=f"left analyst with {name} = {set_to / 1000:g} s" + ("" if set_to else " (none)"))


@repeatable
@same_here(own.analyst_is_kept_on_the_standby)
def analyst_reaches_only_the_standby(function) -> None:
    asked = CheckedFunction(
        function, look="the first rule of pg_hba.conf that matches decides; each server has a file of its own"
    )
    with on(with_analyst, asked) as (primary, standby):
        standby.allow(f"host all {ANALYST} {standby.network} reject", first=True)
        for server in (primary, standby):
            server.allow(f"host all leaver {server.network} reject", first=True)
        asked(primary, standby, when="with a standby whose copied pg_hba.conf refuses analyst")
        for database in ("teaspoon", "postgres", "template1"):
            asked.expect(eventually(partial(refusal, primary, ANALYST, PASSWORD, database=database)),
                         "the primary to refuse analyst, whatever the database",
                         got=f"lets analyst into {database} there")
        asked.expect(sees_new_rows(primary, standby), "the standby to stream still", got="cut replication off")
        refused = still(lambda: refusal(standby, ANALYST, PASSWORD))
        asked.expect(not refused, "the standby to admit analyst", got=f"locks analyst out there: {refused}")
        asked.expect(refusal(standby, ANALYST, "wrong") != "", "a wrong password to be refused on the standby",
                     got="admits analyst there with any password")
        for server in (primary, standby):
            refused = refusal(server, "shop", PASSWORD) or refusal(server, "postgres", primary.password)
            asked.expect(not refused, f"the shop to reach the {server.name} still", got=f"locks others out: {refused}")
            asked.expect(refusal(server, "leaver", PASSWORD) != "",
                         f"the {server.name} to refuse whom it refused before", got="lets in a role that it refused")


def _create(asked: CheckedFunction, primary: Server, password: str = PASSWORD) -> None:
    asked(primary, password, when="on a primary without the role")
    exists = primary.value("select 1 from pg_roles where rolname = %s", [ANALYST])
    asked.expect(bool(exists), f"a role named {ANALYST}", got="made no such role")


# 6 Queries against recovery

@repeatable
@same_here(own.favours_analysts)
def long_query_survives(function) -> None:
    asked = CheckedFunction(function, look="max_standby_streaming_delay and its unit, in force; standby.configure(...)")
    with on(pair, asked) as (primary, standby):
        standby.configure(max_standby_streaming_delay="0", hot_standby_feedback="off")
        asked(standby, when="on a standby that cancels at once")
        in_ms = "select setting::int from pg_settings where name = 'max_standby_streaming_delay'"
        delay = (eventually(lambda: standby.value(in_ms)) or 0) / 1000
        left = f"left max_standby_streaming_delay at {delay:g} s"
        left = left if delay >= 0 else "lets a query hold recovery up for ever"
        asked.expect(delay >= 0, "the standby never to be more than 300 s behind for a query's sake", got=left)
        asked.expect(delay > 60, "a query of 60 s to survive a release: a delay of more than 60 s, since it counts "
                                 "from the moment the change arrived", got=left)
        asked.expect(delay <= 300, "the standby never to be more than 300 s behind for a query's sake", got=left)
        for name in ("statement_timeout", "transaction_timeout"):
            ends = int(standby.value("select setting from pg_settings where name = %s", [name]))
            asked.expect(not 0 < ends <= 60_000, "a query of 60 s to survive a release",
                         got=f"left {name} at {ends / 1000:g} s")
        held_back = setting(standby, "recovery_min_apply_delay")
        asked.expect(held_back == "0", "the standby to be as fresh as before while no query holds it up",
                     got=f"left recovery_min_apply_delay at {held_back}")
        asked.expect(survives(lambda: release(primary), standby), "a running query to survive a release on the primary",
                     got="left a standby that cancels it")


# 7 The slot

@repeatable
@same_here(own.bounds_slots)
def slot_cannot_fill_the_disk(function) -> None:
    asked = CheckedFunction(function, look="max_slot_wal_keep_size is counted in megabytes; a reload is enough")
    with on(pair, asked) as (primary, standby):
        bound, started = draw.choice((16, 20, 24)), "select pg_postmaster_start_time()"
        before = primary.value(started)
        asked(primary, 500, when="with megabytes = 500")
        asked(primary, bound, when=f"with megabytes = {bound}, after 500")
        in_force = "select setting::int from pg_settings where name = 'max_slot_wal_keep_size'"
        if not eventually(lambda: 0 <= primary.value(in_force) <= bound):
            asked.fail(f"a max_slot_wal_keep_size of at most {bound} MB, in force",
                       got=f"left it at {primary.value(in_force)} MB")
        asked.expect(primary.value(started) == before, "the primary not to be restarted", got="restarted it")
        standby.stop()
        for size, kept, due in ((8, ("reserved", "extended"), "8 MB to be kept for the standby"),
                                (bound + 8, ("unreserved", "lost"), f"the slot to give up past {bound} MB")):
            write(primary, size * MEGABYTE)
            primary.execute("checkpoint")
            status = slot_status(primary)
            asked.expect(status in kept, due, got=f"left the slot {status} after {size} MB more of WAL")


@repeatable
def slots_at_risk(function) -> None:
    asked = CheckedFunction(function, look="pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) of pg_replication_slots")
    with on(pair, asked) as (primary, standby):
        make = "select pg_create_physical_replication_slot(%s, %s)"
        early, late, never, reader = (f"{kind}_{token_hex(3)}" for kind in ("early", "late", "never", "reader"))
        asked.expect(_names(asked, primary, 8 * MEGABYTE, when="with the standby streaming") == [], "no name at all")
        primary.execute(make, [early, True])
        primary.execute(make, [never, False])
        with stalled(standby):
            write(primary, 12 * MEGABYTE)
            got = _names(asked, primary, 8 * MEGABYTE,
                         when="with warn_bytes = 8 MB, a standby connected, and 12 MB on their way to it")
            asked.expect(got == [SLOT, early], "the names of those that keep 12 MB, in use or not")
        standby.stop()
        primary.configure(wal_level="logical")
        primary.restart()
        primary.execute("select pg_create_logical_replication_slot(%s, 'pgoutput')", [reader], database="postgres")
        write(primary, 12 * MEGABYTE)
        primary.execute("checkpoint")  # a new slot keeps WAL from the last one on
        primary.execute(make, [late, True])
        got = _names(asked, primary, 8 * MEGABYTE, when="with warn_bytes = 8 MB: two physical slots and a logical one "
                     "of another database keep 12 MB or more, two keep nothing")
        asked.expect(got == [SLOT, early, reader], "the names of those that keep 12 MB or more")
        got = _names(asked, primary, 64 * MEGABYTE, when="with warn_bytes = 64 MB: no slot keeps half of it")
        asked.expect(got == [], "no name at all")
        with _unconfirmed(primary):
            write(primary, 12 * MEGABYTE)
            primary.execute("select pg_replication_slot_advance(%s, pg_current_wal_lsn())", [reader],
                            database="postgres")
            got = _names(asked, primary, 8 * MEGABYTE, when="with warn_bytes = 8 MB; the logical slot's reader has "
                         "read all, but a transaction is open, so it keeps 12 MB or more")
            asked.expect(got == [SLOT, early, late, reader], "the names of those that keep 12 MB or more")
        _expect_more_than_it_keeps(asked, primary, late)


def _expect_more_than_it_keeps(asked: CheckedFunction, primary: Server, slot: str) -> None:
    """Of a slot that keeps just `warn_bytes`, and one byte more, if the primary writes nothing in the meantime."""
    kept = "select pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint from pg_replication_slots " \
           "where slot_name = %s"
    write(primary, MEGABYTE)
    for less, due in ((0, f"{slot} not to be named: it keeps no more than that"), (1, f"{slot} to be named")):
        for _ in range(10):
            size = primary.value(kept, [slot])
            when = f"with warn_bytes = {size - less}, where {slot} keeps {size}"
            got = _names(asked, primary, size - less, when=when)
            if primary.value(kept, [slot]) == size:
                asked.expect((slot in got) == bool(less), due)
                break


@contextmanager
def _unconfirmed(primary: Server) -> Iterator[None]:
    """A transaction is open: a logical slot keeps all since it began, whatever its reader has confirmed."""
    with primary.connect() as connection:
        connection.execute("begin")
        connection.execute("select pg_current_xact_id()")
        primary.execute("select pg_log_standby_snapshot()")
        yield


def _names(asked: CheckedFunction, *arguments, when: str) -> list:
    """What the function returned, as a sorted list of names."""
    names = asked.items(*arguments, when=when)
    asked.expect(all(isinstance(name, str) for name in names), "a list of names, each a str",
                 got=f"returned {names[:3]}")
    return sorted(names)


# 8 The proof

@repeatable
def month_end_runs_on_the_standby(function, query: str) -> None:
    asked = CheckedFunction(
        function, look="standby.catch_up(within=...), then the query as analyst: standby.row(MONTH_END, user=...)"
    )
    order = ("insert into orders (household_id, total_cents, placed_at, updated_at) "
             "select min(id), %s, '2026-06-15', '2026-06-15' from households")
    with on(with_analyst, asked) as (primary, standby):
        standby.configure(log_connections="on")
        before = scans_of_orders(primary), scans_of_orders(standby)
        with paused(standby, after=2.2):  # longer than a short sleep
            primary.execute(order, [draw.randrange(10**5, 10**6)])
            got = asked.items(primary, standby, PASSWORD, when="with an order of June just placed")
        elsewhere = scans_of_orders(primary) - before[0]
        asked.expect(_whole(got) == _whole(primary.row(query)), "the row that MONTH_END gives with the new order in it")
        asked.expect(not elsewhere, "the query to run on the standby", got="read the orders of the primary")
        asked.expect(eventually(lambda: scans_of_orders(standby) - before[1]), "the query to run on the standby",
                     got="did not read the orders there")
        logins = standby.log(1000)
        asked.expect(f"user={ANALYST} " in logins, f"the query to run as {ANALYST}",
                     got="read the standby as another role")
        primary.execute(order, [draw.randrange(10**5, 10**6)])
        got = asked.items(primary, standby, PASSWORD, when="with one more order of June, after that")
        asked.expect(_whole(got) == _whole(primary.row(query)), "the row that MONTH_END gives with that order in it")
        cut_off(primary, standby)
        primary.execute(order, [draw.randrange(10**5, 10**6)])
        primary.stop()
        ended = asked.ended(primary, standby, PASSWORD, when="where the primary is stopped, and the standby lost it "
                            "before the last order")
        asked.expect(ended.error is not None, "an error: nobody can know whether the standby shows all")


def _whole(row) -> list[int] | None:
    try:
        return [int(value) for value in row]
    except (TypeError, ValueError):
        return None


# 9 A replica is not a backup

@repeatable
def backup_brings_a_table_back(back_up, restore) -> None:
    asked = CheckedFunction(back_up, look="pg_dump --table prints the table as SQL: its columns, its keys, its rows")
    again = CheckedFunction(
        restore, look="what the dump holds: print(back_up(...)); then psql, which reads SQL from stdin"
    )
    with on(unprepared, asked) as (primary, _):
        table = f"vouchers_{token_hex(3)}"
        primary.execute(f"create table {table} (code text primary key, cents bigint not null check (cents > 0), "
                        "note text)")
        code = "(array['', '-- '])[n % 2 + 1]"  # of which one begins as a comment does
        notes = ["null", "''", r"E'it\'s; \\N\t\nagain'"]  # texts that SQL written by hand would lose
        primary.execute(f"insert into {table} select {code} || md5(random()::text), 1 + (random() * 5000)::int, "
                        f"(array[{', '.join(notes)}])[n % 3 + 1] from generate_series(1, 500) n")
        primary.execute(f"create table {table}_old (like {table})")
        rows, shape = rows_of(primary, table), shape_of(primary, table)
        dump = asked(primary, table, when="of a table of 500 rows, with nulls, quotes and line ends in them")
        asked.expect(isinstance(dump, str) and bool(dump), "the backup as text")
    with on(unprepared, again) as (primary, _):  # the server it came from is gone with all that was on it
        primary.execute(f"drop table if exists {table}")
        again(primary, dump, when="on a server that never had the table")
        again.expect(has(primary, table), "the table to be there", got="left no table")
        now = rows_of(primary, table)
        again.expect(now == rows, "the 500 rows as they were", got=f"brought back {len(now)} rows, not all the same")
        again.expect(not has(primary, f"{table}_old"), "no other table", got=f"brought back {table}_old, too")
        again.expect(shape_of(primary, table) == shape, "its columns, its primary key and its check as they were",
                     got="brought back another table")
        ended = again.ended(primary, "select 1;\nselect nonsense;\nselect 2;\n", when="with an error in the SQL")
        again.expect(ended.error is not None, "an error: psql goes on after one unless ON_ERROR_STOP is set")


# Common to several

def _expect_repeatable(asked: CheckedFunction, *arguments) -> None:
    """Set-up code runs more than once in its life."""
    ended = asked.ended(*arguments, when="a second time")
    asked.expect(ended.error is None, "no error: look whether it is there before you make it")


def _settled(ask: Callable, fine: Callable, tries: int = 10):
    """The first answer that is fine, of a few: a server's housekeeping may come in the middle of a measurement."""
    for _ in range(tries):
        if fine(got := ask()):
            break
        time.sleep(0.05)
    return got


def _listed(words: list[str], most: int = 4) -> str:
    return ", ".join(words[:most]) + (" ..." if len(words) > most else "")


def _some_megabytes() -> int:
    return draw.randrange(2 * MEGABYTE, 4 * MEGABYTE)


def _about(got: float, written: int) -> bool:
    return 0.9 * written <= got <= 1.1 * written + 100_000


def _shuffled(values) -> list[float]:
    values = [float(v) for v in values]
    draw.shuffle(values)
    return values
