"""PostgreSQL servers as the lecture speaks of them: a primary, its standby, and how far the one is behind the other.

    with Server.create(root / "primary") as primary:
        primary.execute("create table orders (id bigint primary key)")
        standby = standby_of(primary, root / "standby")
        standby.catch_up(within=5)
"""

import contextlib
import os
import re
import secrets
import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import LiteralString, Protocol, cast

import psycopg
from psycopg import sql

from environments.embedded import Embedded
from environments.errors import LabsError
from environments.services import starts
from environments.waiting import wait_until

# libpq would let the user's own PG* variables decide whatever a connection does not say; ours say all they mean.
for name in [name for name in os.environ if name.startswith("PG")]:
    del os.environ[name]

DATABASE = "teaspoon"
SLOT = "analytics"
REPLICATOR = "replicator"

# Small, and the same on every machine: the lab measures waiting, not the laptop.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # no socket file to leave behind, and no path too long for one
    "shared_buffers": "32MB",
    "max_connections": "60",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Teaspoon's production as its first engineer left it: quick imports, nothing prepared for a replica.
UNPREPARED = SETTINGS | {"wal_level": "minimal", "max_wal_senders": "0"}
PREPARED = {"wal_level": "replica", "max_wal_senders": "10"}


class Runtime(Protocol):
    """Where one server's processes and files live. `Embedded` is one, `containers.Container` the other."""

    name: str
    host: str
    network: str  # the address column of pg_hba.conf that admits peers

    @property
    def port(self) -> int: ...  # as this process connects
    @property
    def peer(self) -> tuple[str, int]: ...  # as another server connects
    @property
    def data(self) -> str: ...  # the data directory, as PostgreSQL's programs see it

    def exists(self) -> bool: ...
    def running(self) -> bool: ...
    def killed(self) -> bool: ...
    def initdb(self, password: str, settings: dict) -> None: ...  # a new data directory; a container starts it too
    def start(self, within: float = 60) -> None: ...
    def stop(self, mode: str = "fast", within: float = 60) -> None: ...
    def kill(self) -> None: ...
    def run(self, program: str, *arguments: str, password: str | None = None, stdin: str | None = None,
            within: float = 60) -> str: ...
    def read(self, name: str) -> str: ...
    def write(self, name: str, text: str) -> None: ...
    def size(self, name: str = "pg_wal") -> int: ...
    def erase(self) -> None: ...
    def archive(self) -> str: ...  # the folder for archived WAL, made on first use, as PostgreSQL's programs see it
    def erase_archive(self) -> None: ...
    def beside(self, name: str) -> "Runtime": ...  # of another server, in a folder of its own
    def log(self, lines: int = 20) -> str: ...


class Server:
    """One PostgreSQL server: its verbs. `password` is the superuser's, the same on a primary and its standbys;
    `source` is the primary that a standby follows."""

    def __init__(self, runtime: Runtime, password: str, source: "Server | None" = None):
        self.runtime = runtime
        self.password = password
        self.source = source
        self.standbys: list[Server] = []
        self.options = ""  # what the superuser's connections set, such as "-c search_path=pg_catalog"

    def __repr__(self) -> str:
        return f"<{self.name}: PostgreSQL on {self.runtime.host}:{self.runtime.port}>"

    @classmethod
    def create(cls, root: Path, settings: dict | None = None, within: float = 60) -> "Server":
        """A new running server in the empty folder `root`, with a database and nothing in it."""
        server = cls(Embedded(root), secrets.token_urlsafe(18))
        server.runtime.initdb(server.password, SETTINGS | PREPARED if settings is None else settings)
        server.start(within)
        server.execute(f"create database {DATABASE}", database="postgres")
        return server

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_) -> None:
        for server in (*self.standbys, self):
            server.stop("immediate")

    @property
    def name(self) -> str:
        return self.runtime.name

    @property
    def network(self) -> str:
        """What the address column of pg_hba.conf must say to admit connections to this server, and no others."""
        return self.runtime.network

    @property
    def data(self) -> str:
        """The data directory, as PostgreSQL's own programs see it."""
        return self.runtime.data

    def as_handle(self) -> tuple:
        """What makes a handle on this embedded server in another process of this machine."""
        assert isinstance(self.runtime, Embedded)  # others are not handed on
        return str(self.runtime.root), self.runtime.name, self.password, self.source

    @classmethod
    def from_handle(cls, root: str, name: str, password: str, source: "Server | None") -> "Server":
        return cls(Embedded(Path(root), name), password, source=source)

    # Its process

    def start(self, within: float = 60) -> None:
        self.runtime.start(within)

    def stop(self, mode: str = "fast", within: float = 60) -> None:
        self.runtime.stop(mode, within)

    def restart(self, within: float = 60) -> None:
        self.stop(within=within)
        self.start(within)

    def running(self) -> bool:
        return self.runtime.running()

    def erase(self) -> None:
        """Empty the data directory of this stopped server, and its WAL archive. Raises LabsError while it runs."""
        self.runtime.erase()

    def log(self, lines: int = 20) -> str:
        """The last lines of the server's log."""
        return self.runtime.log(lines)

    # Its answers

    @contextlib.contextmanager
    def connect(self, user: str = "postgres", password: str | None = None, database: str = DATABASE,
                **settings) -> Iterator[psycopg.Connection]:
        """A psycopg connection, committing each statement by itself, closed at the end.

        Raises LabsError where the server does not run, psycopg.OperationalError where it refuses.
        """
        try:
            with contextlib.closing(psycopg.connect(
                    host=self.runtime.host, port=self.runtime.port, user=user, dbname=database, autocommit=True,
                    password=self.password if password is None else password,
                    connect_timeout=10, sslmode="disable", gssencmode="disable",
                    options=self.options if user == "postgres" else "", **settings)) as connection:
                yield connection
        except psycopg.OperationalError:
            if not self.running():
                raise self._not_running() from None
            raise

    def _not_running(self) -> LabsError:
        if not self.runtime.exists():
            return LabsError(f"{self.name} has not been built yet: its data directory is empty.")
        state = "was killed" if self.runtime.killed() else "is stopped"
        return LabsError(
            f"{self.name} {state}.", f"Type in a terminal: {starts('postgres')}; or run {self.name}.start() here."
        )

    def execute(self, statement: str, parameters=None, **connection) -> None:
        with self.connect(**connection) as c:
            c.execute(cast(LiteralString, statement), parameters)  # psycopg's types would have literals alone

    def rows(self, query: str, parameters=None, **connection) -> list[tuple]:
        with self.connect(**connection) as c:
            return c.execute(cast(LiteralString, query), parameters).fetchall()

    def row(self, query: str, parameters=None, **connection) -> tuple | None:
        """The first row, or None."""
        return next(iter(self.rows(query, parameters, **connection)), None)

    def value(self, query: str, parameters=None, **connection):
        """The first column of the first row, or None."""
        return (self.row(query, parameters, **connection) or (None,))[0]

    def run(self, program: str, *arguments: str, password: str | None = None, stdin: str | None = None,
            within: float = 60) -> str:
        """What one of PostgreSQL's programs prints, run beside this server: pg_basebackup, pg_dump, psql ..."""
        return self.runtime.run(program, *arguments, password=password, stdin=stdin, within=within)

    def use_cheap_scram(self) -> None:
        """Hash the superuser's password once: it was drawn at random,
        so thousands of times protect nothing, and every login takes 2 ms more."""
        with self.connect(database="postgres") as c:
            c.execute("set scram_iterations = 1")
            c.execute(sql.SQL("alter role postgres password {}").format(sql.Literal(self.password)))

    def conninfo(self, user: str, database: str | None = None) -> str:
        """How another server, or a program run beside one, reaches this server; without the password."""
        host, port = self.runtime.peer
        return f"host={host} port={port} user={user}" + (f" dbname={database}" if database else "")

    # Its settings

    def configure(self, **settings) -> None:
        """ALTER SYSTEM for each setting, and a reload. A setting that needs a restart waits for one."""
        with self.connect(database="postgres") as c:
            for name, value in settings.items():
                c.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(str(value))))
            c.execute("select pg_reload_conf()")

    def allow(self, line: str, first: bool = False) -> None:
        """Add a line to pg_hba.conf, at the end or as the first rule, and reload. A line already there moves.

        The first rule that matches a connection decides, so the order matters. Raises LabsError, and changes nothing,
        where PostgreSQL cannot read the line: with it in the file the next start would fail.
        """
        others = self._rules_without(line)
        self._set_rules([line, *others] if first else [*others, line])

    def disallow(self, line: str) -> None:
        """Take a line out of pg_hba.conf, and reload."""
        self._set_rules(self._rules_without(line))

    def _rules_without(self, line: str) -> list[str]:
        return [old for old in self.runtime.read("pg_hba.conf").splitlines() if old.split() != line.split()]

    def _set_rules(self, lines: list[str]) -> None:
        before = self.runtime.read("pg_hba.conf")
        self.runtime.write("pg_hba.conf", "\n".join(lines) + "\n")
        if self.running():
            with self.connect(database="postgres") as c:
                wrong = c.execute("select error from pg_hba_file_rules where error is not null").fetchone()
                if wrong:
                    self.runtime.write("pg_hba.conf", before)
                    raise LabsError(f"pg_hba.conf of {self.name} was left as it was: {wrong[0]}")
                c.execute("select pg_reload_conf()")

    # Its replication

    def _followed(self) -> "Server":
        if self.source is None:
            raise LabsError(f"{self.name} is no standby: it follows no other server.")
        return self.source

    def find_source(self) -> None:
        """Point a standby at where its source listens now; ports change, what it wrote down does not."""
        name = "postgresql.auto.conf"
        text = self.runtime.read(name)
        found = re.sub(
            r"(?m)^(primary_conninfo = '(?:.*?\s)?port=)\d+", rf"\g<1>{self._followed().runtime.peer[1]}", text
        )
        if found != text:
            self.runtime.write(name, found)
            if self.running():
                self.restart()  # a reload would write the new value, password and all, to the log

    def in_recovery(self) -> bool:
        return self.value("select pg_is_in_recovery()", database="postgres")

    def wal_position(self) -> str:
        """The position this server's data stands at, as an LSN such as '0/3000148'."""
        return self.value("select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() "
                          "else pg_current_wal_lsn() end::text", database="postgres")

    def replayed(self, position: str) -> bool:
        """Whether this server's data includes everything written up to a WAL position."""
        return self.value("select %s::pg_lsn <= pg_last_wal_replay_lsn()", [position], database="postgres")

    def catch_up(self, within: float) -> None:
        """Wait until this standby has replayed all that its source has committed by now. Raises TookTooLong."""
        position = self._followed().wal_position()
        wait_until(lambda: self.replayed(position), within, f"{self.name} to replay up to {position}", self.runtime.log)

    # Its past

    def beside(self, name: str) -> "Server":
        """Another server beside this one: empty until a base backup fills it, with the same superuser and password."""
        return Server(self.runtime.beside(name), self.password, source=self)

    def archive_wal(self) -> None:
        """Copy each finished WAL file to this server's archive, from now on. Restarts the server where it must."""
        self.configure(archive_mode="on", archive_command=f"cp %p {self._archived_file()}")
        self._restart_if_asked()

    def stop_archiving(self) -> None:
        """Archive no more WAL, and delete the archive: a gap makes it useless. Restarts the server where it must."""
        self.configure(archive_mode="off")
        self._restart_if_asked()
        self.runtime.erase_archive()

    def finish_wal_file(self, within: float = 30) -> None:
        """Close the WAL file in use and wait until the archive holds it. Raises TookTooLong."""
        file = self.value("select pg_walfile_name(pg_switch_wal())", database="postgres")
        archived = "select last_archived_wal >= %s from pg_stat_archiver"
        wait_until(
            lambda: self.value(archived, [file], database="postgres"),
            within,
            f"{file} to be archived",
            self.runtime.log,
        )

    def recover_to(self, moment: datetime, within: float = 60) -> None:
        """Start this base backup as its source was at `moment`: replay the archive up to there, then take writes.

        The moment lies after the end of the base backup, and something committed since is in the archive. Raises
        LabsError where it cannot be reached.
        """
        settings = {
            "restore_command": f"cp {self._followed()._archived_file()} %p",
            "archive_mode": "off",
            "recovery_target_time": moment.isoformat(),
            "recovery_target_action": "promote",  # paused, it would hold locks
        }
        lines = [f"{name} = {_quoted(value)}" for name, value in settings.items()]
        self.runtime.write("postgresql.auto.conf", "\n".join([self.runtime.read("postgresql.auto.conf"), *lines, ""]))
        self.runtime.write("recovery.signal", "")
        self.start(within)
        wait_until(
            lambda: not self.running() or self._recovered(),
            within,
            f"{self.name} to recover to {moment}",
            self.runtime.log,
        )
        if not self.running():
            raise LabsError(f"{self.name} cannot be recovered to {moment}. The end of its log:\n{self.log(6)}", "")

    def _restart_if_asked(self) -> None:
        if self.value("select count(*) from pg_settings where pending_restart", database="postgres"):
            self.restart()

    def _recovered(self) -> bool:
        # It stops where the moment is not in the archive.
        with contextlib.suppress(LabsError, psycopg.OperationalError):
            return not self.in_recovery()
        return False

    def _archived_file(self) -> str:
        """A WAL file in the archive, as archive_command and restore_command write it: %f is its name."""
        return shlex.quote(self.runtime.archive().replace("%", "%%")) + "/%f"


# Not among a server's verbs: the lab has students do this by hand, and Tab would offer it.

def prepare(primary: Server, password: str) -> None:
    """Everything a primary needs before a standby can follow it. Idempotent."""
    primary.configure(**PREPARED)
    primary._restart_if_asked()
    verb = "alter" if primary.value("select 1 from pg_roles where rolname = %s", [REPLICATOR]) else "create"
    with primary.connect(database="postgres") as c:
        # Hashed here: a statement that fails stands in the server's log.
        verifier = c.pgconn.encrypt_password(password.encode(), REPLICATOR.encode(), b"scram-sha-256").decode()
        c.execute(sql.SQL(verb + " role {} login replication password {}").format(
            sql.Identifier(REPLICATOR), sql.Literal(verifier)))
    primary.allow(f"host replication {REPLICATOR} {primary.network} scram-sha-256")
    if not primary.value("select 1 from pg_replication_slots where slot_name = %s", [SLOT]):
        primary.execute("select pg_create_physical_replication_slot(%s, true)", [SLOT])


def standby_of(primary: Server, root: Path, password: str | None = None, within: float = 30) -> Server:
    """A standby of this server in the empty folder `root`, streaming through a slot."""
    standby = Server(Embedded(root), primary.password, source=primary)
    build_standby(primary, standby, password or secrets.token_urlsafe(18), within)
    primary.standbys.append(standby)
    return standby


def build_standby(primary: Server, standby: Server, password: str, within: float = 60) -> None:
    """Have this stopped, empty server follow the primary through a slot."""
    prepare(primary, password)
    standby.run("pg_basebackup", f"--dbname={primary.conninfo(REPLICATOR)}", f"--pgdata={standby.data}",
                f"--slot={SLOT}", "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
                password=password, within=within)
    standby.start(within)


def _quoted(value: str) -> str:
    """A value as postgresql.conf writes it."""
    return "'" + value.replace("'", "''") + "'"
