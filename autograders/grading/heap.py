"""The heap of a process that is forked for everything it has to do."""

import ctypes

ROOM = 2**20  # bytes: larger than any hole
SMALLEST = 1056  # bytes: what is smaller Python and malloc keep in lists of their own
STEP = 64 * 2**20  # bytes by which a fork's heap grows, with large pages where the system has them
_M_TOP_PAD = -2  # mallopt(3)


def close_holes() -> None:
    """Take what is free between all that stays. A fork would write there into pages that it shares, which are copied one by
    one; at the heap's end its pages are new. With glibc alone."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallinfo2"):
        return
    libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
    libc.malloc_trim(0)
    end, size, taken = libc.malloc(ROOM), ROOM // 2, 0
    while end and size >= SMALLEST and taken < 64 * ROOM:
        block = libc.malloc(size)
        if block and block < end:
            taken += size
        else:  # no hole is as large
            libc.free(block)
            size = size * 7 // 8
    libc.free(end)
    libc.malloc_trim(0)
    libc.mallopt(_M_TOP_PAD, STEP)
