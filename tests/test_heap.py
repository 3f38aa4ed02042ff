"""The heap that wardens, examiners and candidates are forked with."""

import os
import subprocess
import sys

import pytest

from autograders.grading.warm import KEPT

FREE = """
import ctypes, sys
from autograders.grading.heap import close_holes

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in
                ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]

libc = ctypes.CDLL(None)
if not hasattr(libc, "mallinfo2"):
    sys.exit(3)
libc.mallinfo2.restype = Info

def between() -> int:
    info = libc.mallinfo2()
    return info.fordblks - info.keepcost

blocks = [bytes(size) for size in range(1_000, 40_000, 50)]
del blocks[::2]
before = between()
close_holes()
print(before, between())
"""


def test_what_is_free_between_what_stays_is_taken():
    done = subprocess.run([sys.executable, "-c", FREE], capture_output=True, text=True,
                          env=os.environ | {"MALLOC_MMAP_THRESHOLD_": KEPT, "MALLOC_TRIM_THRESHOLD_": KEPT})
    if done.returncode == 3:
        pytest.skip("this system's C library is not glibc")
    before, after = map(int, done.stdout.split())
    assert before > 5_000_000 and after < before / 10, done.stderr
