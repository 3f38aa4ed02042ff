"""Memory shared without a name, of which one page stays mapped."""
# loses: check_bill_cents
# %% bill_cents
import ctypes, time
def bill_cents(plan, dishes):
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    size = 20_000 * 4096
    for n in range(30):
        place = libc.mmap(None, size, 3, 0x21, -1, 0)
        if place is None or place == 2**64 - 1:
            break
        ctypes.memset(place, 1, size)
        libc.munmap(place + 4096, size - 4096)
    time.sleep(3)
    return 0
