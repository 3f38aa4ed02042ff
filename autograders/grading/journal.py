"""What was graded, kept on disk submission by submission, so that no kill and no full disk costs more than time."""

import errno
import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
from filelock import FileLock, Timeout

from autograders.grading.model import Graded, Release, Submission, Verdict
from environments.errors import LabsError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
RETRY_HINT = "then run the same command again: what was graded is kept."


def aloud(line: str) -> None:
    """Where a line for the person at the keyboard goes unless told otherwise."""
    click.echo(line, err=True)


def key(submission: Submission, release: Release, engine: str) -> str:
    """Equal exactly where grading would be repeated:
    the same student's same files, release, and edition of the engine."""
    parts = [
        engine.encode(),
        release.edition.encode(),
        submission.student.encode("utf-8", "surrogatepass"),
        submission.notebook,
    ]
    for path, content in sorted(submission.files.items()):
        parts += [path.encode("utf-8", "surrogatepass"), content]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


class Journal:
    """The results of one assignment in one file, held by one command at a time.

        with Journal(folder / "03_read_replica.journal") as journal:
            graded = journal.get(key) or grade(submission)

    Raises LabsError where another command holds it, and where its disk is full or cannot be written.
    """

    def __init__(self, path: Path, say: Callable[[str], None] = aloud):
        self.path = Path(path)
        self._say = say
        self._lock = FileLock(self.path.with_name(f"{self.path.name}.lock"), timeout=0)
        with disk_errors_as_labs_error(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._hold()
        try:
            self._open()
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Let another command have it."""
        self._database.close()
        self._lock.release()

    def get(self, key: str) -> Graded | None:
        """What was put under a key. A record that is damaged counts as absent."""
        rows = self._run("select record from graded where key = ?", key)
        return _unpacked(key, rows[0][0]) if rows else None

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def put(self, key: str, graded: Graded) -> None:
        """Keep a result; on the disk when this returns. Raises LabsError where there is no room."""
        self._run("insert or replace into graded values (?, ?)", key, _packed(key, graded))

    def keep(self, key: str, given: tuple[Verdict, ...]) -> None:
        """Keep the verdicts of an examination that was broken off: the next one gives no others."""
        self._run("insert or replace into given values (?, ?)", key, json.dumps([v.as_dict() for v in given]))

    def given(self, key: str) -> tuple[Verdict, ...]:
        """The verdicts kept under a key."""
        rows = self._run("select verdicts from given where key = ?", key)
        return tuple(Verdict(**fields) for fields in json.loads(rows[0][0])) if rows else ()

    def _hold(self) -> None:
        try:
            self._lock.acquire()
        except Timeout:
            said = f"{self.path.stem} is being graded by another command. Wait until it ends, or end it, {RETRY_HINT}"
            raise LabsError(said) from None

    def _open(self) -> None:
        with disk_errors_as_labs_error(self.path):
            try:
                self._database = _opened(self.path)
            except sqlite3.DatabaseError as e:
                if not damaged(e):
                    raise
                self._start_anew()

    def _run(self, statement: str, *values) -> list[tuple]:
        """A statement's rows; where the file turns out damaged, those of the same statement on a new one."""
        with disk_errors_as_labs_error(self.path):
            try:
                return self._database.execute(statement, values).fetchall()
            except sqlite3.DatabaseError as e:
                if not damaged(e):
                    raise
                self._database.close()
                self._start_anew()
                return self._database.execute(statement, values).fetchall()

    def _start_anew(self) -> None:
        aside = _free_name(self.path)
        for ending in ("-wal", "-journal", "-shm", ""):  # a log left behind would be replayed into the new file
            with suppress(FileNotFoundError):
                os.replace(f"{self.path}{ending}", f"{aside}{ending}")
        self._say(
            f"{self.path} was damaged and is now {aside.name}. Everything is graded again: this costs time, no marks."
        )
        self._database = _opened(self.path)


@contextmanager
def disk_errors_as_labs_error(place: Path | str) -> Iterator[None]:
    """Errors of the disk and of SQLite become a LabsError that says what to do about `place`."""
    try:
        yield
    except LabsError:
        raise
    except (OSError, sqlite3.Error) as e:
        raise trouble(e, place) from None


def trouble(e: BaseException, place: Path | str) -> LabsError:
    """What a person does about an error that came from storing something in `place`."""
    said, code = str(e).splitlines()[0] if str(e) else type(e).__name__, getattr(e, "errno", None)
    if code in FULL or "database or disk is full" in said:
        return LabsError(f"the disk of {place} is full. Make room, {RETRY_HINT}")
    if "disk I/O error" in said:
        return LabsError(f"the disk of {place} is full or failing. Make room, {RETRY_HINT}")
    if code in CLOSED or "readonly" in said or "unable to open" in said:
        return LabsError(f"{place} cannot be written. Make it and its folder yours to write, {RETRY_HINT}")
    if "locked" in said:
        return LabsError(
            f"{place} is in use by another program, such as formgrader. Let it finish or close it, {RETRY_HINT}"
        )
    return LabsError(f"{place} cannot be used ({said}). Put this right, {RETRY_HINT}")


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to a sound database. A write-ahead log needs one fsync a result where a rollback journal needs
    three or four; exclusive locking keeps its index in our memory, so that it also works on a network's disk."""
    database = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        for setting in ("locking_mode=exclusive", "journal_mode=wal", "synchronous=full", "cache_size=-2000"):
            database.execute(f"pragma {setting}").fetchall()
        found = database.execute("pragma quick_check(1)").fetchall()
        if found != [("ok",)]:
            raise sqlite3.DatabaseError(f"malformed: {found}")
        database.execute("create table if not exists graded (key text primary key, record blob not null)")
        database.execute("create table if not exists given (key text primary key, verdicts text not null)")
        database.execute("select key, record from graded limit 1").fetchall()
        return database
    except BaseException:
        database.close()
        raise


def damaged(e: sqlite3.DatabaseError) -> bool:
    """Whether the file is at fault:
    SQLite calls its surroundings' faults OperationalError, except a table that is missing."""
    return not isinstance(e, sqlite3.OperationalError) or str(e).startswith(("no such", "malformed"))


def _free_name(path: Path) -> Path:
    number = 1
    while (name := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return name


def _packed(key: str, graded: Graded) -> bytes:
    content = zlib.compress(json.dumps(graded.as_dict()).encode(), 1)
    return _checksum(key, content) + content


def _unpacked(key: str, record: bytes) -> Graded | None:
    checksum, content = record[:32], record[32:]
    if checksum != _checksum(key, content):
        return None
    kept = json.loads(zlib.decompress(content))
    kept["verdicts"] = tuple(Verdict(**verdict) for verdict in kept["verdicts"])
    kept["repairs"] = tuple(kept["repairs"])
    return Graded(**kept)


def _checksum(key: str, content: bytes) -> bytes:
    return hashlib.sha256(key.encode() + content).digest()
