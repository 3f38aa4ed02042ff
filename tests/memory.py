"""How much memory a process holds, watched while it works; for `make bench`."""

import threading

import psutil


class Watch:
    """The most memory, in bytes, that a process holds during the block: `peak`, and what it held at `first`.

    With `family` its children count too. It is looked at `every` so many seconds.
    """

    def __init__(self, pid: int, every: float, family: bool = False):
        self._process, self._every, self._family = psutil.Process(pid), every, family
        self._over = threading.Event()

    def __enter__(self) -> "Watch":
        self.first = self.peak = self._now()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(self._every):
            self.peak = max(self.peak, self._now())

    def _now(self) -> int:
        try:
            return sum(
                process.memory_info().rss
                for process in [self._process, *(self._process.children(recursive=True) if self._family else ())]
            )
        except psutil.Error:  # it ended in the meantime
            return 0
