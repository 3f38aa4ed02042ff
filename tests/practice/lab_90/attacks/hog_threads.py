"""Threads without end."""
# loses: check_bill_cents
# %% bill_cents
import threading, time
def bill_cents(plan, dishes):
    try:
        while True:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    except RuntimeError:
        time.sleep(1)
    return 0
