"""Threads that never end, and one that holds the interpreter's exit."""
# loses: check_bill_cents
# %% + first
import threading, time
def wait():
    while True:
        time.sleep(0.05)
for _ in range(30):
    threading.Thread(target=wait).start()
threading._register_atexit(wait) if hasattr(threading, "_register_atexit") else None
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
