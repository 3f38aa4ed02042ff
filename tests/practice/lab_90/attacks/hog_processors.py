"""Both processors kept busy by children."""
# loses: check_bill_cents
# %% + first
import os, time
for _ in range(16):
    if os.fork() == 0:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            pass
        os._exit(0)
# %% bill_cents
def bill_cents(plan, dishes):
    time.sleep(0.5)
    return 0
