"""What the test cells of Lab 3 call: one function a graded point.

Each takes the student's function and tries it on servers of its own (`environments.templates`): another Teaspoon
than the student's, broken off on purpose, gone afterwards. So no check depends on an earlier answer.
"""

import math
import random
import threading
import time
from contextlib import contextmanager

import psycopg

from autograders.expect import Asked
from environments.errors import LabsError
from environments.postgres import REPLICATOR, SLOT, Server
from environments.templates import pair, unprepared
from environments.waiting import wait_until

ANALYST = "analyst"
MAY_READ = ("plans", "recipes", "subscriptions", "orders", "order_items")
MAY_READ_PARTLY = {"households": "id, city, postcode_area, country, channel, signed_up_at",
                   "people": "id, household_id, is_owner, created_at"}
PERSONAL = {"households": ("street_address",), "people": ("full_name", "email", "phone")}
TABLES = (*MAY_READ, *MAY_READ_PARTLY)
MEGABYTE = 1024 * 1024


# 1 The pain

def p95(function) -> None:
    """The 95th percentile, by any usual definition, of samples in any order."""
    asked = Asked(function, look="sort a copy, then take the value below which 95 of 100 lie")
    for samples in ([7.0], _shuffled(range(1, 101)), [random.lognormvariate(1, 1) for _ in range(997)]):
        given, ordered = list(samples), sorted(samples)
        got = asked.number(given, when=f"of {len(samples)} samples, the middle one {ordered[len(ordered) // 2]:.3g}")
        low, high = ordered[int(0.95 * (len(ordered) - 1))], ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)))]
        asked.expect(low <= got <= high, f"a value from {low:.4g} to {high:.4g}")
        asked.expect(given == list(samples), "the list it was given to stay as it was", got="changed its argument")


# 2 The primary made ready

def primary_can_stream(function) -> None:
    asked = Asked(function, look="wal_level and max_wal_senders are read at a start: primary.restart()")
    with unprepared() as (primary, _):
        asked(primary, when="on a primary with wal_level minimal and no senders")
        level, senders = _setting(primary, "wal_level"), int(_setting(primary, "max_wal_senders"))
        asked.expect(level in ("replica", "logical"), "wal_level to be replica, in force", got=f"left wal_level at {level}")
        asked.expect(senders >= 2, "2 or more senders: the standby takes one, pg_basebackup another",
                     got=f"left max_wal_senders at {senders}")
        _expect_repeatable(asked, primary)


def replicator_has_only_what_it_needs(function) -> None:
    asked = Asked(function, look="CREATE ROLE ... LOGIN REPLICATION, and nothing more")
    with unprepared() as (primary, _):
        asked(primary, "s3cret", when="on a primary without the role")
        role = primary.row("select rolcanlogin, rolreplication, rolsuper or rolcreaterole or rolcreatedb or rolbypassrls "
                           "from pg_roles where rolname = %s", [REPLICATOR])
        asked.expect(role is not None, f"a role named {REPLICATOR}", got="made no such role")
        login, replication, more = role
        asked.expect(login and replication, "a role that may log in and replicate",
                     got=f"made a role with login {login}, replication {replication}")
        asked.expect(not more and not _memberships(primary, REPLICATOR), "no right beyond LOGIN and REPLICATION",
                     got="made a role that is superuser, may create roles or databases, or is a member of another")
        asked.expect(_logs_in(primary, REPLICATOR, "s3cret"), "its password to be the one given",
                     got="made a role that cannot log in with it")
        _expect_repeatable(asked, primary, "s3cret")


def only_replicator_may_replicate(function) -> None:
    asked = Asked(function, look="pg_hba.conf: TYPE DATABASE USER ADDRESS METHOD; primary.network is the address")
    with unprepared() as (primary, _):
        _ready_but_for_hba(primary)
        asked(primary, when="on a primary that admits nobody for replication")
        asked.expect(_may_replicate(primary, REPLICATOR, "right"), f"{REPLICATOR} to be admitted for replication",
                     got="left it refused")
        asked.expect(not _may_replicate(primary, REPLICATOR, "wrong"), "a wrong password to be refused",
                     got=f"admits {REPLICATOR} with any password")
        asked.expect(not _may_replicate(primary, "someone_else", "right"), f"nobody but {REPLICATOR} to be admitted",
                     got="admits another role for replication, too")
        strangers = primary.rows("select address, netmask from pg_hba_file_rules where 'replication' = any(database) "
                                 "and (address = 'all' or netmask in ('0.0.0.0', '::'))")
        asked.expect(not strangers, f"the line to admit {primary.network} only", got="admits the whole internet")
        _expect_repeatable(asked, primary)


def slot_waits(function) -> None:
    asked = Asked(function, look="pg_create_physical_replication_slot, and pg_replication_slots before it")
    with unprepared() as (primary, _):
        _prepare(primary)
        primary.execute("select pg_drop_replication_slot(%s)", [SLOT])
        asked(primary, when="on a primary without slots")
        slots = primary.rows("select slot_name, slot_type, temporary from pg_replication_slots")
        asked.expect(slots == [(SLOT, "physical", False)], f"one lasting physical slot named {SLOT}",
                     got=f"left these slots: {[(name, kind) for name, kind, _ in slots]}")
        _expect_repeatable(asked, primary)


# 3 The standby

def standby_streams(function) -> None:
    asked = Asked(function, look="the server log, standby.runtime.log(); pg_stat_wal_receiver on the standby")
    with _built(asked) as (primary, standby):
        asked.expect(standby.in_recovery(), "the standby to be in recovery", got="built a server that takes writes")
        asked.expect(_sees_new_rows(primary, standby), "a row committed on the primary to appear within 5 s",
                     got="built a copy that does not follow the primary")
        sender = primary.row("select usename from pg_stat_replication where state = 'streaming'")
        asked.expect(sender == (REPLICATOR,), f"it to stream as the role {REPLICATOR}",
                     got=f"built a standby that streams as {sender and sender[0]}")


def standby_uses_the_slot(function) -> None:
    asked = Asked(function, look="--slot of pg_basebackup, primary_slot_name of the standby")
    with _built(asked) as (primary, _):
        in_use = _within(5, lambda: primary.value("select active from pg_replication_slots where slot_name = %s", [SLOT]))
        asked.expect(in_use, f"the slot {SLOT} to be in use", got="built a standby that streams without it")


def building_twice_is_safe(function) -> None:
    asked = Asked(function, look="stop the standby and erase its data directory before you copy")
    with _built(asked) as (primary, standby):
        asked(primary, standby, "right", when="a second time", within=30)
        asked.expect(standby.running() and standby.in_recovery() and _sees_new_rows(primary, standby),
                     "a standby that follows the primary", got="left none")


def replication_is_proven(function) -> None:
    asked = Asked(function, look="pg_is_in_recovery() on one side, pg_stat_replication on the other")
    with pair() as (primary, standby):
        got = asked(primary, standby, when="on a standby that streams")
        asked.expect(bool(got), "True")
        standby.configure(primary_conninfo="")
        _within(5, lambda: not primary.value("select count(*) from pg_stat_replication"))
        got = asked(primary, standby, when="on a standby in recovery that has lost its primary")
        asked.expect(not got, "False: nothing new arrives there")
        standby.execute("select pg_promote(true, 10)")
        got = asked(primary, standby, when="on a standby that was promoted")
        asked.expect(not got, "False: it is a server of its own now")


# 4 Lag

def lag_in_bytes(function) -> None:
    asked = Asked(function, look="which function reports the last *replayed* position, and which the primary's own")
    with pair() as (primary, standby):
        got = asked.number(primary, standby, when="on a standby that has replayed all")
        asked.expect(abs(got) < 1000, "0, or next to it")
        with _paused(standby):
            before = primary.wal_position()
            _write(primary, 2 * MEGABYTE)
            written = int(primary.value("select pg_wal_lsn_diff(pg_current_wal_lsn(), %s)", [before]))
            _within(5, lambda: standby.value("select pg_last_wal_receive_lsn() >= %s::pg_lsn", [primary.wal_position()]))
            got = asked.number(primary, standby, when=f"after {written:,} bytes of WAL with replay paused")
            asked.expect(0.9 * written <= got <= 1.1 * written + 100_000, f"about {written:,}: written, sent, not replayed")


def lag_in_seconds(function) -> None:
    asked = Asked(function, look="an idle primary: pg_last_xact_replay_timestamp() stands still, yet nothing is missing")
    with pair() as (primary, standby):
        began = time.monotonic()
        _commit(primary)
        standby.catch_up(within=5)
        _let_pass(1.0, since=began)
        got = asked.number(primary, standby, when="a second after the last commit, all of it replayed")
        asked.expect(got is not None and abs(got) < 0.5, "0: the standby shows all there is")
        with _paused(standby):
            paused = time.monotonic()
            _commit(primary)
            _let_pass(1.0, since=paused)
            got = asked.number(primary, standby, when="a second after a commit with replay paused")
            most = time.monotonic() - began + 1
            asked.expect(0.7 <= got <= most, f"from 0.7 to {most:.1f}: its data is that old")


def waiting_for_fresh_data(function) -> None:
    asked = Asked(function, look="take the primary's position first; then ask the standby until it is there")
    with pair() as (primary, standby):
        with _paused(standby):
            mark = _commit(primary)
            threading.Timer(0.6, _resume, [standby]).start()
            asked(primary, standby, 10, when="with replay paused for 0.6 s")
            asked.expect(_has(standby, mark), "the commit made before the call to be on the standby",
                         got="returned before it was there")


def waiting_has_an_end(function) -> None:
    asked = Asked(function, look="a deadline: time.monotonic() + within, and TimeoutError past it")
    with pair() as (primary, standby), _paused(standby):
        _commit(primary)
        started = time.monotonic()
        got = asked.outcome(primary, standby, 1, when="with replay paused for good and within = 1", within=6)
        if isinstance(got, NotImplementedError):
            asked(primary, standby, 1)
        took = time.monotonic() - started
        asked.expect(isinstance(got, TimeoutError), "TimeoutError after about a second", got=_outcome(got))
        asked.expect(0.8 <= took <= 4, "TimeoutError after about a second", got=f"raised it after {took:.1f} s")


# 5 Safe access for the analyst

def analyst_reads_what_it_needs(function) -> None:
    asked = Asked(function, look="GRANT SELECT ON table, and GRANT SELECT (column, ...) ON table")
    with _with_analyst(asked) as (primary, login):
        for table in MAY_READ:
            _expect_reads(asked, primary, login, table, "*")
        for table, columns in MAY_READ_PARTLY.items():
            _expect_reads(asked, primary, login, table, columns)


def analyst_sees_nothing_personal(function) -> None:
    asked = Asked(function, look="rights on a whole table include its personal columns; so does pg_read_all_data")
    with _with_analyst(asked) as (primary, login):
        for table, columns in PERSONAL.items():
            for column in columns:
                refused = _refused(primary, login, f"select {column} from {table} limit 1")
                asked.expect(refused, f"{table}.{column} to be refused", got=f"lets analyst read {table}.{column}")


def analyst_cannot_write(function) -> None:
    asked = Asked(function, look="which privileges reading needs: SELECT alone. A default the user can change is no lock")
    with _with_analyst(asked) as (primary, _):
        for table in TABLES:
            right = primary.value("select string_agg(right_, ', ') from unnest(array['insert', 'update', 'delete', 'truncate']) "
                                  "right_ where has_table_privilege(%s, %s, right_)", [ANALYST, table])
            asked.expect(not right, "no right to write anywhere", got=f"lets analyst {right} on {table}")
        asked.expect(not _is_powerful(primary), "an ordinary role",
                     got="made analyst a superuser, or lets it create roles, databases or tables")


def analyst_has_limits(function) -> None:
    asked = Asked(function, look="ALTER ROLE ... SET statement_timeout = ...; CONNECTION LIMIT is the role's own")
    with _with_analyst(asked) as (primary, login):
        limits = (("statement_timeout", 1, 300), ("idle_in_transaction_session_timeout", 1, 300))
        for name, least, most in limits:
            seconds = int(primary.value("select setting::int from pg_settings where name = %s", [name], **login)) / 1000
            asked.expect(least <= seconds <= most, f"{name} from {least} s to {most} s",
                         got=f"left analyst with {name} = {seconds:g} s" + (" (none)" if not seconds else ""))
        most = primary.value("select rolconnlimit from pg_roles where rolname = %s", [ANALYST])
        asked.expect(1 <= most <= 10, "a connection limit from 1 to 10", got=f"left it at {most}" + (" (none)" if most < 0 else ""))


def analyst_reaches_only_the_standby(function) -> None:
    asked = Asked(function, look="the first rule of pg_hba.conf that matches decides; each server has a file of its own")
    with pair() as (primary, standby):
        _make_analyst(primary)
        standby.catch_up(within=5)
        asked(primary, standby, when="with analyst able to log in on both")
        asked.expect(not _logs_in(primary, ANALYST, "right"), "the primary to refuse analyst", got="lets analyst in there")
        asked.expect(_logs_in(standby, ANALYST, "right"), "the standby to admit analyst", got="locks analyst out there")
        asked.expect(not _logs_in(standby, ANALYST, "wrong"), "a wrong password to be refused on the standby",
                     got="admits analyst there with any password")
        asked.expect(_logs_in(primary, "postgres", primary.password), "the shop to reach its primary still",
                     got="locks everybody out of the primary")
        asked.expect(_sees_new_rows(primary, standby), "the standby to stream still", got="cut replication off")


# 6 Queries against recovery

def long_query_survives(function) -> None:
    asked = Asked(function, look="max_standby_streaming_delay, in force without a restart; standby.configure(...)")
    with pair() as (primary, standby):
        standby.configure(max_standby_streaming_delay="0", hot_standby_feedback="off")
        asked(standby, when="on a standby that cancels at once")
        _within(3, lambda: _setting(standby, "max_standby_streaming_delay") != "0")
        delay = int(standby.value("select setting::int from pg_settings where name = 'max_standby_streaming_delay'")) / 1000
        asked.expect(delay == 0 or delay >= 60, "a query of 60 s to survive a release: a delay of 60 s or more",
                     got=f"left max_standby_streaming_delay at {delay:g} s")
        asked.expect(0 < delay <= 300, "the standby never to be more than 300 s behind for a query's sake",
                     got=f"left max_standby_streaming_delay at {delay:g} s" if delay >= 0 else "lets a query hold recovery up for ever")
        asked.expect(_survives_a_release(primary, standby), "a running query to survive a release on the primary",
                     got="left a standby that cancels it")


# 7 The slot

def slot_cannot_fill_the_disk(function) -> None:
    asked = Asked(function, look="max_slot_wal_keep_size is counted in megabytes; a reload is enough")
    with pair() as (primary, standby):
        asked(primary, 48, when="with megabytes = 48")
        standby.stop()
        _write(primary, 20 * MEGABYTE)
        primary.execute("checkpoint")
        asked.expect(_slot_status(primary) in ("reserved", "extended"), "20 MB to be kept for the standby",
                     got=f"left the slot {_slot_status(primary)} after 20 MB")
        _write(primary, 90 * MEGABYTE)
        primary.execute("checkpoint")
        asked.expect(_slot_status(primary) in ("unreserved", "lost"), "the slot to give up past 48 MB",
                     got="keeps more than 110 MB of WAL for a standby that is away")


def slots_at_risk(function) -> None:
    asked = Asked(function, look="pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) of pg_replication_slots")
    with pair() as (primary, standby):
        standby.catch_up(within=5)
        asked.expect(_names(asked, primary, 8 * MEGABYTE, when="with the standby streaming") == [], "no name at all")
        primary.execute("select pg_create_physical_replication_slot('never_used')")
        standby.stop()
        _write(primary, 12 * MEGABYTE)
        asked.expect(_names(asked, primary, 8 * MEGABYTE, when="with 8 MB, the standby stopped and 12 MB written") == [SLOT],
                     f"['{SLOT}']: the other slot keeps nothing")
        asked.expect(_names(asked, primary, 64 * MEGABYTE, when="with 64 MB, the standby stopped and 12 MB written") == [],
                     "no name at all")


# 8 The proof

def month_end_runs_on_the_standby(function, query: str) -> None:
    asked = Asked(function, look="standby.catch_up(within=...), then the query as analyst: standby.row(MONTH_END, user=...)")
    with pair() as (primary, standby):
        _make_analyst(primary)
        standby.catch_up(within=5)
        before = _scans(primary), _scans(standby)
        with _paused(standby):
            primary.execute("insert into orders (household_id, total_cents, placed_at, updated_at) "
                            "select min(id), 123456, '2026-06-15', '2026-06-15' from households")
            threading.Timer(0.4, _resume, [standby]).start()
            got = asked(primary, standby, "right", when="with an order of June just placed")
        used = _scans(primary) - before[0], _within(3, lambda: _scans(standby) - before[1])
        due = primary.row(query)
        try:
            same = [int(value) for value in got] == [int(value) for value in due]
        except (TypeError, ValueError):
            same = False
        asked.expect(same, f"{tuple(map(int, due))}, the new order among them")
        asked.expect(used[1] and not used[0], "the query to run on the standby alone", got="read the primary's orders")


# 9 A replica is not a backup

def backup_brings_a_table_back(back_up, restore) -> None:
    asked = Asked(back_up, look="pg_dump --table prints the table as SQL: its columns, its keys, its rows")
    with pair() as (primary, _):
        primary.execute("create table gift_cards (code text primary key, cents bigint not null check (cents > 0))")
        primary.execute("insert into gift_cards select md5(random()::text), 1 + (random() * 5000)::int from generate_series(1, 500)")
        rows, shape = _gift_cards(primary)
        dump = asked(primary, "gift_cards", when="of a table of 500 rows")
        asked.expect(isinstance(dump, str) and bool(dump), "the backup as text")
        primary.execute("drop table gift_cards")
        again = Asked(restore, look="psql reads SQL from its standard input: primary.run('psql', ..., stdin=dump)")
        again(primary, dump, when="after the table was dropped")
        again.expect(primary.value("select to_regclass('gift_cards') is not null"), "the table to be there", got="left no table")
        now, form = _gift_cards(primary)
        again.expect(now == rows, "the 500 rows as they were", got=f"brought back {len(now)} rows, not all the same")
        again.expect(form == shape, "its columns, its primary key and its check as they were", got="brought back another table")


# What the checks do to their servers

@contextmanager
def _built(asked: Asked):
    """The student's standby of a primary that is ready for it."""
    with unprepared() as (primary, standby):
        _prepare(primary)
        asked(primary, standby, "right", when="on a primary made ready", within=30)
        asked.expect(standby.runtime.exists(), "a data directory", got="left the standby's data directory empty")
        asked.expect(standby.running(), "the standby to run", got="left it stopped")
        yield primary, standby


@contextmanager
def _with_analyst(asked: Asked):
    with pair() as (primary, _):
        asked(primary, "right", when="on a primary without the role")
        exists = primary.value("select 1 from pg_roles where rolname = %s", [ANALYST])
        asked.expect(bool(exists), f"a role named {ANALYST}", got="made no such role")
        asked.expect(_logs_in(primary, ANALYST, "right"), f"{ANALYST} to log in with the password given", got="made one that cannot")
        _expect_repeatable(asked, primary, "right")
        yield primary, {"user": ANALYST, "password": "right"}


@contextmanager
def _paused(standby: Server):
    standby.execute("select pg_wal_replay_pause()")
    _within(5, lambda: standby.value("select pg_get_wal_replay_pause_state() = 'paused'"))
    try:
        yield
    finally:
        _resume(standby)


def _resume(standby: Server) -> None:
    standby.execute("select pg_wal_replay_resume() where pg_is_in_recovery()")


def _expect_repeatable(asked: Asked, *arguments) -> None:
    """Set-up code runs more than once in its life."""
    outcome = asked.outcome(*arguments, when="a second time")
    asked.expect(not isinstance(outcome, BaseException), "no error: look whether it is there before you make it",
                 got=_outcome(outcome))


def _outcome(value) -> str:
    if isinstance(value, BaseException):
        return f"raised {type(value).__name__}: {(str(value).splitlines() or [''])[0]}"
    return "returned without an error"


def _prepare(primary: Server) -> None:
    primary.prepare("right")


def _ready_but_for_hba(primary: Server) -> None:
    primary.configure(wal_level="replica", max_wal_senders="10")
    primary.restart()
    for role in (REPLICATOR, "someone_else"):
        primary.execute(f"create role {role} login replication password 'right'")


def _make_analyst(primary: Server) -> None:
    """An analyst as the lab asks for, with the password `right`."""
    primary.execute(f"create role {ANALYST} login password 'right' connection limit 5")
    primary.execute(f"grant select on {', '.join(MAY_READ)} to {ANALYST}")
    for table, columns in MAY_READ_PARTLY.items():
        primary.execute(f"grant select ({columns}) on {table} to {ANALYST}")


def _setting(server: Server, name: str) -> str:
    return server.value("select current_setting(%s)", [name])


def _memberships(server: Server, role: str) -> int:
    return server.value("select count(*) from pg_auth_members join pg_roles r on r.oid = member where r.rolname = %s", [role])


def _is_powerful(primary: Server) -> bool:
    return primary.value(
        "select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls "
        "or has_schema_privilege(oid, 'public', 'create') or has_database_privilege(oid, current_database(), 'create') "
        "from pg_roles where rolname = %s", [ANALYST])


def _logs_in(server: Server, user: str, password: str) -> bool:
    try:
        return server.value("select 1", user=user, password=password) == 1
    except (psycopg.OperationalError, LabsError):
        return False


def _may_replicate(server: Server, user: str, password: str) -> bool:
    try:
        with server.connect(user=user, password=password, replication="true"):
            return True
    except (psycopg.OperationalError, LabsError):
        return False


def _expect_reads(asked: Asked, primary: Server, login: dict, table: str, columns: str) -> None:
    try:
        primary.rows(f"select {columns} from {table} limit 1", **login)
    except psycopg.Error as e:
        asked.fail(f"analyst to read {columns} of {table}", got=f"left it refused: {str(e).splitlines()[0]}")


def _refused(primary: Server, login: dict, query: str) -> bool:
    try:
        primary.rows(query, **login)
        return False
    except psycopg.errors.InsufficientPrivilege:
        return True


def _commit(primary: Server) -> str:
    """A small committed fact that the standby can be asked for."""
    mark = f"mark_{random.randrange(10**12)}"
    primary.execute(f"create table {mark} ()")
    return mark


def _has(server: Server, mark: str) -> bool:
    return server.value("select to_regclass(%s) is not null", [mark])


def _sees_new_rows(primary: Server, standby: Server) -> bool:
    mark = _commit(primary)
    return bool(_within(5, lambda: _has(standby, mark)))


def _write(primary: Server, size: int) -> None:
    """At least `size` bytes of WAL."""
    with primary.connect() as c:
        for _ in range(size // MEGABYTE):
            c.execute("select pg_logical_emit_message(false, 'lab', repeat('x', %s))", [MEGABYTE])
        c.execute("select pg_switch_wal()" if size > 4 * MEGABYTE else "select 1")


def _survives_a_release(primary: Server, standby: Server) -> bool:
    """Whether a transaction that has read orders can go on reading while the primary alters that table."""
    with standby.connect() as reader:
        reader.execute("begin isolation level repeatable read")
        reader.execute("select count(*) from orders")
        primary.execute("alter table orders add column gift_note text")
        with standby.connect() as watcher:
            waiting = "select count(*) from pg_locks where not granted"
            _within(3, lambda: watcher.execute(waiting).fetchone()[0])
        try:
            reader.execute("select sum(total_cents) from orders")
            return True
        except psycopg.Error:
            return False


def _slot_status(primary: Server) -> str:
    return primary.value("select wal_status from pg_replication_slots where slot_name = %s", [SLOT]) or "gone"


def _names(asked: Asked, *arguments, when: str) -> list:
    """What the function returned, as a sorted list of names; one-column rows count as names."""
    got = asked(*arguments, when=when)
    try:
        return sorted(name[0] if isinstance(name, tuple) else name for name in got)
    except TypeError:
        asked.fail("a list of slot names")


def _scans(server: Server) -> int:
    return server.value("select coalesce(seq_scan, 0) + coalesce(idx_scan, 0) from pg_stat_user_tables where relname = 'orders'")


def _gift_cards(primary: Server) -> tuple[list, list]:
    shape = primary.rows("select conname, pg_get_constraintdef(oid) from pg_constraint "
                         "where conrelid = to_regclass('gift_cards') order by conname")
    return primary.rows("select * from gift_cards order by code"), shape


def _shuffled(values) -> list[float]:
    values = [float(v) for v in values]
    random.shuffle(values)
    return values


def _let_pass(seconds: float, since: float) -> None:
    wait_until(lambda: time.monotonic() - since >= seconds, seconds + 1, "time to pass")


def _within(seconds: float, fact):
    """The fact once it is true, else its last value when the time is over."""
    deadline = time.monotonic() + seconds
    while not (value := fact()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return value
