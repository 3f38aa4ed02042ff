"""Memory in many children, each below the limit."""
# loses: check_bill_cents
# %% bill_cents
import os, time
def bill_cents(plan, dishes):
    for _ in range(30):
        if os.fork() == 0:
            held = bytearray(os.urandom(1000)) * 100_000
            time.sleep(20)
            os._exit(0)
    time.sleep(2)
    return 0
