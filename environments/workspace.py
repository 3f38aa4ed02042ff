"""Where one copy of the course keeps its state: ports, seed, secrets, locks, data directories."""

import json
import os
import random
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from environments.errors import LabsError

COURSE = Path(__file__).resolve().parents[1]


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
            raise LabsError(
                f"cannot write in {self.root} ({e.strerror}).\n"
                "Set LABS_HOME to a folder you can write, or give yourself write access to this one."
            ) from None

    @classmethod
    def here(cls) -> "Workspace":
        return cls(Path(os.environ.get("LABS_HOME") or COURSE / ".labs"))

    @property
    def seed(self) -> int:
        """The number Teaspoon's world grows from."""
        return int(os.environ.get("LABS_SEED") or self.remember("seed", lambda: random.SystemRandom().randrange(1, 10**6)))

    def secret(self, name: str) -> str:
        """The password kept under this name, generated on first use; the file has mode 0600."""
        folder = self.root / "secrets"
        folder.mkdir(mode=0o700, exist_ok=True)
        return _kept(folder / name, lambda: secrets.token_urlsafe(18))

    def port(self, name: str) -> int:
        """The loopback port this service was given, chosen free on first use."""
        return int(self.remember(f"port-{name}", free_port))

    def forget_port(self, name: str) -> None:
        """Give up a port that someone else holds now; the next call of `port` chooses another."""
        (self.root / "state" / f"port-{name}").unlink(missing_ok=True)

    def remember(self, name: str, first) -> str:
        """A small fact kept between runs; `first()` makes it the first time."""
        folder = self.root / "state"
        folder.mkdir(exist_ok=True)
        return _kept(folder / name, lambda: str(first()))

    @contextmanager
    def lock(self, within: float = 60) -> Iterator[None]:
        """One starter or stopper of services at a time; the operating system frees it when its holder dies."""
        try:
            with FileLock(self.root / "lock", timeout=within):
                yield
        except Timeout:
            raise LabsError(
                f"another labs command has held {self.root / 'lock'} for {within:g} s.\n"
                "Wait for it, or end it; then run this again."
            ) from None


def _kept(path: Path, make) -> str:
    """The text of a private file, written whole the first time; of two writers at once the first one wins."""
    while True:
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_text(make(), encoding="utf-8")
            try:
                os.link(draft, path)  # unlike a rename it never replaces what another writer put there
                draft.unlink()
            except FileExistsError:
                draft.unlink()
            except OSError:  # a file system without links
                os.replace(draft, path)


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


def write_whole(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace a file's text in one step, so that a kill leaves either the old text or the new."""
    draft = path.with_name(path.name + ".new")
    draft.touch(mode=mode)
    draft.write_text(text, encoding="utf-8")
    if path.exists():
        _keep_owner(path, draft)
    os.replace(draft, path)


def _keep_owner(old: Path, new: Path) -> None:
    stat = old.stat()
    os.chmod(new, stat.st_mode & 0o777)
    if os.geteuid() == 0:
        os.chown(new, stat.st_uid, stat.st_gid)


def as_json(value) -> str:
    """How every --json of the course is printed."""
    return json.dumps(value, indent=2, ensure_ascii=False)
