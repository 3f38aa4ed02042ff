"""What checks do to a pair of PostgreSQL servers: make them, disturb them, and look."""

import hashlib
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import LiteralString, cast

import psutil
import psycopg

from autograders.draws import draw
from autograders.expect import CheckedFunction
from environments import templates
from environments.busy import share
from environments.embedded import Embedded
from environments.errors import LabsError, MachineTooBusy, TookTooLong
from environments.postgres import REPLICATOR, SLOT, Server, prepare
from environments.waiting import wait_until
from environments.workspace import graded

ANALYST = "analyst"
PASSWORD = "right"
MAY_READ = ("plans", "recipes", "subscriptions", "orders", "order_items")
MAY_READ_PARTLY = {"households": "id, city, postcode_area, country, channel, signed_up_at",
                   "people": "id, household_id, is_owner, created_at"}
PERSONAL = ("street_address", "full_name", "email", "phone")
MEGABYTE = 1024 * 1024
# A check looks with its own eyes: at the catalog's names before any other schema's, and unseen by login triggers.
OWN_EYES = "-c search_path=public -c event_triggers=off"
# How often a check looks for what takes milliseconds. Counted in looks, for those of a busy machine take longer: a
# right answer has its time there, and a wrong one is told within five seconds where nothing else runs.
LOOKS = 200
SOCKETS = Path("/proc/net/tcp")  # Linux's table of them
# What the names of PostgreSQL's own schema, number 11, stand for; first that the catalogs themselves go by their names.
CATALOG = (
    "select n, n::regclass::text from unnest(array[1247, 1249, 1255, 1259, 2605, 2617, 2618]) n",
    "select oid, proname, prolang, proargtypes, prorettype, proretset, prosecdef, prosrc, probin from pg_proc "
    "where pronamespace = 11 order by oid",
    "select oid, relname, relkind from pg_class where relnamespace = 11 order by oid",
    "select attrelid, attnum, attname, atttypid from pg_attribute where attrelid in (select oid from pg_class "
    "where relnamespace = 11) order by attrelid, attnum",
    "select ev_class, rulename, ev_type, ev_enabled, ev_qual::text, ev_action::text from pg_rewrite where ev_class in "
    "(select oid from pg_class where relnamespace = 11) order by ev_class, rulename",
    "select oid, oprname, oprleft, oprright, oprcode from pg_operator where oprnamespace = 11 order by oid",
    "select oid, typname, typinput, typoutput, typsend from pg_type where typnamespace = 11 order by oid",
    "select castsource, casttarget, castfunc, castcontext, castmethod from pg_cast order by castsource, casttarget",
)
Servers = Callable[[], AbstractContextManager[tuple[Server, Server]]]


# Servers to try an answer on

@contextmanager
def on(servers: Servers, asked: CheckedFunction) -> Iterator[tuple[Server, Server]]:
    """Servers for a check. That one no longer answers after the student's function is a verdict, not a crash."""
    with servers() as both:
        for server in both:
            server.options = OWN_EYES
        if graded():
            catalog = catalog_of(both[0])
            asked.afterwards = lambda: _expect_genuine(asked, both, catalog)
        try:
            yield both
            asked.afterwards()
            if graded():
                _expect_catalog(asked, both[1], catalog)
        except (LabsError, psycopg.Error) as e:
            if not asked.call or isinstance(e, MachineTooBusy):
                raise
            if isinstance(e, (TookTooLong, psycopg.errors.ConnectionTimeout)) and share() < 0.5:
                raise MachineTooBusy("a check waited for its servers") from None
            asked.fail(
                "servers that run and answer afterwards", got=f"left one that does not: {str(e).splitlines()[0]}"
            )


def _expect_genuine(asked: CheckedFunction, servers: tuple[Server, Server], catalog: str) -> None:
    """That what answers on the servers' ports is PostgreSQL,
    on the data directories that were handed over, and the primary's catalog as it was."""
    for server in servers:
        if not eventually(lambda server=server: answers_itself(server), looks=LOOKS // 4):
            asked.fail(
                f"the {server.name} that was handed over to be the one that answers", got="put another in its place"
            )
    _expect_catalog(asked, servers[0], catalog)


def _expect_catalog(asked: CheckedFunction, server: Server, catalog: str) -> None:
    with suppress(LabsError, psycopg.Error):  # whether it answers at all is the check's own question
        if server.running() and catalog_of(server) != catalog:
            asked.fail("PostgreSQL's own functions and views to stay as they are", got="changed the catalog itself")


def answers_itself(server: Server) -> bool:
    """Whether it is the server that listens where it is asked, or nobody:
    who else would be, while it does, is refused the address."""
    here = server.runtime.host, server.runtime.port
    with suppress(psutil.Error, OSError):
        runtime = server.runtime
        if isinstance(runtime, Embedded) and (pid := runtime.genuine()) and _listens(pid, here):
            return True
    with suppress(OSError), socket.create_connection(here, timeout=5):
        return False
    return True


def _listens(pid: int, here: tuple[str, int]) -> bool:
    """Whether a process takes connections at an address, or at this port of all addresses."""
    if not SOCKETS.exists():  # not Linux
        connections = psutil.Process(pid).net_connections("tcp4")
        return any(c.status == psutil.CONN_LISTEN and c.laddr in (here, ("0.0.0.0", here[1])) for c in connections)
    return not set(_opened_by(pid)).isdisjoint(f"socket:[{inode}]" for inode in _listening(here))


def _opened_by(pid: int) -> Iterator[str]:
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed in the meantime
            yield os.readlink(handle)


def _listening(here: tuple[str, int]) -> Iterator[str]:
    """The inodes of the sockets that listen at an address. Linux tells of those first and makes up each line when it is
    read: who reads no further is spared the thousands of connections that closed a moment ago."""
    address, port = int.from_bytes(socket.inet_aton(here[0]), sys.byteorder), here[1]
    wanted = {f"{host:08X}:{port:04X}".encode() for host in (address, 0)}
    with open(SOCKETS, "rb", buffering=150) as table:  # a line
        for line in table:
            _, local, _, state, *rest = line.split()
            if local in wanted and state == b"0A":
                yield rest[5].decode()


def catalog_of(server: Server) -> str:
    """A digest of what PostgreSQL's own names stand for on a server. Of the contents, which the numbers of transactions
    do not tell: they can be wound back. The rows come as they are and are digested here, where no function of theirs
    runs."""
    digest = hashlib.sha256()
    with server.connect() as connection, connection.cursor() as cursor:
        for query in CATALOG:
            with cursor.copy(cast(LiteralString, f"copy ({query}) to stdout")) as rows:
                for row in rows:
                    digest.update(row)
    return digest.hexdigest()


@contextmanager
def prepared() -> Iterator[tuple[Server, Server]]:
    """A primary ready for a standby, nothing left to write to disk, and the standby not yet built."""
    with templates.unprepared() as (primary, standby):
        prepare(primary, PASSWORD)
        primary.execute("checkpoint")  # so that pg_basebackup's own, slow by default, has nothing to do
        yield primary, standby


@contextmanager
def all_but_admitted() -> Iterator[tuple[Server, Server]]:
    """A primary ready for a standby but for pg_hba.conf, with a second role that could replicate, a member of it."""
    with templates.unprepared() as (primary, standby):
        primary.configure(wal_level="replica", max_wal_senders="10")
        primary.restart()
        for role, groups in ((REPLICATOR, ""), ("someone_else", f"in role {REPLICATOR}")):
            primary.execute(f"create role {role} login replication password '{PASSWORD}' {groups}")
        yield primary, standby


@contextmanager
def with_analyst() -> Iterator[tuple[Server, Server]]:
    """A streaming pair with an analyst as the lab asks for, a role `shop`, a member of it, and a role `leaver`."""
    with templates.pair() as (primary, standby):
        for role, groups in ((ANALYST, ""), ("shop", f"in role {ANALYST}"), ("leaver", "")):
            primary.execute(f"create role {role} login password '{PASSWORD}' {groups}")
        primary.execute(f"grant select on {', '.join(MAY_READ)} to {ANALYST}")
        for table, columns in MAY_READ_PARTLY.items():
            primary.execute(f"grant select ({columns}) on {table} to {ANALYST}")
        standby.catch_up(within=30)
        yield primary, standby


# Disturbances

@contextmanager
def paused(standby: Server, after: float | None = None) -> Iterator[None]:
    """The standby receives and does not replay, until the end or for `after` seconds."""
    standby.execute("select pg_wal_replay_pause()")
    eventually(lambda: standby.value("select pg_get_wal_replay_pause_state() = 'paused'"))
    with ended_after(after, lambda: standby.execute("select pg_wal_replay_resume() where pg_is_in_recovery()")):
        yield


@contextmanager
def stalled(standby: Server, after: float | None = None) -> Iterator[None]:
    """The network to the standby stands still: connected, nothing arrives, until the end or for `after` seconds."""
    receiver = psutil.Process(
        wait_until(lambda: standby.value("select pid from pg_stat_wal_receiver"), 60, "a WAL receiver")
    )
    receiver.suspend()
    with ended_after(after, receiver.resume):
        yield


@contextmanager
def ended_after(seconds: float | None, end: Callable[[], object]) -> Iterator[None]:
    """Calls `end` after so many seconds and when the block ends."""
    timer = threading.Timer(seconds or 0, _in_peace, [end])
    if seconds is not None:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        _in_peace(end)


def _in_peace(end: Callable[[], object]) -> None:
    with suppress(LabsError, psycopg.Error, psutil.Error):  # the server may be gone: nothing left to end
        end()


def cut_off(primary: Server, standby: Server) -> None:
    """The standby goes on without its primary."""
    standby.configure(primary_conninfo="")
    eventually(lambda: not primary.value("select count(*) from pg_stat_replication"))


@contextmanager
def another_standby(primary: Server) -> Iterator[None]:
    """Somebody else to whom the primary streams, through the slot, and who has replayed all it had written before."""
    primary.execute(f"alter role {REPLICATOR} password '{PASSWORD}'")
    named = "walreceiver"  # as every standby is that got no other name
    with primary.connect(user=REPLICATOR, password=PASSWORD, replication="true", application_name=named) as c:
        eventually(lambda: not slot_in_use(primary))
        position = primary.wal_position()
        c.pgconn.exec_(f"START_REPLICATION SLOT {SLOT} PHYSICAL {position}".encode())
        number = primary.value("select (%s::pg_lsn - '0/0')::bigint", [position])
        c.pgconn.put_copy_data(struct.pack("!c4qb", b"r", number, number, number, 0, 0))  # written, flushed, replayed
        c.pgconn.flush()
        replayed = "select count(replay_lsn) from pg_stat_replication where state = 'streaming'"
        eventually(lambda: primary.value(replayed))
        yield


@contextmanager
def aged(primary: Server, standby: Server, seconds: int) -> Iterator[None]:
    """The standby says of its last commit that it is so much older: a function of the name that PostgreSQL's own has
    stands in a schema where superusers look first. A handle in another process has the role's own path, not ours."""
    schema = f"ago_{draw.randrange(10**12)}"
    primary.execute(f"create schema {schema}")
    primary.execute(f"create function {schema}.pg_last_xact_replay_timestamp() returns timestamptz language sql "
                    f"return pg_catalog.pg_last_xact_replay_timestamp() - interval '{seconds} s'")
    primary.execute(f"alter role postgres set search_path = {schema}, pg_catalog, public")
    standby.catch_up(within=60)
    standby.options = f"-c search_path={schema},pg_catalog,public -c event_triggers=off"
    try:
        yield
    finally:
        standby.options = OWN_EYES


def commit_mark(primary: Server) -> str:
    """A small committed fact that any copy can be asked for."""
    mark = f"mark_{draw.randrange(10**12)}"
    primary.execute(f"create table {mark} ()")
    return mark


def commit_a_little(primary: Server) -> None:
    """A commit of some hundred bytes of WAL."""
    primary.execute("select pg_logical_emit_message(true, 'lab', 'an order')")


@contextmanager
def busy_after_the_call(primary: Server, standby: Server) -> Iterator[None]:
    """What is committed before the block reaches the standby only
    while the block runs, what comes later not before its end.

    Replay is paused until somebody in the block has asked both servers something: by then who waits for a position
    knows it. Then the network stands still, the primary writes on, and replay goes on.
    """
    receiver = psutil.Process(
        wait_until(lambda: standby.value("select pid from pg_stat_wal_receiver"), 60, "a WAL receiver")
    )
    over = threading.Event()

    def go_on(logins: list[int]) -> None:
        while any(_logins(server) == before for server, before in zip((primary, standby), logins, strict=True)):
            if over.wait(0.02):
                return
        over.wait(0.5)
        arrived = "select pg_last_wal_receive_lsn() >= %s::pg_lsn"
        eventually(lambda: standby.value(arrived, [primary.wal_position()]))
        receiver.suspend()
        write(primary, MEGABYTE)
        standby.execute("select pg_wal_replay_resume()")

    with logging_logins(primary), logging_logins(standby), paused(standby):
        commit_mark(primary)
        disturbance = threading.Thread(target=_in_peace, args=[partial(go_on, [_logins(primary), _logins(standby)])])
        disturbance.start()
        try:
            yield
        finally:
            over.set()
            disturbance.join()
            _in_peace(receiver.resume)


@contextmanager
def logging_logins(server: Server) -> Iterator[None]:
    server.configure(log_connections="on")
    try:
        yield
    finally:
        _in_peace(lambda: server.configure(log_connections="off"))


def _logins(server: Server) -> int:
    """How often somebody has logged in, by the server's own log."""
    return server.log(10**9).count("connection authorized")


def write(primary: Server, size: int) -> int:
    """Write at least `size` bytes of WAL; how many it were."""
    before = primary.wal_position()
    with primary.connect() as c:
        for _ in range(size // MEGABYTE):
            c.execute("select pg_logical_emit_message(false, 'lab', repeat('x', %s))", [MEGABYTE])
        c.execute("select pg_logical_emit_message(true, 'lab', repeat('x', %s), true)", [size % MEGABYTE])
    return int(primary.value("select pg_wal_lsn_diff(pg_current_wal_lsn(), %s)", [before]))


def write_up_to(primary: Server, position: str) -> int:
    """Write WAL to about this position, within a percent of the way; nothing where the primary is past it."""
    return write(primary, primary.value("select greatest(0, %s::pg_lsn - pg_current_wal_lsn())::int", [position]))


def release(primary: Server) -> None:
    """The shop's change that locks orders for a moment."""
    primary.execute("alter table orders add column gift_note text")


@contextmanager
def idle_sender(primary: Server) -> Iterator[None]:
    """Somebody connected for replication to whom the primary streams nothing."""
    with primary.connect(user=REPLICATOR, password=PASSWORD, replication="true"):
        eventually(lambda: primary.value("select count(*) from pg_stat_replication"))
        yield


# What is to be seen

def setting(server: Server, name: str) -> str:
    return server.value("select current_setting(%s)", [name])


def has(server: Server, mark: str) -> bool:
    return server.value("select to_regclass(%s) is not null", [mark])


def sees_new_rows(primary: Server, standby: Server) -> bool:
    mark = commit_mark(primary)
    return bool(eventually(lambda: has(standby, mark)))


def refusal(server: Server, user: str, password: str, **connection) -> str:
    """Why the server turns this login away, in its own words; empty where it lets it in."""
    for _ in range(4):
        try:
            with server.connect(user=user, password=password, **connection):
                return ""
        except psycopg.errors.ConnectionTimeout:
            continue  # a busy machine has not said no
        except psycopg.OperationalError as e:
            return str(e).splitlines()[0].rpartition("FATAL:")[2].strip()
    return "it does not answer in time"


def replication_refusal(server: Server, user: str, password: str) -> str:
    return refusal(server, user, password, replication="true")


def query_refusal(server: Server, query: str, **login) -> str:
    """Why the server refuses a query, in its own words; empty where it answers."""
    try:
        server.rows(query, **login)
        return ""
    except psycopg.Error as e:
        return str(e).splitlines()[0]


def roles_of(role: str) -> str:
    """SQL for all that a role is or can become with SET ROLE."""
    return f"(select * from pg_roles where pg_has_role('{role}', oid, 'member'))"


def personal_columns_of(primary: Server, role: str) -> list[str]:
    """The personal columns a role can read, in tables and views, as itself or as a role it belongs to."""
    return _column(
        primary,
        f"""
        select distinct c.relname || '.' || attname
        from pg_attribute join pg_class c on c.oid = attrelid, {roles_of(role)} r
        where attname = any(%s) and relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p', 'f')
        and has_column_privilege(r.oid, c.oid, attnum, 'select') order by 1""",
        [list(PERSONAL)],
    )


def write_rights_of(primary: Server, role: str) -> list[str]:
    """What a role can do besides reading tables, such as `update on orders` or `usage on orders_id_seq`, as itself or
    as a role it belongs to."""
    return _column(primary, f"""
        select distinct verb || ' on ' || c.relname from pg_class c, {roles_of(role)} r,
            unnest(array['insert', 'update', 'delete', 'truncate', 'select with grant option']) verb
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'p') and case
            when verb not in ('delete', 'truncate') then has_any_column_privilege(r.oid, c.oid, verb)
            else has_table_privilege(r.oid, c.oid, verb) end
        union select verb || ' on ' || c.relname from pg_class c, {roles_of(role)} r,
            unnest(array['select', 'usage', 'update']) verb
        where relnamespace = 'public'::regnamespace
        and case when relkind = 'S' then has_sequence_privilege(r.oid, c.oid, verb) end order by 1""")


def powers_of(primary: Server, role: str) -> list[str]:
    """What makes a role more than an ordinary one."""
    return _column(primary, f"""
        select distinct power from {roles_of(role)} r, lateral (values
            (rolsuper, 'superuser'), (rolcreaterole, 'may create roles'), (rolcreatedb, 'may create databases'),
            (rolreplication, 'may replicate'), (rolbypassrls, 'bypasses row security'),
            (rolname in ('pg_execute_server_program', 'pg_write_server_files'), 'may write the server''s files'),
            (has_schema_privilege(r.oid, 'public', 'create'), 'may create tables'),
            (has_database_privilege(r.oid, current_database(), 'create'), 'may create schemas')) v (has, power)
        where has order by 1""")


def readable_tables(primary: Server, role: str) -> list[str]:
    return _column(
        primary,
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' "
        "and has_any_column_privilege(%s, oid, 'select') order by 1",
        [role],
    )


def groups_of(primary: Server, role: str) -> list[str]:
    return _column(primary, "select roleid::regrole::text from pg_auth_members where member = %s::regrole", [role])


def _column(server: Server, query: str, parameters=None) -> list:
    return [value for value, in server.rows(query, parameters)]


def strange_replication_rules(primary: Server) -> list[str]:
    """Rules of pg_hba.conf that admit to replication from elsewhere, or without SCRAM."""
    return _column(
        primary,
        """
        select concat_ws(' ', type, array_to_string(database, ','), array_to_string(user_name, ','),
                         address, netmask, auth_method)
        from pg_hba_file_rules where 'replication' = any(database) and auth_method <> 'reject' and not (
            auth_method in ('scram-sha-256', 'md5')  -- of a SCRAM password, md5 makes SCRAM
            and (address in ('samehost', 'localhost') or address in (split_part(%s, '/', 1), '::1')
                 and netmask in ('255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')))""",
        [primary.network],
    )


def survives(disturb: Callable[[], None], standby: Server) -> bool:
    """Whether a transaction that has read orders can go on reading when recovery waits for it."""
    with standby.connect() as reader:
        reader.execute("begin isolation level repeatable read")
        reader.execute("select count(*) from orders")
        disturb()
        eventually(lambda: standby.value("select count(*) from pg_locks where not granted"))
        with suppress(psycopg.Error):
            reader.execute("select sum(total_cents) from orders")
            return True
        return False


def slot_in_use(primary: Server) -> bool:
    return primary.value("select active from pg_replication_slots where slot_name = %s", [SLOT])


def slot_status(primary: Server) -> str:
    return primary.value("select wal_status from pg_replication_slots where slot_name = %s", [SLOT]) or "gone"


def scans_of_orders(server: Server) -> int:
    """How often orders was read, once those who read it have gone and been counted."""
    others = "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
    eventually(lambda: not server.value(others), looks=LOOKS // 2)
    return server.value(
        "select coalesce(seq_scan, 0) + coalesce(idx_scan, 0) from pg_stat_user_tables where relname = 'orders'"
    )


def rows_of(primary: Server, table: str) -> list[tuple]:
    return primary.rows(f"select * from {table} order by 1")


def shape_of(primary: Server, table: str) -> list[tuple]:
    """A table's columns and constraints."""
    return primary.rows(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = %(t)s::regclass "
        "and attnum > 0 and not attisdropped union all select conname, pg_get_constraintdef(oid) "
        "from pg_constraint where conrelid = %(t)s::regclass order by 1, 2",
        {"t": table},
    )


# Time

def let_pass(seconds: float, since: float) -> None:
    wait_until(lambda: time.monotonic() - since >= seconds, seconds + 1, "time to pass")


def eventually(fact: Callable, looks: int = LOOKS):
    """The fact once it is true, else its last value after so many looks, 20 ms and a question apart."""
    for _ in range(looks):
        if value := fact():
            break
        time.sleep(0.02)
    return value


def still(refusal: Callable[[], str]) -> str:
    """A refusal that lasts; empty once it is gone. A reload is asked for, and some time later in force."""
    return "" if eventually(lambda: not refusal()) else refusal()


def seconds_of(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started
