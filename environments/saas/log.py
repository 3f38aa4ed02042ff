"""What was written through the APIs, in order: a file that only grows, one JSON object a line.

The generated past is not in it: an API's state is a fold over the generated world and then these entries.
"""

import os
import threading
from collections import defaultdict
from pathlib import Path
from typing import Protocol

import orjson

from environments.errors import LabsError
from environments.saas.clock import Clock


class HasNow(Protocol):
    """What stamps the entries."""

    def now(self) -> float: ...


class Log:
    """Append-only and replayed at the start; without a path it is kept in memory alone.

    A kill loses no entry that `append` has returned: the line is with the operating system by then. A line that a kill
    cut short was never answered, and is cut off at the next start.
    """

    def __init__(self, path: Path | None = None, clock: HasNow | None = None):
        self._clock = clock or Clock.fixed()
        self._path = path
        self._lock = threading.Lock()
        self._entries: dict[str, list[dict]] = defaultdict(list)
        self._seq = 0
        self._file = None if path is None else self._opened(path)

    def entries(self, api: str) -> list[dict]:
        """What was written through this API, oldest first,
        each with its `seq` and `at`. Yours to read, not to change."""
        return self._entries[api]

    def append(self, api: str, entry: dict) -> dict:
        """Add one entry; it comes back with `seq` (1, 2, ...
        over all APIs) and `at` (Unix seconds of the world's clock).

        OSError where the disk takes no more: then the log is as it was.
        """
        with self._lock:
            whole = entry | {"seq": self._seq + 1, "at": self._clock.now()}
            if self._file is not None:
                _write(self._file, orjson.dumps({"api": api} | whole) + b"\n")
            return self._add(api, whole)

    def clear(self) -> None:
        """Forget all that was written: the world is as it was generated."""
        with self._lock:
            self._entries.clear()
            self._seq = 0
            if self._file is not None:
                os.ftruncate(self._file, 0)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _add(self, api: str, entry: dict) -> dict:
        self._seq = entry["seq"]
        self._entries[api].append(entry)
        return entry

    def _opened(self, path: Path) -> int:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        text = path.read_bytes()
        whole = text.rfind(b"\n") + 1
        if whole < len(text):
            os.ftruncate(file, whole)
        for number, line in enumerate(text[:whole].splitlines(), 1):
            self._replay(number, line)
        return file

    def _replay(self, number: int, line: bytes) -> None:
        try:
            entry = orjson.loads(line)
            self._add(entry.pop("api"), entry)
        except (ValueError, KeyError, AttributeError, TypeError):
            raise LabsError(f"line {number} of {self._path} is damaged.\n"
                            "Fix it, or start over with `labs reset`; your notebooks stay.") from None


def _write(file: int, line: bytes) -> None:
    """A whole line or nothing."""
    before = os.fstat(file).st_size
    try:
        written = os.write(file, line)
        if written < len(line):
            raise OSError(f"only {written} of {len(line)} bytes were taken")
    except OSError:
        os.ftruncate(file, before)
        raise
