"""A cell of the student's own that never ends and never lets go."""
# loses: check_bill_cents
# %% bill_cents
import signal
def bill_cents(plan, dishes):
    return 0
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
while True:
    pass
