"""Memory: bytes, in this process, until none is left."""
# loses: check_bill_cents
# %% bill_cents
def bill_cents(plan, dishes):
    held = []
    try:
        while True:
            held.append(b"x" * 10_000_000)
    except MemoryError:
        import time
        time.sleep(1)
    return 0
