"""A system call that nothing wakes: a lock held by another thread, a pipe nobody writes, SIGSTOP to oneself."""
# loses: check_bill_cents check_price_tag
# %% bill_cents
import os, signal, threading
def bill_cents(plan, dishes):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0
# %% price_tag
def price_tag(cents):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    os.read(os.pipe()[0], 1)
