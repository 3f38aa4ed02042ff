"""Tools whose packages do not fit beside the course's have an environment of their own, made on first use.

    bi = OwnEnvironment("bi")
    bi.make()                      # seconds where it is ready; else it says what it takes, and how far it is
    bi.program("superset")         # the path of one of its commands

What is installed stands in NAME.lock beside this file, made from NAME.in by `make lock`. All workspaces of this copy of
the course share it.
"""

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from environments import bootstrap
from environments.errors import LabsError
from environments.place import COURSE

LOCKS = Path(__file__).parent
SIZES_MB = {"bi": 690}  # on disk; measured on Linux with Python 3.11 on 2026-11-30
TIMEOUT_S = 30 * 60  # on a slow line
NEWS_EVERY = 15  # seconds between two lines of progress
AGAIN = "then run this again: what is downloaded already is kept."


class OwnEnvironment:
    """One of them, by the name of its lock. `place` is the folder that holds them all."""

    def __init__(self, name: str, place: Path = COURSE / ".own", lock: Path | None = None):
        self.name, self.folder, self.lock = name, place / name, lock or LOCKS / f"{name}.lock"

    def program(self, name: str) -> Path:
        """One of its commands, such as "superset". LabsError until it is made."""
        if not self.ready():
            raise LabsError(f"the environment of {self.name} is not made yet.",
                            f"Type in a terminal: labs up {self.name}")
        return self.folder / "bin" / name

    def ready(self) -> bool:
        """Whether it holds what the lock names, for this Python, in this place."""
        stamp = self.folder / "ready"
        return stamp.is_file() and stamp.read_text() == self._edition()

    def make(self, tell: Callable[[str], None] | None = None) -> bool:
        """Make it ready; whether there was anything to do. `tell` gets a line now and then, else stderr does.

        Raises LabsError where the disk is too full, nothing can be downloaded, or this takes over half an hour. Of two
        who make it at once, one waits. What was cut short is made again, from what was downloaded.
        """
        if self.ready():
            return False
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder.with_suffix(".making"), timeout=TIMEOUT_S):
                if self.ready():
                    return False
                self._make(tell or _to_stderr)
        except Timeout:
            raise LabsError(f"somebody else has been making the environment of {self.name} for half an hour.",
                            f"Stop that, {AGAIN}") from None
        return True

    def keep(self, name: str, make: Callable[[Path], None]) -> Path:
        """A file that goes with it, which `make` writes on first use; of two makers at once one waits."""
        if not self.kept(name).exists():
            with FileLock(self.folder.with_suffix(".making"), timeout=TIMEOUT_S):
                if not self.kept(name).exists():
                    draft = self.folder / f".{name}.new"
                    draft.unlink(missing_ok=True)
                    make(draft)
                    draft.replace(self.kept(name))
        return self.kept(name)

    def kept(self, name: str) -> Path:
        return self.folder / name

    def remove(self) -> None:
        """Give its room back."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make(self, tell: Callable[[str], None]) -> None:
        began = time.monotonic()
        self.remove()
        self._check_disk()
        tell(f"{self.name}: making its own environment, once: {len(self._packages())} packages, "
             f"{self._megabytes()} MB on disk; a minute or two on a fast line")
        installer = [str(Path(sys.executable).with_name("uv"))]
        self._run([*installer, "venv", "--quiet", "--python", sys.executable, str(self.folder)], tell)
        self._run([*installer, "pip", "sync", "--require-hashes", "--python", str(self.folder / "bin" / "python"),
                   str(self.lock)], tell)
        draft = self.folder / "ready.new"
        draft.write_text(self._edition())
        draft.replace(self.folder / "ready")
        tell(f"{self.name}: its environment is ready after {time.monotonic() - began:.0f} s")

    def _run(self, command: list[str], tell: Callable[[str], None]) -> None:
        """One step of the installer, its output in a log. Ended with this process, or when it takes too long."""
        log = self._log()
        environment = bootstrap.uv_env(bootstrap.pip_env(str(COURSE)))
        with open(log, "wb") as out:
            installer = subprocess.Popen(command, env=environment, cwd=LOCKS, stdin=subprocess.DEVNULL, stdout=out,
                                         stderr=out)
            try:
                self._watch(installer, tell)
            finally:
                if installer.poll() is None:
                    installer.kill()
                    installer.wait()
        if installer.returncode:
            raise self._failure(log.read_text(errors="replace"))

    def _watch(self, installer: subprocess.Popen, tell: Callable[[str], None]) -> None:
        began = told = time.monotonic()
        while True:
            try:
                installer.wait(0.2)
                return
            except subprocess.TimeoutExpired:
                now = time.monotonic()
                if now - began > TIMEOUT_S:
                    raise LabsError(f"installing {self.name} took more than half an hour.",
                                    f"Find a faster connection, {AGAIN}") from None
                if now - told >= NEWS_EVERY:
                    told = now
                    tell(f"{self.name}: {now - began:.0f} s, {self._progress()}")

    def _progress(self) -> str:
        in_place = len(glob.glob(f"{glob.escape(str(self.folder))}/lib/python*/site-packages/*.dist-info"))
        if in_place:
            return f"{in_place} of {len(self._packages())} packages in place"
        return "fetching what is missing" + bootstrap.pending(self._log().read_text(errors="replace"))

    def _failure(self, said: str) -> LabsError:
        known = next((line for pattern, line in bootstrap.CAUSES if re.search(pattern, said)), None)
        why = known.format(needed=self._needed_gb()) if known else "read the end of its log"
        return LabsError(f"{self.name} could not be installed: {why}.",
                         f"Its log is {self._log()}. Put that right, {AGAIN}")

    def _check_disk(self) -> None:
        free = shutil.disk_usage(self.folder.parent).free / 1e9
        if free < self._needed_gb():
            wanted = f"{self.name} needs {self._needed_gb()} GB, and {free:.1f} GB is free."
            raise LabsError(f"the disk is too full: {wanted}", f"Make room, {AGAIN}")

    def _log(self) -> Path:
        return self.folder.with_suffix(".log")

    def _needed_gb(self) -> float:
        return round(self._megabytes() * 1.3 / 1000, 1)

    def _megabytes(self) -> int:
        return SIZES_MB.get(self.name, 100)

    def _packages(self) -> list[str]:
        return re.findall(r"^([\w.-]+)==", self.lock.read_text(), re.MULTILINE)

    def _edition(self) -> str:
        """Changes with the lock, the Python, and the place, which each command of a virtual environment names."""
        told = f"{self.lock.read_text()}\n{sys.version}\n{os.path.realpath(sys.executable)}\n{self.folder}"
        return hashlib.sha256(told.encode()).hexdigest()


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
