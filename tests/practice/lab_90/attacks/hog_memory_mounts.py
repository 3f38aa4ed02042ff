"""Memory in file systems that the student mounts in a namespace of their own."""
# loses: check_bill_cents
# %% bill_cents
import ctypes, os, time
def bill_cents(plan, dishes):
    libc = ctypes.CDLL(None)
    if os.fork() == 0:
        if libc.unshare(0x10020000) == 0:
            user = os.getuid()
            for n in range(20):
                libc.mount(b"none", b"/tmp/graded/home", b"tmpfs", 0, b"size=2g")
                try:
                    with open(f"/tmp/graded/home/{n}", "wb") as file:
                        for _ in range(10):
                            file.write(b"x" * 10_000_000)
                except OSError:
                    pass
        time.sleep(20)
        os._exit(0)
    time.sleep(3)
    return 0
