"""What a long command is doing, while it does it: one line that moves on a terminal, a few plain ones in a pipe.

It says what is done and for how long, never how long it will take: that depends on the machine and on the answers.
"""

import shutil
import sys
import threading
import time
from typing import TextIO

TICK = 0.5  # seconds


class Progress:
    """A context manager: `begin` says what is being done from now on."""

    def __init__(self, out: TextIO | None = None):
        self.out = out or sys.stderr
        self.moves = self.out.isatty()
        self.started = time.monotonic()
        self.part = self.detail = ""
        self._drawing = threading.Lock()

    def __enter__(self) -> "Progress":
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)
        if self.moves:
            self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._ended.set()
        if self.moves:
            self._thread.join()
            self._write("\r\x1b[K")

    def begin(self, part: str, detail: str = "") -> None:
        """A part of the work, and where in it we are.
        In a pipe each part is one line, with the detail it began with."""
        is_new, self.part, self.detail = part != self.part, part, detail
        if self.moves:
            self._draw()
        elif is_new:
            self._write(f"{self._line()}\n")

    def _tick(self) -> None:
        while not self._ended.wait(TICK):
            self._draw()

    def _draw(self) -> None:
        with self._drawing:
            self._write(f"\r\x1b[K{self._line()[:shutil.get_terminal_size().columns - 1]}")

    def _line(self) -> str:
        seconds = int(time.monotonic() - self.started)
        return f"{seconds // 60:3}:{seconds % 60:02}  {self.part}" + (f"  ({self.detail})" if self.detail else "")

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
