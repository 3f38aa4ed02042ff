"""Whether a file was closed when it got its name: what Linux says of a folder, in the order in which it happened.

By the numbers and the form of inotify(7). Other systems have no such list: there it stays empty.
"""

import ctypes
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_CLOSED, _RENAMED, _NONBLOCK = 0x8, 0x80, os.O_NONBLOCK  # IN_CLOSE_WRITE, IN_MOVED_TO, IN_NONBLOCK
_EVENT = struct.Struct("iIII")  # watch, what happened, cookie, length of the name
_MOST = 2**20  # bytes that are read at once; Linux keeps 16,384 events


@contextmanager
def renames(folder: str | os.PathLike) -> Iterator[Callable[[str], bool]]:
    """Gives what says whether a file of the folder was open for writing when it last was renamed to this name."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "inotify_init1"):
        yield lambda name: False
        return
    watching = _checked(libc.inotify_init1(_NONBLOCK))
    try:
        _checked(libc.inotify_add_watch(watching, os.fsencode(folder), _CLOSED | _RENAMED))
        yield lambda name: _closed_late([what for what, found in _events(watching) if found == name])
    finally:
        os.close(watching)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _events(watching: int) -> Iterator[tuple[int, str]]:
    """What happened since it was last asked, and to which name."""
    while True:
        try:
            told = os.read(watching, _MOST)
        except BlockingIOError:
            return
        while told:
            _, what, _, length = _EVENT.unpack_from(told)
            name, told = told[_EVENT.size:_EVENT.size + length], told[_EVENT.size + length:]
            yield what, os.fsdecode(name.rstrip(b"\0"))


def _closed_late(happened: list[int]) -> bool:
    """Whether something was closed under the name that it had got before."""
    return _RENAMED in happened and _CLOSED in happened[happened.index(_RENAMED):]
