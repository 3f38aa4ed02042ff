"""Memory that a submission takes and no process of it holds for itself: what its processes share without a name,
System V segments, and what waits in sockets."""

import contextlib
import os
import re
import time
from pathlib import Path

import psutil

from autograders.grading import sandbox

SOCKET = 256 * 1024  # bytes that may wait in one, with what the kernel keeps of them: a quarter above its own limit
SOCKETS = ("unix", "udp", "udp6", "tcp", "tcp6", "netlink")  # of this network, in proc(5)'s net
NONE_WAIT = b" 06 "  # the state of a TCP connection that has ended
MAX_LINES = 1_000_000  # of the tables of what processes map: so many cost memory of their own
SHARE = 20  # one part of the time is spent on reading those tables
# A line of proc(5)'s maps about memory that is shared: its ends, what of it comes first, and its number.
MAPPED = re.compile(rb"(?m)^(\w+)-(\w+) ...s (\w+) \S+ (\d+) +/(?:dev/zero|memfd:.*) \(deleted\)$")


class SharedMemory:
    """Counts it, from inside of the sandbox."""

    def __init__(self):
        self._nameless = 0
        self._sizes: dict[int, int] = {}  # by the number of what is shared without a name, its bytes
        self._look_again = 0.0

    def bytes(self, pids: list[int], enough: int) -> int:
        """What these processes share. Where this machine has less than `enough` of nameless memory in all, nobody asks
        whose it is, which takes long."""
        counted = sandbox.segments_and_files(pids) + sockets()
        there = psutil.virtual_memory().shared  # 0 where the system does not tell
        if there and counted + there <= enough:
            return counted
        began = time.monotonic()
        if began >= self._look_again:
            self._nameless = self._look(pids)
            now = time.monotonic()
            self._look_again = now + SHARE * (now - began)
        return counted + self._nameless

    def _look(self, pids: list[int]) -> int:
        """Bytes shared without a name, each counted once. What a process keeps others from seeing is taken from what it
        has in use."""
        sizes, hidden, lines = {}, 0, 0
        for pid in pids:
            try:
                table = Path(f"/proc/{pid}/maps").read_bytes()
            except PermissionError:
                hidden += _in_use(pid)
                continue
            except OSError:  # it has ended
                continue
            lines += table.count(b"\n")
            for first, end, offset, number in MAPPED.findall(table):
                size = self._size(pid, int(first, 16), int(end, 16), int(offset, 16), int(number))
                sizes[int(number)] = max(size, sizes.get(int(number), 0))
        self._sizes = sizes
        return sum(sizes.values()) + hidden if lines <= MAX_LINES else 2**63

    def _size(self, pid: int, first: int, end: int, offset: int, number: int) -> int:
        """Bytes of what is mapped there. All of it stays while one page is mapped: only root may ask how much that is,
        and for others it is as much as was mapped at any look."""
        try:
            return os.stat(f"/proc/{pid}/map_files/{first:x}-{end:x}").st_blocks * 512
        except OSError:
            return max(offset + end - first, self._sizes.get(number, 0))


def _in_use(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[2]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def sockets() -> int:
    """Bytes that may wait in the sockets of this sandbox."""
    found = 0
    for kind in SOCKETS:
        with contextlib.suppress(OSError):
            found += sum(NONE_WAIT not in line for line in Path(f"/proc/1/net/{kind}").read_bytes().splitlines()[1:])
    return found * SOCKET
