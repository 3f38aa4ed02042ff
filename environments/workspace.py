"""Where one copy of the course keeps its state: ports, seed, secrets, locks, data directories."""

import contextlib
import errno
import json
import os
import random
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from environments.causes import of_system
from environments.errors import LabsError
from environments.place import place

GRADED = "LABS_GRADED"  # set by the engine alone: nbgrader's NBGRADER_EXECUTION is the same in its own kernels


def graded() -> bool:
    """Whether the grading engine runs this notebook: what only demonstrates may then be smaller."""
    return os.environ.get(GRADED) == "1"


class Workspace:
    """The state of one copy of the course, in one folder.

    The folder is LABS_HOME where that is set, else `.labs` in the course. The seed of the world is
    LABS_SEED where that is set, else drawn once and kept. Raises LabsError where nothing can be written.
    """

    def __init__(self, root: Path):
        self.root = Path(root).absolute()
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            (self.root / ".writable").touch()
        except OSError as e:
            raise _unwritable(self.root, e) from None

    @classmethod
    def here(cls) -> "Workspace":
        return cls(place())

    @property
    def seed(self) -> int:
        """The number Teaspoon's world grows from. Raises LabsError where LABS_SEED is no whole number of 1 or more."""
        wanted = os.environ.get("LABS_SEED")
        if not wanted:
            return int(self.remember("seed", lambda: random.SystemRandom().randrange(1, 10**6)))
        if not wanted.isdecimal() or int(wanted) < 1:
            raise LabsError(f"LABS_SEED is '{wanted}': set it to a whole number of 1 or more, or unset it.")
        return int(wanted)

    def secret(self, name: str) -> str:
        """The password kept under this name, generated on first use; the file has mode 0600."""
        folder = self.root / "secrets"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return kept(folder / name, lambda: secrets.token_urlsafe(18))

    def port(self, name: str) -> int:
        """The loopback port this service was given, chosen free on first use."""
        return int(self.remember(f"port-{name}", free_port))

    def settle_port(self, name: str) -> None:
        """Before this service starts: give up its port if someone else holds it now, who may never answer."""
        if not is_free(self.port(name)):
            self.forget_port(name)

    def forget_port(self, name: str) -> None:
        """The next call of `port` chooses another."""
        self.note(f"port-{name}").unlink(missing_ok=True)

    def remember(self, name: str, first) -> str:
        """A small fact kept between runs; `first()` makes it the first time."""
        return kept(self.note(name), lambda: str(first()))

    def note(self, name: str) -> Path:
        """The file, there or not, that keeps this small fact."""
        folder = self.root / "state"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name

    @contextmanager
    def lock(self, name: str = "lock", within: float = 60) -> Iterator[None]:
        """One starter or stopper of services at a time; the operating system frees it when its holder dies."""
        lock = self._locked(name, within)
        try:
            yield
        finally:
            lock.release()

    def _locked(self, name: str, within: float):
        from filelock import (  # only here: once imported it has a part in every fork, and grading forks a lot
            FileLock,
            Timeout,
        )

        lock = FileLock(self.root / name, timeout=within)
        while True:
            try:
                self.root.mkdir(parents=True, exist_ok=True)
                lock.acquire()
                return lock
            except FileNotFoundError:  # a `labs reset` that we waited for has removed the folder
                continue
            except Timeout:
                raise LabsError(
                    f"another labs command has held {self.root / name} for {within:g} s.\n"
                    "Wait for it, or end it; then run this again."
                ) from None


def _unwritable(root: Path, e: OSError) -> LabsError:
    if e.errno in (errno.ENOSPC, errno.EDQUOT, errno.ENAMETOOLONG) and (known := of_system(e)):
        return known
    return LabsError(f"cannot write in {root} ({e.strerror}).",
                     "Set LABS_HOME to a folder you can write, or give yourself write access to this one.")


def kept(path: Path, first: Callable[[], str]) -> str:
    """The text of a private file, written whole the first time; of two writers at once the first one wins."""
    while True:
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            with _draft(path, first()) as draft, contextlib.suppress(FileExistsError):
                _put(draft, path)


def _put(draft: Path, path: Path) -> None:
    """Give a finished file its name. Raises FileExistsError where another writer was first."""
    try:
        os.link(draft, path)  # unlike a rename it never replaces what another writer put there
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        os.replace(draft, path)


@contextmanager
def _draft(path: Path, text: str | bytes, mode: int = 0o600) -> Iterator[Path]:
    """A finished file beside `path`, on the disk before it gets its name: a power cut leaves no empty one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        draft.touch(mode=mode)
        with open(draft, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def free_port() -> int:
    """A TCP port nobody on loopback holds at this moment."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port."""
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def write_whole(path: Path, text: str | bytes, mode: int = 0o600) -> None:
    """Replace a file's content in one step, so that a kill leaves either the old content or the new."""
    with _draft(path, text, mode) as draft:
        if path.exists():
            _keep_owner(path, draft)
        os.replace(draft, path)


def write_new(path: Path, content: bytes, like: Path) -> None:
    """Write a file with the mode and owner of another one.
    Raises FileExistsError where there is one of this name: it stays."""
    if path.exists():
        raise FileExistsError(path)
    with _draft(path, content, mode=0o644) as draft:
        if like.exists():
            _keep_owner(like, draft)
        _put(draft, path)


def _keep_owner(old: Path, new: Path) -> None:
    stat = old.stat()
    os.chmod(new, stat.st_mode & 0o777)
    if os.geteuid() == 0:
        os.chown(new, stat.st_uid, stat.st_gid)


def shown(path: Path) -> str:
    """A path as a person types it: from the folder they are in, where it is below that."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def as_json(value) -> str:
    """How every --json of the course is printed: what a terminal would obey or hide, as JSON's own escapes."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)
